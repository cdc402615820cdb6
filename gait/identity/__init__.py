"""Do several clips show the same person? Body proportions and clothes; never faces."""
