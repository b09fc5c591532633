"""One look at everything that is owed: open what time made due, remind, escalate, send.

Safe to run twice and in parallel. What is due is found by an index and claimed in batches; the
claim and the messages it leads to are one transaction, and nothing is sent inside any.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from django.db import DatabaseError, transaction
from django.db.models import Case, DateTimeField, Value, When
from django.utils import translation

from followups.actions import course_of, resumed
from followups.heartbeat import beat
from followups.kinds import Kind, all_kinds, modules
from followups.ladder import Ladder, climb, standing
from followups.models import FollowUp
from followups.recipients import People, Told
from notifications import ledger
from notifications.models import Message

log = logging.getLogger(__name__)

BATCH = 200
SET_ASIDE = timedelta(minutes=15)
WAIT = [
    "generation", "due_at", "counted_from", "paused_at", "paused_seconds", "look_again_at",
    "taken_by", "taken_at",
]  # fmt: skip
LOOK_AGAIN = -1


@dataclass
class ScanResult:
    """What one scan did: rows looked at, lines put into inboxes, messages sent outside."""

    looked: int = 0
    told: int = 0
    sent: int = 0
    aside: list[int] = field(default_factory=list)  # follow-ups that raised
    faults: dict[str, str] = field(default_factory=dict)  # modules whose open_due raised


@dataclass(frozen=True)
class Scanner:
    """What a scan knows while it works: the moment, the numbers, the people."""

    now: datetime
    ladder: Ladder
    people: People
    kinds: dict[str, Kind]
    words: dict[str, str]  # the kinds' labels as msgids

    @classmethod
    def at(cls, now: datetime) -> Self:
        """Read the numbers and the people once for everything that is due at ``now``."""
        kinds = {each.key: each for each in all_kinds()}
        with translation.override("zh-hans"):
            words = {each.key: str(each.label) for each in kinds.values()}
        return cls(now, Ladder.at(now), People.load(now), kinds, words)

    def due(self):
        return FollowUp.objects.open().filter(alert_at__lte=self.now)

    def work_off_batch(self, result: ScanResult) -> bool:
        """Claim some due rows, tell whom they concern, and commit. False if none was free."""
        try:
            return self._batch(self.due(), BATCH, result)
        except DatabaseError:
            log.exception("a batch of follow-ups failed; taking its rows one by one")
        return self._one_by_one(result)

    def _batch(self, due, size: int, result: ScanResult) -> bool:
        looked, aside, lines = 0, [], []
        with transaction.atomic():
            # SQLite has no row locks and ignores the clause: there IMMEDIATE has already shut
            # everybody else out, and on both the UPDATE below asks again what is still due.
            free = due.order_by("alert_at", "pk").select_for_update(skip_locked=True, of=("self",))
            pks = list(free.values_list("pk", flat=True)[:size])
            if not pks:
                return False
            token = uuid4().hex
            self.due().filter(pk__in=pks).update(claim=token)
            rows = list(FollowUp.objects.filter(claim=token).order_by("alert_at", "pk"))
            for row in rows:
                looked += 1
                try:
                    lines += self.tell(row)
                except Exception as error:  # whatever a row does, the others go on
                    log.exception("follow-up %s is set aside", row.pk)
                    aside.append(row.pk)
                    row.fault = f"{type(error).__name__}: {error}"[:300]
                    row.alert_at = self.now + SET_ASIDE
                row.claim = ""
            new = _unwritten(lines)
            Message.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
            self._write(rows)
        result.looked += looked
        result.told += len(new)
        result.aside += aside
        return True

    def _one_by_one(self, result: ScanResult) -> bool:
        """A batch that the database refused: whoever is to blame is set aside alone."""
        for pk in list(self.due().order_by("alert_at", "pk").values_list("pk", flat=True)[:BATCH]):
            try:
                self._batch(self.due().filter(pk=pk), 1, result)
            except DatabaseError as error:
                log.exception("follow-up %s is set aside", pk)
                self.due().filter(pk=pk).update(
                    fault=f"{type(error).__name__}: {error}"[:300],
                    alert_at=self.now + SET_ASIDE,
                )
                result.looked += 1
                result.aside.append(pk)
        return True

    def _write(self, rows: list[FollowUp]) -> None:
        """Where each row stands now. Rows that stand alike share a statement: a CASE per row
        and field, as bulk_update writes it, costs more than all the rest of a scan."""
        waited = [row for row in rows if hasattr(row, "_waited")]
        FollowUp.objects.bulk_update(waited, WAIT)
        alike: dict[tuple, dict[datetime | None, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for row in rows:
            alike[row.level, row.repeat, row.fault][row.alert_at].append(row.pk)
        for (level, repeat, fault), moments in alike.items():
            pks = [pk for some in moments.values() for pk in some]
            FollowUp.objects.filter(pk__in=pks).update(
                level=level, repeat=repeat, fault=fault, claim="", alert_at=_by_row(moments)
            )

    def tell(self, row: FollowUp) -> list[Message]:
        """Bring one row to where it stands now; returns the lines that this owes."""
        lines = []
        course = course_of(row, self.kinds[row.kind])
        if row.paused_at:
            for name, value in resumed(row, self.now, self.ladder).items():
                setattr(row, name, value)
            row._waited = True
            course = course_of(row, self.kinds[row.kind])
            levels = self.people.levels(row)
            lines += self._lines(row, LOOK_AGAIN, 0, levels[0])
        rung, row.alert_at = climb(course, self.now, self.ladder)
        before = row.level + row.repeat
        if rung <= before:
            return lines
        levels = self.people.levels(row)
        row.level, row.repeat = standing(rung, top=len(levels) - 1)
        # After an outage whoever was passed over is told as well, all at the level reached.
        passed = range(min(before + 1, row.level), row.level + 1)
        told = {each.staff.pk: each for step in passed for each in levels[step]}
        row.fault = "" if told else "nobody to tell"
        return lines + self._lines(row, row.level, row.repeat, list(told.values()))

    def _lines(self, row: FollowUp, level: int, repeat: int, told: list[Told]) -> list[Message]:
        row.text  # a title that cannot be filled must fail here, not in somebody's inbox  # noqa: B018
        return [
            Message(
                key=f"{row.pk}:{row.generation}:{level}:{repeat}:{each.staff.pk}",
                recipient=each.staff,
                estate_id=row.estate_id,
                title=row.title,
                params=row.params,
                url=row.url,
                rings=row.urgent or level >= 1,
                why={
                    "rule": row.kind,
                    "what": self.words[row.kind],
                    "level": level,
                    "repeat": repeat,
                    "role": each.role,
                    "instead_of": each.instead_of,
                    "limit": row.limit_key,
                    "seconds": row.limit_seconds,
                    "version": row.limit_version,
                    "due_at": row.due_at.isoformat(),
                },
                followup_id=row.pk,
                created_at=self.now,
            )
            for each in told
        ]


def scan(now: datetime) -> ScanResult:
    """Do everything that ``now`` makes necessary, once; see the module. Never raises for a row."""
    result = ScanResult(faults=open_what_time_made_due(now))
    if FollowUp.objects.open().filter(alert_at__lte=now).exists():
        scanner = Scanner.at(now)
        while scanner.work_off_batch(result):
            pass
        settled = not scanner.due().exists()
    else:
        settled = True
    # Rows still due are being worked off by another scanner: the last one to finish hands
    # everything outside, so that nobody gets one digest per scanner.
    ledger.hand_outside(now, settled=settled)
    beat(now, looked=result.looked, told=result.told, faults=result.faults)
    result.sent = ledger.deliver(now)
    return result


def open_what_time_made_due(now: datetime) -> dict[str, str]:
    """Call ``open_due`` of every app; one that raises is reported and stops nobody else."""
    faults = {}
    for module in modules():
        if not hasattr(module, "open_due"):
            continue
        try:
            with transaction.atomic():
                module.open_due(now)
        except Exception as error:  # the others go on
            log.exception("%s.open_due failed", module.__name__)
            faults[module.__name__] = f"{type(error).__name__}: {error}"[:300]
    return faults


def _by_row(moments: dict[datetime | None, list[int]]) -> Any:
    """The one moment that all rows share, or an expression that finds each row its own."""
    if len(moments) == 1:
        return next(iter(moments))
    whens = [When(pk__in=pks, then=Value(moment)) for moment, pks in moments.items()]
    return Case(*whens, output_field=DateTimeField())


def _unwritten(lines: list[Message]) -> list[Message]:
    keys = [line.key for line in lines]
    written = set()
    for start in range(0, len(keys), 500):
        part = Message.objects.filter(key__in=keys[start : start + 500])
        written.update(part.values_list("key", flat=True))
    return [line for line in lines if line.key not in written]
