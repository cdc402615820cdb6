"""From an analysis to pictures for papers and reports."""
