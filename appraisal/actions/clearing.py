"""Nothing found: full sheets for everybody of a round in one step."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.lines import Line
from accounts.models import Staff
from appraisal.actions import months
from appraisal.actions.moving import move
from appraisal.actions.rounds import close_round
from appraisal.actions.sheets import open_sheet
from appraisal.models import Round
from appraisal.statuses import Status
from history import entries


def clear(round_: Round, people: list[Staff], *, by: Staff, now: datetime) -> int:
    """Nothing found with these people: a full sheet for each, handed in, in one step.

    People who have a sheet in this round already are left alone. Returns how many were written;
    ValidationError if the round is not one's own.
    """
    if round_.inspector_id != by.pk:
        raise ValidationError(_("只有检查人可以填写这一轮检查"))
    day = max(min(timezone.localdate(now), round_.ends_on), round_.starts_on)
    members = set(round_.people.values_list("pk", flat=True))
    known = set(round_.sheets.values_list("staff_id", flat=True))
    line = Line.load_people()
    count = 0
    with transaction.atomic():
        for person in people:
            if person.pk in known or person.pk not in members:
                continue
            sheet = open_sheet(
                person, kind=round_.kind, day=day, by=by, now=now, round_=round_, line=line
            )
            if not sheet.is_draft or sheet.deductions.exists():
                continue
            move(sheet, Status.LOCKED, submitted_at=now, locked_at=now)
            months.revise(sheet, reason="locked", by=by, now=now)
            entries.record(sheet, "appraisal.submitted", by=by, now=now, total=str(sheet.total))
            count += 1
        close_round(round_, by=by, now=now)
    return count
