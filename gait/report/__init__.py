"""From an analysis to files."""
