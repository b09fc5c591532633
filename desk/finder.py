"""One search over rooms, people, slips and the registers, inside what the person may see."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Staff
from complaints.actions.registering import SERIES as COMPLAINTS
from complaints.models import Complaint
from estates import lookup
from estates.models import PublicPlace
from estates.typed import clean_text, half_width
from registers.models import Record
from registers.scanned import find_scanned
from repairs.models import Repair

SHOWN = 25
TAIL_DAYS = 60  # a slip is known by its last four digits for about this long
TEXT_DAYS = 90  # how far back a word of the content or an unknown caller's number is looked for


@dataclass(frozen=True)
class Found:
    matches: list
    places: list[PublicPlace]
    repairs: list[Repair]
    lines: list[Record]  # of the registers
    complaints: list[Complaint]

    @property
    def is_empty(self):
        return not (self.matches or self.places or self.repairs or self.lines or self.complaints)


def find_all(text: str, *, staff: Staff, now: datetime) -> Found:
    """Households, public places, slips and things in the registers for what was typed; at most 4
    queries, and up to 2 for the code on a card, tag, label or waybill. Complaints by their number.

    Slips by number or its last digits, by the household or person found, by the caller's number
    or its last four digits, and by words of the content.
    """
    typed = half_width(clean_text(text))[:60]
    may_look = staff.has_perm("estates.view")
    matches = lookup.find(typed, staff=staff, limit=12) if may_look else []
    has_letters = any(character.isalpha() for character in typed)
    places = lookup.find_places(typed, staff=staff, limit=4) if may_look and has_letters else []
    condition = _slips(typed, matches, places, now)
    lines = find_scanned(typed, staff=staff)
    complaints = _complaints(typed, staff)
    if condition is None:
        return Found(matches, places, [], lines, complaints)
    repairs = (
        Repair.objects.visible_to(staff)
        .filter(condition)
        .select_related("unit", "place", "resident")
        .order_by("-reported_at", "-pk")[:SHOWN]
    )
    return Found(matches, places, list(repairs), lines, complaints)


def _complaints(typed, staff):
    """A complaint is told on the telephone by its number, and asked for by nothing else here."""
    number = re.fullmatch(rf"(?i){COMPLAINTS}[- ]?(\d{{8}})[- ]?(\d{{1,6}})", typed)
    if number is None:
        return []
    rows = Complaint.objects.visible_to(staff).select_related("unit", "place")
    return list(rows.filter(number=f"{COMPLAINTS}{number[1]}-{number[2]}"))


def _slips(typed, matches, places, now):
    if len(typed) < 2:
        return None
    units = {m.unit.pk for m in matches if m.unit}
    people = {m.resident.pk for m in matches if m.resident}
    condition = Q(unit__in=units) | Q(resident__in=people) | Q(place__in=[p.pk for p in places])
    digits = re.sub(r"\D", "", typed)
    if re.fullmatch(r"(?i)(wx)?[\d\- ]+", typed):
        return condition | _by_digits(digits, now)
    return condition | Q(content__contains=typed, reported_at__gte=now - timedelta(days=TEXT_DAYS))


def _by_digits(digits, now):
    today = timezone.localdate(now)
    if len(digits) <= 4:
        numbers = [
            f"WX{today - timedelta(days=ago):%Y%m%d}-{digits.zfill(4)}" for ago in range(TAIL_DAYS)
        ]
        condition = Q(number__in=numbers)
        if len(digits) == 4:
            condition |= Q(
                contact_phone__endswith=digits, reported_at__gte=now - timedelta(days=TEXT_DAYS)
            )
        return condition
    condition = Q(contact_phone=digits)
    if len(digits) == 12:
        condition |= Q(number=f"WX{digits[:8]}-{digits[8:]}")
    return condition
