"""What the follow-ups say about a person's work, for whoever appraises it (forms 4.5).

Every app's evidence module declares what it has of three things: ``evidence``, what may speak for a
deduction; ``records``, everything that a person did or owed and that an inspector may want to point
at; ``PAGES``, whose addresses may be pasted as proof. Modules are named in
``settings.EVIDENCE_MODULES``; nothing here deducts anything.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Staff
from followups.kinds import all_kinds, is_missing
from followups.models import FollowUp
from rulebook.numbers import BY_KEY, NUMBERS

MOST = 200  # of one person and module; older ones come up once these are answered


@dataclass(frozen=True)
class Evidence:
    """One thing that may speak for a deduction.

    ``key`` is unique in the house and never changes; ``rule`` names a rule of the appraisal
    tables, ``sop`` and ``clause`` what was broken; ``shortfall`` counts percent points where a
    rate was missed.
    """

    key: str
    rule: str
    sop: str
    clause: str
    label: str | Promise
    url: str
    at: datetime
    shortfall: Decimal = Decimal(0)


@dataclass(frozen=True)
class Record:
    """Something of the house that proves what somebody writes; ``kind`` says what it is.

    ``key`` is unique in the house and never changes. Without ``at`` for a page without a moment.
    """

    key: str
    kind: str | Promise
    label: str
    url: str
    at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """The page of one kind of record, declared under the name of its address.

    ``find(reader, **arguments of the address)`` are the rows that the reader may open, ``needs`` a
    permission that the page asks for besides, ``called`` says what the record is called.
    """

    kind: str | Promise
    find: Callable[..., QuerySet]
    called: Callable[[Any], str] = str
    needs: str = ""


def evidence(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """Follow-ups that this person owed and missed within [start, end), from timestamps alone.

    Missed means done after its moment, or still open past it; one that waits with a reason is
    not missed. Each stands under the day on which it was due. One query.
    """
    owed = Q(owner=staff) | Q(owner=None, taken_by=staff)
    rows = FollowUp.objects.filter(
        owed, due_at__gte=start, due_at__lt=end, cancelled_at=None, paused_at=None
    ).order_by("due_at", "pk")
    labels = {kind.key: kind.label for kind in all_kinds()}
    return [_missed(row, labels) for row in rows[: MOST * 5] if _is_missed(row, end)][:MOST]


def _is_missed(row: FollowUp, end: datetime) -> bool:
    return row.done_at > row.due_at if row.done_at else row.due_at < end


def _missed(row: FollowUp, labels: dict) -> Evidence:
    sop, clause = cited_by(row.kind, row.limit_key)
    what = _("已完成, 超过期限") if row.done_at else _("到现在没有完成")
    label, text = str(labels.get(row.kind, row.kind)), row.text
    said = text if text.startswith(label) else f"{label}: {text}"
    return Evidence(
        key=f"followup:{row.pk}",
        rule="handover" if sop == "shifts" else "missed",
        sop=sop,
        clause=clause,
        label=f"{said} ({what})",
        url=row.url,
        at=row.due_at,
    )


def cited_by(kind: str, limit_key: str) -> tuple[str, str]:
    """The procedure and clause that a follow-up's limit stands in, else those of its app's first
    number; the handbook's general duty (MGT-7) where the rulebook knows no procedure.
    """
    number = BY_KEY.get(limit_key)
    if number is None or not number.sop:
        topic = kind.partition(".")[0]
        number = next((each for each in NUMBERS if each.topic == topic and each.sop), None)
    if number is None:
        return "", "MGT-7"
    return number.sop, number.clauses[0] if number.clauses else "MGT-7"


def records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """Follow-ups that this person owed within [start, end), kept or missed, as far as ``to`` may
    see them. One query.
    """
    owed = Q(owner=staff) | Q(owner=None, taken_by=staff)
    rows = FollowUp.objects.visible_to(to).filter(
        owed, due_at__gte=start, due_at__lt=end, cancelled_at=None
    )
    return [
        Record(
            key=f"followup:{row.pk}",
            kind=_("跟进"),
            label=f"{row.text} ({_standing(row, end)})",
            url=row.url,
            at=row.due_at,
        )
        for row in rows.order_by("-due_at", "-pk")[:MOST]
    ]


def _standing(row: FollowUp, end: datetime) -> str:
    if row.done_at:
        return _("按时完成") if row.was_kept else _("已完成, 超过期限")
    return _("暂停中") if row.paused_at else _("到现在没有完成")


PAGES = {
    "followups:followup_detail": Page(
        _lazy("跟进"),
        lambda to, pk: FollowUp.objects.visible_to(to).filter(pk=pk),
        lambda row: row.text,
        needs="followups.view",
    ),
}


def _modules() -> Iterator[ModuleType]:
    """The declared modules; one that is not there yet is skipped."""
    for name in settings.EVIDENCE_MODULES:
        try:
            yield sys.modules.get(name) or import_module(name)
        except ModuleNotFoundError as error:
            if not is_missing(name, error):
                raise


def _declared(name: str) -> list:
    return [getattr(module, name) for module in _modules() if hasattr(module, name)]


def collect(staff: Staff, start: datetime, end: datetime) -> list[Evidence]:
    """What every declared module has, oldest first."""
    found = [each for tell in _declared("evidence") for each in tell(staff, start, end)]
    return sorted(found, key=lambda each: (each.at, each.key))


def collect_records(staff: Staff, start: datetime, end: datetime, *, to: Staff) -> list[Record]:
    """What every declared module knows of this person that ``to`` may open, newest first."""
    found = [each for tell in _declared("records") for each in tell(staff, start, end, to=to)]
    return sorted(found, key=lambda each: (each.at, each.key), reverse=True)


def record_at(path: str, *, to: Staff) -> Record | None:
    """The record whose own page an address of ours is; None if there is none that ``to`` may open.

    Nothing is opened: the row is looked up. ValueError for an address that is no record's page, such
    as a list, a form or a step. One query.
    """
    try:
        match = resolve(path)
    except Resolver404:
        raise ValueError(path) from None
    pages: Mapping[str, Page] = {
        name: page for declared in _declared("PAGES") for name, page in declared.items()
    }
    page = pages.get(match.view_name)
    if page is None:
        raise ValueError(path)
    if page.needs and not to.has_perm(page.needs):
        return None
    row = page.find(to, **match.kwargs).first()
    return row and Record(path, page.kind, page.called(row), path)
