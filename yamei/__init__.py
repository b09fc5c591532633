"""Wiring: settings, URLs, the Celery schedule, navigation."""

from yamei.celery import app as celery_app

__all__ = ["celery_app"]
