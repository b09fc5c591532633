"""Clean input for the steps of a repair."""
