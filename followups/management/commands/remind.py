"""``manage.py remind``: one scan, for cron and for people."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from followups.scan import scan


class Command(BaseCommand):
    help = "Look once at everything that is owed: open, remind, escalate, send. Safe at any time."

    def handle(self, *args, **options):
        result = scan(timezone.now())
        self.stdout.write(
            f"looked={result.looked} told={result.told} sent={result.sent} "
            f"aside={len(result.aside)} faults={len(result.faults)}"
        )
        for module, text in result.faults.items():
            self.stderr.write(f"{module}: {text}")
