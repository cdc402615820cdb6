"""From trajectories to what was done of the task that was asked for; imports ``gait.core`` only."""
