"""The verbs of an import: upload, start, work off, discard, undo."""

import logging
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.imports.ensure import NEW, SAME, compare, ensure
from estates.imports.plan import BUILDING, PERSON, RESIDENCE, UNIT, Plan, make_plan
from estates.imports.tables import find_tables
from estates.models import Estate, ImportBatch, ImportItem
from estates.typed import clean_text
from history.entries import record
from spreadsheets.reader import read_sheets

logger = logging.getLogger(__name__)
State = ImportBatch.State
UNDO_FOR = timedelta(hours=24)
KEEP_CONTENT_FOR = timedelta(days=7)
SLICE_SECONDS = 3.0
ITEMS_AT_ONCE = 300
LEASE = timedelta(seconds=30)
FIRST_ROWS = 10
KINDS = (BUILDING, UNIT, PERSON, RESIDENCE)


def read_plan(file: BinaryIO) -> Plan:
    """Read a workbook into a plan; ValidationError when it is none or has no table of rooms."""
    return make_plan(find_tables(read_sheets(file)))


def count(plan: Plan, estate: Estate | None) -> dict[str, int]:
    """Rows by what will become of them: new, changed, same, bad; and new things by kind.

    Writes nothing. ``estate`` is None when it is yet to be made.
    """
    verdicts = {}
    created = Counter()
    people = {}
    for kind in KINDS:
        items = [item for item in plan.items if item.kind == kind]
        data = [item.data for item in items]
        if kind == RESIDENCE:
            data = [one | {"resident": people.get(one["person"])} for one in data]
        for item, ensured in zip(items, compare(estate, kind, data), strict=True):
            verdicts.setdefault(item.row, []).append(ensured.verdict)
            created[kind] += ensured.verdict == NEW
            if kind == PERSON and ensured.found:
                people[item.data["no"]] = ensured.found.pk
    rows = Counter()
    for index, row in enumerate(plan.rows):
        found = verdicts.get(index, [SAME])
        rows[
            "bad"
            if row.problems
            else NEW
            if NEW in found
            else SAME
            if set(found) == {SAME}
            else "changed"
        ] += 1
    names = ("new", "changed", "same", "bad")
    return {name: rows[name] for name in names} | {f"new_{kind}": created[kind] for kind in KINDS}


@transaction.atomic
def upload(file: BinaryIO, *, name: str, estate: Estate, by: Staff, now: datetime) -> ImportBatch:
    """Read a workbook for preview; nothing of the estate is written.

    Raises ValidationError for a workbook that cannot be read.
    """
    plan = read_plan(file)
    batch = ImportBatch.objects.create(
        estate=estate,
        file_name=clean_text(name)[-120:],
        by=by,
        created_at=now,
        headers=plan.headers,
        counts=count(plan, estate) | {"left_out": plan.left_out},
        total=len(plan.items),
        bad_rows=[as_json(row) for row in plan.bad],
        first_rows=[as_json(row) for row in plan.rows if not row.problems][:FIRST_ROWS],
    )
    ImportItem.objects.bulk_create(
        [
            ImportItem(batch=batch, position=position, kind=item.kind, data=item.data)
            for position, item in enumerate(plan.items)
        ],
        batch_size=500,
    )
    return batch


def as_json(row):
    return {
        "sheet": row.sheet,
        "number": row.number,
        "cells": row.cells,
        "problem": "; ".join(str(problem) for problem in row.problems),
    }


@transaction.atomic
def start(batch: ImportBatch, *, by: Staff, now: datetime) -> None:
    """Confirm a previewed batch; from here on anybody's slice carries it on.

    Raises ValidationError when it was started before or another one runs for the estate.
    """
    running = ImportBatch.objects.filter(estate=batch.estate_id, state=State.RUNNING)
    if running.exclude(pk=batch.pk).exists():
        raise ValidationError(_("这个项目正有一批在导入, 等它完成后再导入这一批"), code="busy")
    _move(batch, State.PREVIEW, state=State.RUNNING, started_at=now)
    record(
        batch.estate, "estate.import_started", by=by, now=now, batch=batch.pk, file=batch.file_name
    )


@transaction.atomic
def discard(batch: ImportBatch, *, by: Staff, now: datetime) -> None:
    """Give a previewed batch up; what was read is deleted."""
    _move(batch, State.PREVIEW, state=State.DISCARDED, finished_at=now)
    _forget(batch)
    record(batch.estate, "estate.import_discarded", by=by, now=now, batch=batch.pk)


def _move(batch, was, **changes):
    if not ImportBatch.objects.filter(pk=batch.pk, state=was).update(**changes):
        batch.refresh_from_db()
        raise ValidationError(
            _("这一批现在是“%(state)s”, 可能有同事先处理了。页面已更新"),
            code="moved",
            params={"state": batch.get_state_display()},
        )
    batch.refresh_from_db()


def work_slice(batch: ImportBatch, *, now: datetime, seconds: float = SLICE_SECONDS) -> bool:
    """Carry a running batch on for about ``seconds``; True when this call did some of it.

    Safe to call from the page's poll and from the scan at once: one of them holds the lease.
    """
    leased = ImportBatch.objects.filter(pk=batch.pk, state=State.RUNNING).filter(
        Q(leased_until=None) | Q(leased_until__lte=now)
    )
    if not leased.update(leased_until=now + LEASE):
        batch.refresh_from_db()
        return False
    began = time.monotonic()
    try:
        while _work_some(batch, now) and time.monotonic() - began < seconds:
            pass
    except IntegrityError:
        # A colleague added the same room meanwhile: the next slice finds it there.
        logger.info("import %s met a colleague's edit and goes on", batch.pk)
    finally:
        ImportBatch.objects.filter(pk=batch.pk).update(leased_until=None)
    batch.refresh_from_db()
    return True


@transaction.atomic
def _work_some(batch, now):
    """Ensure the next things of one kind; False when none is left and the batch is done."""
    waiting = list(batch.items.filter(done=False).order_by("position")[:ITEMS_AT_ONCE])
    if not waiting:
        _finish(batch, now)
        return False
    kind = waiting[0].kind
    items = [item for item in waiting if item.kind == kind]
    data = [item.data for item in items]
    if kind == RESIDENCE:
        people = {
            person["no"]: pk
            for person, pk in batch.items.filter(kind=PERSON).values_list("data", "object_id")
        }
        data = [one | {"resident": people[one["person"]]} for one in data]
    for item, ensured in zip(items, ensure(batch.estate, kind, data), strict=True):
        item.object_id, item.created, item.done = ensured.found.pk, ensured.created, True
        item.changed = ensured.differs
    ImportItem.objects.bulk_update(items, ["object_id", "changed", "created", "done"], 200)
    done = batch.items.filter(done=True).count()
    ImportBatch.objects.filter(pk=batch.pk).update(done=done)
    return True


def _finish(batch, now):
    if ImportBatch.objects.filter(pk=batch.pk, state=State.RUNNING).update(
        state=State.DONE, finished_at=now, done=batch.total
    ):
        record(
            batch.estate,
            "estate.imported",
            by=batch.by,
            now=now,
            batch=batch.pk,
            file=batch.file_name,
            counts=batch.counts,
        )


def work_off(now: datetime, *, seconds: float = SLICE_SECONDS) -> int:
    """Carry on what was left running when its page was closed; forget what is long over.

    For the scan: bounded to one slice a call. Returns how many batches were carried on.
    """
    stale = (
        ImportBatch.objects.filter(created_at__lt=now - KEEP_CONTENT_FOR)
        .exclude(state=State.RUNNING)
        .exclude(bad_rows=[], first_rows=[])
    )
    for batch in stale[:20]:
        _forget(batch)
    carried = 0
    for batch in ImportBatch.objects.filter(state=State.RUNNING).order_by("pk")[:1]:
        try:
            carried += work_slice(batch, now=now, seconds=seconds)
        except Exception:  # a batch that fails must not stop the scan; its page shows where it is
            logger.exception("import %s failed", batch.pk)
    return carried


def _forget(batch):
    """Names and phones of a file are not kept once they are of no use."""
    batch.items.all().delete()
    ImportBatch.objects.filter(pk=batch.pk).update(bad_rows=[], first_rows=[])
    batch.refresh_from_db()
