"""Two or more visits of one person: what changed by more than a film can be wrong by, and what may not be compared."""
