"""The resident's card beside the intake form: who calls, and what is open at that house."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Staff
from estates.butlers import butler_of
from estates.household import household_of
from estates.models import PublicPlace, Residence, Resident, Unit, building_ids_of
from repairs.models import Repair

RECENT = timedelta(days=90)
OPEN_SHOWN = 4


def may_see_phone(staff: Staff, unit: Unit | None) -> bool:
    """Whole numbers are for posts that may reveal them; a butler sees those of the own area."""
    if not staff.has_perm("estates.reveal"):
        return False
    if staff.duty.scope == "area":
        return unit is not None and unit.building_id in building_ids_of(staff)
    return staff.duty.scope == "all"


@dataclass(frozen=True)
class Card:
    unit: Unit | None
    resident: Resident | None
    place: PublicPlace | None
    residence: Residence | None
    lives: int
    butler: Staff | None
    open_repairs: list[Repair]
    recent: dict
    shows_phone: bool


def card_of(
    *,
    staff: Staff,
    now: datetime,
    unit: Unit | None = None,
    resident: Resident | None = None,
    place: PublicPlace | None = None,
) -> Card:
    """The card of a unit, a person or a public place; at most 6 queries."""
    residence, lives, butler = None, 0, None
    if unit:
        household = household_of(unit, today=timezone.localdate(now))
        butler, lives = household.butler, len(household.residences)
        known = [r for r in household.residences if not resident or r.resident_id == resident.pk]
        residence = known[0] if known else None
        resident = resident or (residence.resident if residence else None)
    elif place:
        butler = butler_of(place=place)
    about = Q(unit=unit) if unit else Q(place=place) if place else Q(resident=resident)
    repairs = Repair.objects.visible_to(staff).filter(about)
    return Card(
        unit=unit,
        resident=resident,
        place=place,
        residence=residence,
        lives=lives,
        butler=butler,
        open_repairs=list(repairs.open().select_related("unit", "place")[:OPEN_SHOWN]),
        recent=repairs.filter(reported_at__gte=now - RECENT).aggregate(
            repairs=Count("pk"), reworks=Count("pk", filter=Q(rework_of__isnull=False))
        ),
        shows_phone=may_see_phone(staff, unit),
    )
