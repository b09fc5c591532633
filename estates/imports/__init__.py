"""Importing an estate from the workbooks it already has."""
