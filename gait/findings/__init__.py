"""From measures to deviations, against norms."""
