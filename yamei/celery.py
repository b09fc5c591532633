"""Celery is the clock only: it calls the scan, and remembers nothing that matters."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yamei.settings")

app = Celery("yamei")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Every minute: open what time made due, remind, escalate, send. Expires so that a backlog
    # after an outage is not replayed; one scan at the end of it is enough.
    "scan": {"task": "followups.tasks.scan", "schedule": 60.0, "options": {"expires": 50}},
}
