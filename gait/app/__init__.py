"""People's doors: command line."""
