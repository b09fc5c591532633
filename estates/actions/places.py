"""Estates, buildings, public places and units."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.actions.edits import plain, save_edit
from estates.lookup import index_all, index_place
from estates.models import Building, Estate, Membership, PublicPlace, Unit, forget_places
from history.entries import record


@transaction.atomic
def add_estate(
    *, name: str, address: str, by: Staff, now: datetime, desk_phone: str = ""
) -> Estate:
    """Add an estate; whoever adds it works for it from now on, since nobody else could see it."""
    if Estate.objects.filter(name=name).exists():
        raise ValidationError({"name": _("已有同名项目。换一个名称, 或请管理员把您加入该项目")})
    estate = Estate.objects.create(name=name, address=address, desk_phone=desk_phone)
    Membership.objects.create(staff=by, estate=estate)
    forget_places(by)
    record(estate, "estate.added", by=by, now=now, name=name)
    return estate


@transaction.atomic
def change_estate(
    estate: Estate, *, name: str, address: str, by: Staff, now: datetime, desk_phone: str = ""
) -> None:
    """Rename an estate, correct its address or the number of its desk."""
    _store(
        estate,
        {"name": name, "address": address, "desk_phone": desk_phone},
        event="estate.changed",
        by=by,
        now=now,
        taken={"name": _("已有同名项目。换一个名称")},
    )


@transaction.atomic
def add_building(estate: Estate, *, code: str, name: str, by: Staff, now: datetime) -> Building:
    """Add a building; ValidationError when its number is taken."""
    if Building.objects.filter(estate=estate, code=code).exists():
        raise ValidationError({"code": _("这个项目已有 %(code)s 栋") % {"code": code}})
    building = Building.objects.create(estate=estate, code=code, name=name)
    record(estate, "building.added", by=by, now=now, building=building.pk, code=code)
    return building


@transaction.atomic
def change_building(building: Building, *, code: str, name: str, by: Staff, now: datetime) -> None:
    """Correct a building; the rooms keep their codes, the lookup follows the building."""
    _store(
        building,
        {"code": code, "name": name},
        event="building.changed",
        by=by,
        now=now,
        taken={"code": _("这个项目已有 %(code)s 栋") % {"code": code}},
    )
    index_all(units=building.units.select_related("building"))


@transaction.atomic
def add_place(
    estate: Estate, *, name: str, kind: str, building: Building | None, by: Staff, now: datetime
) -> PublicPlace:
    """Add a public place such as 2号电梯; it is found by any part of its name."""
    if PublicPlace.objects.filter(estate=estate, name=name).exists():
        raise ValidationError({"name": _("这个项目已有“%(name)s”") % {"name": name}})
    place = PublicPlace.objects.create(estate=estate, name=name, kind=kind, building=building)
    index_place(place)
    record(estate, "place.added", by=by, now=now, place=place.pk, name=name)
    return place


@transaction.atomic
def change_place(
    place: PublicPlace,
    *,
    name: str,
    kind: str,
    building: Building | None,
    by: Staff,
    now: datetime,
) -> None:
    """Correct a public place."""
    _store(
        place,
        {"name": name, "kind": kind, "building": building},
        event="place.changed",
        by=by,
        now=now,
        taken={"name": _("这个项目已有“%(name)s”") % {"name": name}},
    )
    index_place(place)


def _store(thing, values, *, event, by, now, taken):
    changed = {
        name: [str(getattr(thing, name) or ""), str(value or "")]
        for name, value in values.items()
        if getattr(thing, name) != value
    }
    for name, value in values.items():
        setattr(thing, name, value)
    try:
        with transaction.atomic():
            thing.save(update_fields=list(values))
    except IntegrityError:
        raise ValidationError(taken) from None
    if changed:
        record(thing, event, by=by, now=now, changed=changed)


@transaction.atomic
def change_unit(
    unit: Unit, *, version: int, by: Staff, now: datetime, **changes: Any
) -> dict[str, list]:
    """Change a unit's occupancy, area, floor or note; StaleEditError when a colleague was faster."""
    changed = save_edit(unit, changes, version=version)
    if changed:
        record(
            unit, "unit.changed", by=by, now=now, changed=changed, occupancy=plain(unit.occupancy)
        )
    return changed
