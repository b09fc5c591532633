"""Both signatures, and the ways in which they are refused (DUT-2, DUT-4, DUT-5)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Staff
from followups.actions import cancel, hand_to, meet
from history import entries
from rulebook.limits import reading_once
from shifts import followups as kinds
from shifts.actions.moving import move, must_be_writing
from shifts.actions.writing import must_be_giver
from shifts.behind import keep
from shifts.blockers import blockers_of
from shifts.models import Handover, Item
from shifts.seats import fits
from shifts.sheet import Line, Sheet
from shifts.sources import unfinished
from shifts.statuses import GIVEN, WRITING, Refusal, Status

NAMED = 3


@transaction.atomic
def arrive(handover: Handover, *, who: Staff, by: Staff, now: datetime) -> Handover:
    """The next shift is here (DUT-5): the moment is kept, and whether it was early enough.

    Told by himself or by the shift that he relieves; the first moment stays. Raises
    ValidationError when somebody else speaks for him, or the shift is signed.
    """
    if handover.status == Status.SIGNED:
        raise ValidationError(_("这一班已经交接"))
    sheet = Sheet(handover, now=now)
    if by.pk != who.pk and not sheet.may_write(by):
        raise ValidationError(_("到岗由本人或交班人记录"))
    _must_be_next(sheet, who)
    Handover.objects.filter(pk=handover.pk, arrived_at__isnull=True).update(
        arrived_at=now, successor=who
    )
    handover.refresh_from_db()
    meet(handover, kinds.ABSENT, by=by, now=now)
    entries.record(
        handover, "shift.arrived", by=by, now=now, who=who.name, punctual=handover.is_punctual
    )
    return handover


def _must_be_next(sheet: Sheet, who: Staff) -> None:
    """The chosen successor, or whom the roster names; without both anybody of the seat."""
    handover, chosen = sheet.handover, sheet.handover.successor_id
    named = {chosen} if chosen else {each.pk for each in sheet.next_people}
    if who.pk == handover.giver_id or (named and who.pk not in named):
        raise ValidationError(_("下一班不是%(name)s") % {"name": who.name})
    if not fits(who, handover.seat, handover.estate_id):
        raise ValidationError(_("%(name)s不能接这一班") % {"name": who.name})


@transaction.atomic
def give(sheet: Sheet, *, by: Staff, now: datetime, seen: set[str]) -> Handover:
    """The outgoing shift signs: what is open goes on the sheet, item by item (DUT-2).

    ``seen`` are the keys of what the page showed. Raises ValidationError: by the wrong person;
    signed before; ``stale`` when something new came in between; a struck item without reason; a
    reason not to hand over (defaults 2.5); a number not counted or different from the registers.
    What was typed is kept by ``write`` before this is asked.
    """
    handover = sheet.handover
    must_be_writing(handover)
    must_be_giver(sheet, by)
    lines = sheet.lines(seen=seen)
    _must_be_seen(lines)
    refused = [*_unreasoned(lines), *_blocked(sheet), *_uncounted(sheet)]
    if refused:
        raise ValidationError(refused)
    successor = sheet.successor
    if successor is None or successor.pk == by.pk:
        raise ValidationError({"successor": _("选择接班人")})
    move(
        handover, Status.WAITING, giver=by, given_at=now, successor=successor, refusal="",
        refusal_note="", figures=sheet.figures, behind=keep(sheet),
        counts=[tally.as_json() for tally in sheet.counts],
    )  # fmt: skip
    Item.objects.bulk_create(_item(handover, line) for line in lines)
    with reading_once():
        kinds.open_receiving(handover, now=now)
    meet(handover, kinds.MISSING, by=by, now=now)
    meet(handover, kinds.REFUSED, by=by, now=now)
    entries.record(
        handover, "shift.given", by=by, now=now, to=successor.name,
        carried=sum(not line.is_struck for line in lines),
        struck=[[line.found.text[:60], line.reason] for line in lines if line.is_struck],
    )  # fmt: skip
    return handover


def _must_be_seen(lines: list[Line]) -> None:
    new = [line for line in lines if line.is_new]
    if new:
        named = "；".join(line.found.text[:30] for line in new[:NAMED])
        raise ValidationError(
            ngettext(
                "打开之后新来 %(count)s 件: %(named)s。已标“新”, 看过再签。您填的都在",
                "打开之后新来 %(count)s 件: %(named)s。已标“新”, 看过再签。您填的都在",
                len(new),
            )
            % {"count": len(new), "named": named},
            code="stale",
        )


def _unreasoned(lines: list[Line]) -> Iterator[str]:
    bare = [line.found.text[:30] for line in lines if line.is_struck and not line.reason.strip()]
    if bare:
        yield _("勾掉的事项要写原因: %(named)s") % {"named": "；".join(bare[:NAMED])}


def _blocked(sheet: Sheet) -> Iterator[str]:
    why = [each.why for each in blockers_of(sheet)]
    if why:
        yield _("还不能交班: %(why)s") % {"why": "；".join(why)}


def _uncounted(sheet: Sheet) -> Iterator[str]:
    missing = [str(tally.expected.label) for tally in sheet.counts if tally.is_missing]
    if missing:
        yield _("还没有清点%(what)s, 填实点数") % {"what": "、".join(missing)}


def _item(handover: Handover, line: Line, **more) -> Item:
    found = line.found
    return Item(
        handover=handover, source=found.source, key=found.key, number=found.number,
        text=found.text[:200], next_step=found.next_step[:60], who=found.who[:60],
        due_at=found.due_at, url=found.url, urgent=found.urgent, carried=line.carried,
        struck=line.reason[:200] if line.is_struck else "", **more,
    )  # fmt: skip


def start_checking(handover: Handover, *, by: Staff, now: datetime) -> Handover:
    """The next shift has begun to check the sheet against the desk."""
    _must_be_receiver(handover, by)
    with transaction.atomic():
        move(handover, Status.CHECKING)
        entries.record(handover, "shift.checking", by=by, now=now)
    return handover


@transaction.atomic
def receive(
    sheet: Sheet, *, by: Staff, now: datetime, seen: set[str], here: bool = False
) -> Handover:
    """The next shift signs, and owns every carried item from now on (DUT-2).

    ``here``: on the machine of the outgoing shift, after entering the own password. What came in
    since the first signature is shown, then goes on the sheet too. Raises ValidationError for
    anybody but the successor, the second time, and (``stale``) for news that was not shown.
    """
    handover = sheet.handover
    if handover.status not in GIVEN:
        move(handover, Status.SIGNED)  # refuses in words
    _must_be_receiver(handover, by)
    late = news(sheet, seen=seen)
    _must_be_seen(late)
    move(
        handover, Status.SIGNED, received_at=now, received_here=here,
        arrived_at=handover.arrived_at or now,
    )  # fmt: skip
    Item.objects.bulk_create(_item(handover, line, came_late=True) for line in late)
    carried = handover.items.filter(struck="").values_list("key", "carried")
    Handover.objects.filter(pk=handover.pk).update(passed_on=dict(carried))
    with reading_once():
        _carry_on(sheet, by=by, now=now)
    kinds.close_receiving(handover, by=by, now=now)
    entries.record(
        handover, "shift.received", by=by, now=now, here=here, punctual=handover.is_punctual
    )
    return handover


def news(sheet: Sheet, *, seen: set[str] | None = None) -> list[Line]:
    """What came in after the outgoing shift had signed."""
    known = set(sheet.handover.items.values_list("key", flat=True))
    return [line for line in sheet.lines(seen=seen) if line.key not in known]


def _carry_on(sheet: Sheet, *, by: Staff, now: datetime) -> None:
    """Each carried item is owed by the receiving shift: its own follow-up, or one made for it.

    What the outgoing people owed by name becomes the successor's. What nobody of the seat owes
    (engineering is at it, say) gets a follow-up of the receiving shift until the end of its
    shift, at least half a day. Those of the shift before end: done, or carried on.
    """
    handover = sheet.handover
    owed = {each.key: each.followup for each in (*sheet.found, *sheet.later)}
    before = list(
        Item.objects.filter(
            handover__estate=handover.estate_id, handover__seat=handover.seat,
            handover__owner=handover.owner_id, handover__starts_at__lt=handover.starts_at,
            handover__starts_at__gte=handover.starts_at - timedelta(days=7),
            struck="", done_at=None,
        ).order_by("pk")
    )  # fmt: skip
    items = list(handover.items.filter(struck="").select_related("handover__estate"))
    live = unfinished({item.key for item in (*before, *items)})
    for item in before:
        if item.key in live:
            cancel(item, kinds.CARRIED, now=now)
        else:
            kinds.finish_item(item, by=handover.giver, now=now)
    due_at = max(handover.ends_at, now) + timedelta(hours=12)
    outgoing = {handover.giver_id, *(person.pk for person in sheet.outgoing)} - {by.pk}
    carried: set[str] = set()
    for item in items:
        item.handover = handover
        row = owed.get(item.key)
        if item.key not in live:
            kinds.finish_item(item, by=handover.giver, now=now)  # done since the first signature
        elif item.source == "instruction":
            pass  # the seat's post owes it already, whoever sits there
        elif item.key in owed and (row is None or not sheet.sight.is_ours(row)):
            kinds.open_carried(item, due_at=due_at, now=now)
        carried.add(item.key)
    for row in sheet.sight.followups:
        if row.owner_id in outgoing and sheet.sight.key_of(row) in carried:
            hand_to(row.subject, row.kind, owner=by, owner_post=by.post, now=now)


@transaction.atomic
def refuse(handover: Handover, *, reason: str, note: str, by: Staff, now: datetime) -> Handover:
    """The next shift does not take over, for a reason of the list; the outgoing one stays.

    Raises ValidationError for anybody but the successor, without a reason, or signed already.
    """
    _must_be_receiver(handover, by)
    if reason not in Refusal.values:
        raise ValidationError({"reason": _("选一个拒接原因")})
    if reason == Refusal.OTHER and not note.strip():
        raise ValidationError({"note": _("写明拒接原因")})
    move(handover, Status.REFUSED, refusal=reason, refusal_note=note.strip()[:300])
    handover.items.all().delete()  # they are found anew when it is given again
    kinds.refuse_receiving(handover, now=now)
    label = str(Refusal(reason).label)
    kinds.open_for(
        handover, kinds.REFUSED, now=now, owner=handover.giver, owner_post=handover.giver.post,
        limit_key="shifts.sign", urgent=True, what=f"{handover} {label}",
    )  # fmt: skip
    entries.record(handover, "shift.refused", by=by, now=now, reason=reason, note=note)
    return handover


def _must_be_receiver(handover: Handover, by: Staff) -> None:
    if handover.status in WRITING:
        return  # the map refuses it in words
    if handover.successor_id != by.pk:
        raise ValidationError(
            _("这一班由%(name)s接, 您不能代签") % {"name": handover.successor.name}
        )
