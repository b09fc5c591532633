"""Invented people, homes and a year of work, to look at the product with. Nothing here is real."""
