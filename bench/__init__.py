"""Measures the pages of the desk on PostgreSQL beside two floors: ``python -m bench``."""
