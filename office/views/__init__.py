"""Doors of the department's papers."""
