"""The list behind a number of the sheet: the rows that it counts, now or when it was signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from followups import drawers
from followups.models import FollowUp
from registers.counts import COUNTED, counted_records
from shifts import figures
from shifts.models import Handover
from shifts.sheet import Sheet
from shifts.sources import Found
from shifts.statuses import WRITING

LATER = "later"
LABELS: dict[str, str | Promise] = {
    figures.PLAN: _("本人走访计划"),
    LATER: _("以后到期, 不用交"),
    "keys": _("钥匙"),
    "cards": _("功能卡"),
    "storage": _("寄存物品"),
    "mail": _("特殊邮件"),
}

Row = tuple[int, int]  # a record and how many pieces of it


@dataclass(frozen=True)
class Behind:
    """What one number counts. ``total`` is the number; ``lines`` are as many rows as this reader
    may see, the others are ``hidden``; ``is_kept`` when they were kept with the signature.
    """

    label: str | Promise
    total: int
    is_kept: bool
    lines: list[drawers.Line] = field(default_factory=list)
    hidden: int = 0


def keep(sheet: Sheet) -> dict[str, list]:
    """The rows of every number as they are now, for the outgoing signature."""
    found: dict[str, list] = dict(figures.behind(sheet.handover, now=sheet.now))
    if sheet.seat.counts:
        found |= {code: counted_records(sheet.handover.estate, code) for code in COUNTED}
    if sheet.plan:
        found[figures.PLAN] = _owed(sheet.plan)
    return found


def opens(handover: Handover, key: str) -> bool:
    """Whether that number of the sheet has a list: those of an old sheet were not kept."""
    return handover.status in WRITING or key in handover.behind


def behind(sheet: Sheet, key: str, *, reader: Staff) -> Behind | None:
    """The list of one number; None for a number that is not there or has no list."""
    handover = sheet.handover
    if not opens(handover, key):
        return None
    is_kept = handover.status not in WRITING
    kept = handover.behind.get(key, [])
    if figure := figures.BY_KEY.get(key):
        ids = kept if is_kept else list(
            figure.rows(handover, now=sheet.now).values_list("pk", flat=True)
        )  # fmt: skip
        lines = figures.drawn(figure, ids, reader=reader)
        return Behind(figure.label, len(ids), is_kept, lines, len(ids) - len(lines))
    if key in COUNTED and sheet.seat.counts:
        rows = kept if is_kept else counted_records(handover.estate, key)
        return _records(key, rows, is_kept, reader)
    if key in (figures.PLAN, LATER):
        things = sheet.plan if key == figures.PLAN else sheet.later
        return _followups(key, kept if is_kept else _owed(things), is_kept, reader, things)
    return None


def planned(sheet: Sheet) -> list[FollowUp]:
    """What was or is due of the butler's own plan, for the paper: it names every household."""
    if sheet.handover.status in WRITING:
        return [each.followup for each in sheet.plan if each.followup]
    rows = FollowUp.objects.filter(pk__in=sheet.handover.behind.get(figures.PLAN, []))
    return list(rows.order_by("due_at", "pk"))


def _owed(found: Sequence[Found]) -> list[int]:
    return [each.followup.pk for each in found if each.followup]


def _records(code: str, rows: Sequence[Row], is_kept: bool, reader: Staff) -> Behind:
    """The pieces of a register; what a reader of another area may not see is only counted."""
    pieces = dict(rows)
    found = COUNTED[code].objects.visible_to(reader).filter(pk__in=pieces).select_related("unit")
    lines = [drawers.record(row, pieces[row.pk]) for row in found.order_by("pk")]
    shown = sum(pieces[row.pk] for row in found)
    total = sum(pieces.values())
    return Behind(LABELS[code], total, is_kept, lines, total - shown)


def _followups(
    key: str, ids: Sequence[int], is_kept: bool, reader: Staff, things: Sequence[Found]
) -> Behind:
    """Things that stay in a list of their owners: what is owed, or a record nobody owes now."""
    rows = FollowUp.objects.visible_to(reader).filter(pk__in=ids).select_related("owner")
    lines = [drawers.followup(row) for row in rows.order_by("due_at", "pk")]
    bare = [] if is_kept else [each for each in things if each.followup is None]
    lines += [
        drawers.Line(each.number or each.text, "", each.text if each.number else "", "",
                     each.due_at, None, each.url)
        for each in bare
    ]  # fmt: skip
    total = len(ids) + len(bare)
    return Behind(LABELS[key], total, is_kept, lines, total - len(lines))
