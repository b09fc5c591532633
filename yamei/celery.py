"""Celery is the clock only: it calls the scan, and remembers nothing that matters."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yamei.settings")

app = Celery("yamei")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SCAN_SECONDS = float(os.environ.get("SCAN_SECONDS", "60"))
app.conf.beat_schedule = {
    # Every minute: open what time made due, remind, escalate, send. Expires so that a backlog
    # after an outage is not replayed; one scan at the end of it is enough.
    "scan": {
        "task": "followups.tasks.scan",
        "schedule": SCAN_SECONDS,
        "options": {"expires": SCAN_SECONDS * 5 / 6},
    },
    # Every minute: one slice of an import whose page was closed.
    "imports": {
        "task": "estates.tasks.work_off_imports",
        "schedule": SCAN_SECONDS,
        "options": {"expires": SCAN_SECONDS * 5 / 6},
    },
}
