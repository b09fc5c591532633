"""The doors that call the scan: the Celery task and ``manage.py remind``."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command

from followups.models import Scan
from followups.tasks import scan as scan_task
from notifications.models import Message


def test_remind_scans_once_and_prints_the_counts(owe_one, desk, now, time_machine):
    owe_one(owner=desk)
    time_machine.move_to(now + timedelta(minutes=5), tick=False)
    out = StringIO()
    call_command("remind", stdout=out)
    assert out.getvalue() == "looked=1 told=2 sent=0 aside=0 faults=0\n"
    assert Scan.objects.get().at == now + timedelta(minutes=5)


def test_remind_names_the_app_that_failed(settings, db):
    settings.FOLLOWUP_MODULES = ["tests.followups.broken"]
    out, errors = StringIO(), StringIO()
    call_command("remind", stdout=out, stderr=errors)
    assert "faults=1" in out.getvalue()
    assert "tests.followups.broken: RuntimeError: no calendar" in errors.getvalue()


def test_task_delivered_five_times_is_like_once(owe_one, desk, now, time_machine):
    """R4."""
    owe_one(owner=desk)
    time_machine.move_to(now + timedelta(minutes=5), tick=False)
    for _ in range(5):
        scan_task.apply().get()
    assert Message.objects.count() == 2
