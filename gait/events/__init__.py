"""From trajectories to initial contacts, toe-offs and gait cycles."""
