"""Taking a batch back: what it made goes, unless somebody has used it since."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.imports.batches import UNDO_FOR
from estates.imports.ensure import as_json, from_json
from estates.imports.plan import BUILDING, PERSON, RESIDENCE, UNIT
from estates.lookup import index_all
from estates.models import Building, ImportBatch, LookupKey, Residence, Resident, Unit
from history.entries import record

MODELS = {BUILDING: Building, UNIT: Unit, PERSON: Resident, RESIDENCE: Residence}
State = ImportBatch.State
AT_ONCE = 500


def can_undo(batch: ImportBatch, *, now: datetime) -> bool:
    """Done, and no more than 24 hours ago."""
    return (
        batch.state == State.DONE
        and batch.finished_at is not None
        and now - batch.finished_at <= UNDO_FOR
    )


@transaction.atomic
def undo(batch: ImportBatch, *, by: Staff, now: datetime) -> list[str]:
    """Take the whole batch back and return the names of what stays, because it is in use.

    A value that the batch changed is put back only if nobody changed it since; a unit or person
    that a record names, or that was edited since, stays. Raises ValidationError after 24 hours
    or when a colleague was faster.
    """
    if not can_undo(batch, now=now):
        raise ValidationError(_("只能撤销 24 小时内完成的导入"), code="late")
    if not ImportBatch.objects.filter(pk=batch.pk, state=State.DONE).update(
        state=State.UNDONE, undone_at=now
    ):
        raise ValidationError(_("有同事刚撤销了这一批。页面已更新"), code="moved")
    _put_back(batch)
    made = {
        kind: set(batch.items.filter(kind=kind, created=True).values_list("object_id", flat=True))
        for kind in MODELS
    }
    links = _rows(Residence, made[RESIDENCE])
    used_people = _used(Resident, made[PERSON], apart=made[RESIDENCE]) | _edited(
        Resident, made[PERSON]
    )
    used_units = _used(Unit, made[UNIT], apart=made[RESIDENCE]) | _edited(Unit, made[UNIT])
    _delete(
        Residence,
        {
            link.pk
            for link in links
            if link.resident_id not in used_people and link.unit_id not in used_units
        },
    )
    _delete(Resident, made[PERSON] - used_people)
    _delete(Unit, made[UNIT] - used_units)
    used_buildings = _used(Building, made[BUILDING], apart=set())
    _delete(Building, made[BUILDING] - used_buildings)
    kept = [
        *(str(row) for row in _rows(Building, used_buildings)),
        *(str(row) for row in _rows(Unit, used_units)),
        *(str(row) for row in _rows(Resident, used_people)),
    ]
    ImportBatch.objects.filter(pk=batch.pk).update(kept=kept)
    batch.refresh_from_db()
    record(
        batch.estate,
        "estate.import_undone",
        by=by,
        now=now,
        batch=batch.pk,
        file=batch.file_name,
        kept=kept[:50],
        kept_count=len(kept),
    )
    return kept


def _put_back(batch):
    """Restore what the batch changed, value by value, where it still is as the batch left it."""
    for kind, model in MODELS.items():
        items = {
            item.object_id: item
            for item in batch.items.filter(kind=kind, done=True).exclude(changed={})
        }
        changed = []
        for row in _rows(model, set(items)):
            differs = items[row.pk].changed
            mine = {
                name: before
                for name, (before, after) in differs.items()
                if as_json(getattr(row, name)) == after
            }
            for name, before in mine.items():
                setattr(row, name, from_json(name, before))
            if mine:
                if hasattr(row, "version"):
                    row.version += 1
                row.save()
                changed.append(row)
        if kind == PERSON:
            index_all(residents=changed)


def _rows(model, ids):
    ordered = sorted(ids)
    found = []
    for start in range(0, len(ordered), AT_ONCE):
        found += model.objects.filter(pk__in=ordered[start : start + AT_ONCE]).order_by("pk")
    return found


def _edited(model, ids):
    return {row.pk for row in _rows(model, ids) if row.version > 1}


def _used(model, ids, *, apart):
    """Which of these rows any other record points to; found from the models themselves.

    Lookup keys, and the residences in ``apart``, belong to the batch and do not count.
    """
    used = set()
    ordered = sorted(ids)
    for relation in model._meta.related_objects:
        source = relation.field.model if not relation.many_to_many else relation.through
        if source is LookupKey or (relation.many_to_many and source is Residence):
            continue
        name = (
            relation.field.name
            if not relation.many_to_many
            else relation.field.m2m_reverse_field_name()
        )
        for start in range(0, len(ordered), AT_ONCE):
            rows = source._base_manager.filter(**{f"{name}__in": ordered[start : start + AT_ONCE]})
            pairs = rows.values_list("pk", f"{name}_id")
            used |= {target for pk, target in pairs if not (source is Residence and pk in apart)}
    return used


def _delete(model: type[models.Model], ids):
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        model.objects.filter(pk__in=ordered[start : start + AT_ONCE]).delete()
