"""What the outgoing shift types is kept on every press, whatever becomes of the press."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Staff
from shifts.actions.moving import must_be_writing
from shifts.models import Handover
from shifts.sheet import Sheet
from shifts.statuses import WRITING

TYPED = ("events", "equipment", "cleanliness", "bills", "note", "successor", "strikes", "counted")


def write(sheet: Sheet, *, by: Staff, typed: Mapping[str, Any]) -> Handover:
    """Keep what was typed: texts, the successor, counted numbers, struck items with reasons.

    No history: it is a draft until it is signed. Raises ValidationError for anybody but the
    shift itself, and once it is signed.
    """
    handover = sheet.handover
    must_be_writing(handover)
    must_be_giver(sheet, by)
    changes = {name: typed[name] for name in TYPED if name in typed}
    if changes:
        Handover.objects.filter(pk=handover.pk, status__in=WRITING).update(**changes)
        for name, value in changes.items():
            setattr(handover, name, value)
    return handover


def must_be_giver(sheet: Sheet, by: Staff) -> None:
    """Only who stands in this shift by the roster signs for it."""
    if sheet.may_write(by):
        return
    names = "、".join(staff.name for staff in sheet.givers)
    if names:
        raise ValidationError(_("这一班由%(names)s交班, 您不能代签") % {"names": names})
    raise ValidationError(_("您的岗位不交这一班"))
