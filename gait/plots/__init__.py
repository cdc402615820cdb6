"""From an analysis to pictures for papers and reports.

Every function takes core types and draws on axes or returns a figure; nothing touches the global state of pyplot.
"""
