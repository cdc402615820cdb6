"""From events and trajectories to measures with their uncertainty."""
