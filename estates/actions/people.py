"""Residents: how they are addressed, where they live, and who has looked at what is private."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.actions.edits import save_edit
from estates.lookup import index_resident
from estates.manners import check_salutation, refuse_boss, refuse_familiar
from estates.models import Residence, Resident, Unit, building_ids_of
from history.entries import record

# What is shown to a post with estates.reveal only, one look at a time (MAN-4).
PRIVATE = ("phone", "id_number", "care_note")


def check_manners(values: dict[str, Any]) -> None:
    """Refuse what the manners rules forbid (MAN-1 to MAN-4), field by field."""
    problems = {}
    for name, check in (
        ("name", refuse_boss),
        ("position", refuse_familiar),
    ):
        try:
            check(values.get(name) or "")
        except ValidationError as error:
            problems[name] = error.messages
    if problems:
        raise ValidationError(problems)
    check_salutation(
        salutation=values.get("salutation") or "", position=values.get("position") or ""
    )


@transaction.atomic
def change_resident(
    resident: Resident, *, version: int, by: Staff, now: datetime, **changes: Any
) -> dict[str, list]:
    """Change a resident; StaleEditError when a colleague was faster, ValidationError by MAN-1..4.

    History keeps that a private field was changed, not its value.
    """
    names = ("name", "position", "note", "care_note", "salutation")
    check_manners({name: changes.get(name, getattr(resident, name)) for name in names})
    changed = save_edit(resident, changes, version=version)
    if changed:
        resident.__dict__.pop("addressed", None)
        index_resident(resident)
        kept = {name: pair for name, pair in changed.items() if name not in PRIVATE}
        record(
            resident,
            "resident.changed",
            by=by,
            now=now,
            changed=kept,
            private=[name for name in changed if name in PRIVATE],
        )
    return changed


@transaction.atomic
def add_person(
    unit: Unit,
    *,
    relation: str,
    by: Staff,
    now: datetime,
    resident: Resident | None = None,
    **values: Any,
) -> Residence:
    """Let somebody live in (or own) a unit: a known resident, or a new one from ``values``.

    A person of the same name and phone in the estate is taken for the same person. Who moved
    out of this unit earlier comes back into it.
    """
    check_manners(values)
    if resident is None and values.get("phone"):
        resident = Resident.objects.filter(
            estate=unit.estate_id, name=values["name"], phone=values["phone"]
        ).first()
    if resident is None:
        resident = Resident.objects.create(estate_id=unit.estate_id, **values)
        index_resident(resident)
        record(resident, "resident.added", by=by, now=now)
    residence, is_new = Residence.objects.get_or_create(
        resident=resident, unit=unit, defaults={"relation": relation}
    )
    if not is_new and residence.until is None:
        raise ValidationError(
            _("%(name)s 已登记在 %(unit)s") % {"name": resident.name, "unit": unit.code},
            code="known",
        )
    if not is_new:
        residence.relation, residence.until = relation, None
        residence.save(update_fields=["relation", "until"])
    record(
        unit,
        "unit.person_added",
        by=by,
        now=now,
        resident=resident.pk,
        name=resident.name,
        relation=relation,
    )
    return residence


@transaction.atomic
def move_out(residence: Residence, *, until: date, by: Staff, now: datetime) -> None:
    """A person leaves a unit; the row stays, with its last day, for what happened before."""
    if not Residence.objects.filter(pk=residence.pk, until=None).update(until=until):
        raise ValidationError(_("有同事已登记搬离。页面已更新"), code="moved")
    record(
        residence.unit,
        "unit.person_left",
        by=by,
        now=now,
        resident=residence.resident_id,
        name=residence.resident.name,
        until=until.isoformat(),
    )


def may_reveal(resident: Resident, *, staff: Staff) -> bool:
    """Whether the post may see private fields of this person; a butler only in his own area."""
    if not staff.has_perm("estates.reveal"):
        return False
    if staff.duty.scope != "area":
        return True
    homes = set(resident.residences.values_list("unit__building", flat=True))
    return not homes or bool(homes & set(building_ids_of(staff)))


@transaction.atomic
def reveal(resident: Resident, what: str, *, by: Staff, now: datetime) -> str:
    """Show one private field and write down who looked (MAN-4).

    ``what`` is "phone", "id_number" or "care_note". Raises ValidationError for another field
    and for a butler of another area.
    """
    if what not in PRIVATE:
        raise ValidationError(_("没有这一项可以显示"), code="unknown")
    if not may_reveal(resident, staff=by):
        raise ValidationError(
            _("这位业户不在您的责任区。需要时请所属管家或客服中心查看"), code="area"
        )
    record(resident, "resident.revealed", by=by, now=now, what=what)
    return getattr(resident, what)
