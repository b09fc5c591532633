"""The verbs of surveys, activities and suggestions."""
