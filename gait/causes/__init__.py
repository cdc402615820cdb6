"""From findings, history and examination to possible causes."""
