"""Who is told of a major incident: the manager, the departments, the building's butler (DUT-3)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from accounts import posts
from accounts.models import Leave, Staff
from estates.butlers import butler_at, butler_of
from estates.models import Estate, PublicPlace, Unit
from followups.ladder import DUE
from followups.models import FollowUp
from incidents.models import Notice
from notifications.models import Message
from roster.duty import OnDuty

# Heads and contacts of the departments, told whether they are on duty or not. The general
# manager follows by the reporting line.
HEADS = (posts.CS_ASSISTANT, posts.ENV_FOREMAN, posts.ENG_MANAGER, posts.PUBLIC_AFFAIRS)
# Whoever answers the telephones: those on duty; all of them while no roster says who is.
TELEPHONES = (posts.FRONT_DESK, posts.NIGHT_DUTY, posts.ENG_DISPATCHER)


@dataclass
class Told:
    """One person to tell; ``owes`` is False while a deputy answers for him."""

    staff: Staff
    as_manager: bool
    owes: bool = True


def whom_to_tell(
    estate: Estate,
    *,
    unit: Unit | None,
    place: PublicPlace | None,
    where: str = "",
    by: Staff,
    now: datetime,
) -> list[Told]:
    """Everybody to tell, managers first, each person once.

    ``where`` names the building when neither unit nor place is known. By the published roster whoever is on duty now, of any post (DUT-4). The person who raises
    it is left out, unless he is the manager: then he is told already.
    """
    turns = OnDuty.load(now)
    on_duty = {
        staff.pk
        for (place, _post), group in turns.turns.items()
        if place == estate.pk
        for staff in group
    }
    awake = [post for post in TELEPHONES if not turns.of(post, estate.pk)]
    here = list(
        Staff.objects.active()
        .filter(
            memberships__estate=estate,
        )
        .filter(
            Q(post__in=(posts.CS_MANAGER, posts.GENERAL_MANAGER, *HEADS, *awake))
            | Q(pk__in=on_duty)
        )
        .order_by("pk")
    )
    managers = [staff for staff in here if staff.post == posts.CS_MANAGER] or [
        staff for staff in here if staff.post == posts.GENERAL_MANAGER
    ]
    told = {staff.pk: Told(staff, as_manager=True) for staff in managers}
    for staff in here:
        if staff.post in (*HEADS, *awake) or staff.pk in on_duty:
            told.setdefault(staff.pk, Told(staff, as_manager=False))
    known = unit or place
    butler = butler_of(unit=unit, place=place) if known else butler_at(estate, where)
    if butler and butler.is_active:
        told.setdefault(butler.pk, Told(butler, as_manager=False))
    _add_deputies(told, estate, now)
    return [each for each in told.values() if each.staff != by or each.as_manager]


def _add_deputies(told: dict[int, Told], estate: Estate, now: datetime) -> None:
    leaves = (
        Leave.objects.current(now)
        .filter(
            staff__in=list(told),
            deputy__is_active=True,
            deputy__memberships__estate=estate,
        )
        .select_related("deputy")
        .order_by("pk")
    )
    for leave in leaves:
        absent = told[leave.staff_id]
        absent.owes = False
        deputy = told.setdefault(leave.deputy_id, Told(leave.deputy, as_manager=False))
        deputy.as_manager = deputy.as_manager or absent.as_manager


def climbed_to(notices: list[Notice]) -> list[tuple[Message, Staff]]:
    """Whom the ladder told because somebody did not acknowledge in time (defaults 2.10): the line
    in his inbox and who had not answered, oldest first. Who was told by name before is left out.
    """
    owed = FollowUp.objects.filter(
        content_type=ContentType.objects.get_for_model(Notice),
        object_id__in=[notice.pk for notice in notices],
    )
    silent = dict(owed.values_list("pk", "object_id"))
    by_pk = {notice.pk: notice.staff for notice in notices}
    told_at = {notice.staff_id: notice.told_at for notice in notices}
    lines = Message.objects.filter(followup_id__in=silent, why__level__gte=DUE)
    found: dict[int, tuple[Message, Staff]] = {}
    for line in lines.select_related("recipient").order_by("created_at", "pk"):
        told = told_at.get(line.recipient_id)
        if told is None or told > line.created_at:
            found.setdefault(line.recipient_id, (line, by_pk[silent[line.followup_id]]))
    return list(found.values())
