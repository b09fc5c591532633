"""What the registers know of a person's work, for an appraisal (KEY-1, STO-1, CRD-1, MAI-1, ARC-1)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from followups.evidence import MOST, Page, Record
from registers.catalogue import REGISTERS
from registers.models import Record as RegisterLine


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Lines that he entered, as far as ``to`` may see them. One query a register."""
    found = []
    for register in REGISTERS:
        rows = register.model.objects.visible_to(to).filter(
            recorded_by=staff, recorded_at__gte=start, recorded_at__lt=end
        )
        found += [
            Record(f"{register.slug}:{row.pk}", register.title, _called(row),
                   row.get_absolute_url(), row.recorded_at)
            for row in rows.select_related("unit", *register.joined).order_by("-recorded_at", "-pk")[:MOST]
        ]  # fmt: skip
    return found


def _called(row: RegisterLine) -> str:
    unit = row.unit.code if row.unit else ""
    return f"{row.number} {unit} {row.summary if row.summary != row.number else ''}".strip()


PAGES = {
    "registers:record_detail": Page(
        _lazy("登记簿"),
        lambda to, register, pk: (
            register.model.objects.visible_to(to).filter(pk=pk).select_related("unit")
        ),
        lambda row: f"{row._meta.verbose_name} {_called(row)}",
    ),
}
