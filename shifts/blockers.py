"""Why a shift may not be handed over yet (defaults 2.5), and the one press out of each reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Staff
from shifts.sheet import Sheet
from shifts.statuses import Status
from shifts.turns import LOOK_BACK

OFFERED = 3  # so many people by name; the list of successors has them all


@dataclass(frozen=True)
class Way:
    """A way out of a blocking reason: one press. ``code`` and ``key`` say which."""

    code: str
    label: str | Promise
    key: str = ""

    @property
    def value(self):
        return f"{self.code} {self.key}".strip()


@dataclass(frozen=True)
class Blocker:
    """One reason, and the ways out; ``url`` is where it can be looked at."""

    why: str
    ways: tuple[Way, ...]
    url: str = ""


def blockers_of(sheet: Sheet) -> list[Blocker]:
    """Every reason why this shift may not be handed over now, in the order of the paper rules."""
    return [
        *_events(sheet),
        *_incidents(sheet),
        *_differences(sheet),
        *_absence(sheet),
        *_before(sheet),
    ]


def _events(sheet: Sheet) -> Iterator[Blocker]:
    for person, row in sheet.in_hand:
        key = str(row.pk)
        why = _in_hand(sheet, person, row.text)
        yield Blocker(why, _on_or_done(sheet, "hand", "handled", key), row.url)


def _incidents(sheet: Sheet) -> Iterator[Blocker]:
    outgoing = {person.pk for person in sheet.outgoing}
    for row in sheet.shift_incidents:
        if row.ended_at or f"incident:{row.pk}" in sheet.handover.cleared:
            continue
        if row.reported_by_id in outgoing:
            why = _in_hand(sheet, row.reported_by, _("重大事件 %(what)s") % {"what": row})
            ways = _on_or_done(sheet, "pass_incident", "end_incident", str(row.pk))
            yield Blocker(why, ways, row.get_absolute_url())


def _in_hand(sheet: Sheet, person: Staff, what: str) -> str:
    what = what.rstrip(": ")
    if person == sheet.reader:
        return _("%(what)s 正在由您处理") % {"what": what}
    return _("%(what)s 正在由%(name)s处理") % {"what": what, "name": person.name}


def _on_or_done(sheet: Sheet, hand: str, done: str, key: str) -> tuple[Way, ...]:
    over = Way(done, _("标记已处理完"), key)
    if sheet.successor is None:
        return (over,)
    return (Way(hand, _("转给%(name)s") % {"name": sheet.successor.name}, key), over)


def _differences(sheet: Sheet) -> Iterator[Blocker]:
    for tally in sheet.counts:
        if tally.difference and not tally.is_cleared:
            terms = {
                "what": tally.expected.label,
                "expected": tally.expected.number,
                "counted": tally.counted,
            }
            yield Blocker(
                _("%(what)s不符: 应有 %(expected)s, 实点 %(counted)s。可重新清点") % terms,
                (Way("count", _("记差异, 报经理"), tally.expected.code),),
                f"#count-{tally.expected.code}",
            )


def _absence(sheet: Sheet) -> Iterator[Blocker]:
    handover, successor = sheet.handover, sheet.successor
    if handover.arrived_at:
        return
    told = "absent" in handover.cleared
    words = _("没来, 报经理") if successor else _("没人接, 报经理")
    ways = () if told else (Way("absent", words),)
    if successor is None:
        over = tuple(
            Way("stand_in", _("由客服中心%(name)s代接") % {"name": each.name}, str(each.pk))
            for each in sheet.stand_ins[:OFFERED]
        )
        why = _("没有别的管家在岗") if over else _("还没有选接班人")
        yield Blocker(why, (*over, *ways), "#id_successor")
        return
    here = Way("arrived", _("%(name)s已到岗") % {"name": successor.name})
    yield Blocker(
        _("接班人%(name)s还没有到岗。没到之前由您继续留守") % {"name": successor.name},
        (here, *ways),
    )


def _before(sheet: Sheet) -> Iterator[Blocker]:
    handover, facts = sheet.handover, sheet.facts
    status = facts.before_status
    if status in (None, Status.SIGNED) or "previous" in handover.cleared:
        return
    if facts.before_ended < handover.starts_at - LOOK_BACK:
        return  # long ago: the estate did not hand over in between
    yield Blocker(
        _("上一班还没有交清"),
        (Way("previous", _("情况已问清, 报经理")),),
        reverse("shifts:handover_detail", args=[facts.before_id]),
    )
