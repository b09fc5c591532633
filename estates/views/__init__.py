"""Pages of estates, by noun."""
