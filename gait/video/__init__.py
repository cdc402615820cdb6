"""From a film to frames, sound and pictures."""
