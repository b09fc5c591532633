"""Doors: the list, one complaint, its steps, paper and the month."""
