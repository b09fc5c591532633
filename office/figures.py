"""The figures of a day and of a month: each is a list that is counted, and opens as that list.

A figure is a base of rows and a condition. Counting and listing read the same two, so that a
number on the page and the rows behind it cannot disagree.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.posts import POSTS
from complaints.choices import Cause, Grade, Validity
from complaints.models import Complaint
from complaints.statuses import Status as ComplaintStatus
from contacts.models import Contact, Outcome
from estates.models import Estate
from followups.models import FollowUp
from office.models import Attendance, TrainingSession
from office.periods import Span
from office.statuses import Standing
from repairs import followups as clocks
from repairs.models import Repair, Satisfaction
from repairs.statuses import Status as RepairStatus
from visits.models import Callback, Visit, VisitStatus

Condition = Callable[[Span], Q]


@dataclass(frozen=True)
class Base:
    """Rows of one kind in a period. ``order`` is that of the list."""

    code: str
    rows: Callable[[Estate, Span], QuerySet]
    order: tuple[str, ...]
    joined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    key: str
    label: str | Promise
    base: Base
    condition: Condition

    def rows(self, estate: Estate, span: Span) -> QuerySet:
        """The rows behind the number, in the order of the list."""
        rows = self.base.rows(estate, span).filter(self.condition(span))
        return rows.select_related(*self.base.joined).order_by(*self.base.order)


def _within(field: str) -> Callable[[Span], Q]:
    return lambda span: Q(**{f"{field}__gte": span.start, f"{field}__lt": span.end})


def _reported(estate, span):
    return Repair.objects.filter(_within("reported_at")(span), estate=estate)


def _finished(estate, span):
    return Repair.objects.filter(_within("finished_at")(span), estate=estate)


def _called_back(estate, span):
    return Repair.objects.filter(_within("called_back_at")(span), estate=estate)


def _unfinished(estate, span):
    """What is not done, looked at as it was at ``as_of``."""
    return Repair.objects.filter(estate=estate, reported_at__lt=min(span.end, span.as_of)).exclude(
        status__in=(RepairStatus.CANCELLED, RepairStatus.MERGED)
    )


def _owed(estate, span):
    """Follow-ups whose moment lies in the period and which are decided: done, or past it."""
    decided = Q(done_at__isnull=False) | Q(due_at__lt=span.as_of, paused_at__isnull=True)
    rows = FollowUp.objects.filter(_within("due_at")(span), decided, estate=estate)
    return rows.filter(cancelled_at__isnull=True)


def _complaints(estate, span):
    return Complaint.objects.filter(_within("complained_at")(span), estate=estate)


def _promised_complaints(estate, span):
    decided = Q(handled_at__isnull=False) | Q(promised_at__lt=span.as_of)
    return Complaint.objects.filter(_within("promised_at")(span), decided, estate=estate)


def _open_complaints(estate, span):
    return Complaint.objects.filter(estate=estate, complained_at__lt=min(span.end, span.as_of))


def _planned_visits(estate, span):
    rows = Visit.objects.filter(estate=estate, planned_for__range=(span.first, span.last))
    return rows.exclude(status=VisitStatus.CANCELLED)


def _visits(estate, span):
    return Visit.objects.filter(estate=estate, visited_on__range=(span.first, span.last))


def _callbacks(estate, span):
    return Callback.objects.filter(_within("opened_at")(span), estate=estate)


def _contacts(estate, span):
    return Contact.objects.filter(_within("started_at")(span), estate=estate)


def _trainings(estate, span):
    rows = TrainingSession.objects.filter(_within("starts_at")(span), estate=estate)
    return rows.filter(held_at__isnull=False)


def _attendances(estate, span):
    rows = Attendance.objects.filter(session__estate=estate, session__held_at__isnull=False)
    return rows.filter(_within("session__starts_at")(span))


REPORTED = Base("repair", _reported, ("reported_at", "pk"), ("unit", "place"))
FINISHED = Base("repair", _finished, ("finished_at", "pk"), ("unit", "place"))
CALLED_BACK = Base("repair", _called_back, ("called_back_at", "pk"), ("unit", "place"))
UNFINISHED = Base("repair", _unfinished, ("reported_at", "pk"), ("unit", "place"))
OWED = Base("followup", _owed, ("due_at", "pk"), ("owner",))
COMPLAINTS = Base("complaint", _complaints, ("complained_at", "pk"), ("unit", "place"))
PROMISED = Base("complaint", _promised_complaints, ("promised_at", "pk"), ("unit", "place"))
OPEN_COMPLAINTS = Base("complaint", _open_complaints, ("complained_at", "pk"), ("unit", "place"))
PLANNED_VISITS = Base("visit", _planned_visits, ("planned_for", "pk"), ("unit", "butler"))
VISITS = Base("visit", _visits, ("visited_on", "pk"), ("unit", "butler"))
CALLBACKS = Base("callback", _callbacks, ("opened_at", "pk"), ("unit",))
CONTACTS = Base("contact", _contacts, ("started_at", "pk"), ("unit",))
TRAININGS = Base("training", _trainings, ("starts_at", "pk"))
ATTENDANCES = Base("attendance", _attendances, ("session__starts_at", "pk"), ("session", "staff"))

MET_VISITS = Q(status__in=[VisitStatus.VISITED, VisitStatus.CLOSED])
KEPT = Q(done_at__isnull=False, done_at__lte=F("due_at"))
MISSED = Q(done_at__isnull=True) | Q(done_at__gt=F("due_at"))
PASSED = Q(status__in=[Standing.PASSED, Standing.PASSED_RESIT])
CLOCKS = (
    (clocks.DISPATCH, _("转单")),
    (clocks.ACCEPT, _("接单")),
    (clocks.ARRIVE, _("到场")),
    (clocks.FINISH, _("完成")),
    (clocks.RETURN, _("返单")),
    (clocks.CALLBACK, _("回访")),
)
SOLVED = Q(satisfaction__in=Satisfaction.values)
GRADES = ((Grade.MINOR, "minor"), (Grade.MAJOR, "major"), (Grade.CRITICAL, "critical"),
          (Grade.NONE, "none"))  # fmt: skip
CAUSES = tuple((cause, cause.value or "none") for cause in Cause)


def fixed(condition: Q) -> Condition:
    return lambda span: condition


EVERY = fixed(Q())


def still_open(*done_fields: str) -> Condition:
    """Not done at the moment one looks, however it went on afterwards."""

    def condition(span):
        found = Q()
        for field in done_fields:
            found &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": span.as_of})
        return found

    return condition


def _three(prefix: str, label, condition: Q) -> list[Figure]:
    """Owed, kept and missed of one group of follow-ups."""
    return [
        Figure(f"{prefix}.owed", label, OWED, fixed(condition)),
        Figure(f"{prefix}.kept", label, OWED, fixed(condition & KEPT)),
        Figure(f"{prefix}.missed", label, OWED, fixed(condition & MISSED)),
    ]


def _all() -> Iterable[Figure]:
    yield Figure("repairs.reported", _("报修"), REPORTED, EVERY)
    yield Figure("repairs.urgent", _("其中急修"), REPORTED, fixed(Q(priority="emergency")))
    yield Figure("repairs.reworked", _("其中返修"), REPORTED, fixed(Q(rework_of__isnull=False)))
    yield Figure("repairs.finished", _("完工"), FINISHED, EVERY)
    yield Figure("repairs.callback_done", _("完工后已回访"), FINISHED,
                 lambda span: Q(called_back_at__isnull=False, called_back_at__lte=span.as_of))  # fmt: skip
    yield Figure("repairs.answered", _("回访作了评价"), CALLED_BACK, fixed(SOLVED))
    for value in Satisfaction:
        yield Figure(f"repairs.{value.value}", value.label, CALLED_BACK,
                     fixed(Q(satisfaction=value)))  # fmt: skip
    yield Figure("repairs.open", _("未完工的报修"), UNFINISHED, still_open("finished_at"))
    for kind, label in CLOCKS:
        yield from _three(f"clock.{kind.partition('.')[2]}", label, Q(kind=kind))
    yield Figure("complaints.received", _("投诉"), COMPLAINTS, EVERY)
    yield Figure("complaints.valid", _("有效投诉"), COMPLAINTS, fixed(Q(validity=Validity.VALID)))
    for grade, code in GRADES:
        yield Figure(f"complaints.grade.{code}", grade.label, COMPLAINTS, fixed(Q(grade=grade)))
    for cause, code in CAUSES:
        yield Figure(f"complaints.cause.{code}", cause.label, COMPLAINTS, fixed(Q(cause=cause)))
    yield Figure("complaints.promised", _("到了承诺时限"), PROMISED, EVERY)
    yield Figure("complaints.on_time", _("按时处理"), PROMISED,
                 fixed(Q(handled_at__isnull=False, handled_at__lte=F("promised_at"))))  # fmt: skip
    yield Figure("complaints.late", _("超过时限"), PROMISED,
                 fixed(Q(handled_at__isnull=True) | Q(handled_at__gt=F("promised_at"))))  # fmt: skip
    yield Figure("complaints.open", _("未结投诉"), OPEN_COMPLAINTS,
                 lambda span: ~Q(status=ComplaintStatus.CLOSED) | Q(closed_at__gt=span.as_of))  # fmt: skip
    yield Figure("visits.planned", _("计划走访"), PLANNED_VISITS, EVERY)
    yield Figure("visits.met", _("已走访到"), PLANNED_VISITS, fixed(MET_VISITS))
    yield Figure("visits.refused", _("拒访"), PLANNED_VISITS, fixed(Q(status=VisitStatus.REFUSED)))
    yield Figure("visits.unmet", _("未走访到"), PLANNED_VISITS,
                 fixed(Q(status__in=[VisitStatus.PLANNED, VisitStatus.MISSED])))  # fmt: skip
    yield Figure("visits.made", _("走访"), VISITS, fixed(MET_VISITS))
    yield Figure("callbacks.owed", _("服务回访"), CALLBACKS, EVERY)
    yield Figure("callbacks.done", _("已回访"), CALLBACKS, fixed(Q(called_at__isnull=False)))
    yield Figure("help.given", _("求助与答复"), CONTACTS,
                 fixed(Q(outcome__in=[Outcome.HELPED, Outcome.ANSWERED])))  # fmt: skip
    yield Figure("contacts.taken", _("来电来访"), CONTACTS, EVERY)
    yield Figure("training.held", _("培训场次"), TRAININGS, EVERY)
    yield Figure("training.called", _("应到人次"), ATTENDANCES, EVERY)
    yield Figure("training.present", _("实到人次"), ATTENDANCES,
                 fixed(Q(signed_at__isnull=False)))  # fmt: skip
    yield Figure("training.passed", _("考核合格"), ATTENDANCES, fixed(PASSED))
    yield Figure("training.failed", _("不合格"), ATTENDANCES, fixed(Q(status=Standing.FAILED)))
    for post in POSTS:
        yield from _three(f"post.{post.code}", post.label, Q(owner_post=post.code))
    yield from _three("followups", _("全部跟进"), Q())


FIGURES = {figure.key: figure for figure in _all()}

# The daily log (LOG-1). Patrols are not yet kept by this software.
DAILY = ("repairs.reported", "complaints.received", "help.given", "visits.made", "repairs.open",
         "complaints.open")  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a table: its figures by column, and of which two the share is told."""

    label: str | Promise
    keys: tuple[str, ...]
    share: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    code: str
    title: str | Promise
    columns: tuple[str | Promise, ...]
    lines: tuple[Line, ...]
    share_label: str | Promise = ""


def _kept(prefix: str, label) -> Line:
    keys = tuple(f"{prefix}.{each}" for each in ("owed", "kept", "missed"))
    return Line(label, keys, (keys[1], keys[0]))


def _singles(*keys: str) -> tuple[Line, ...]:
    return tuple(Line(FIGURES[key].label, (key,)) for key in keys)


OWED_COLUMNS = (_("应完成"), _("按时"), _("超时"))
TABLES = (
    Table("clocks", _("报修及时率"), OWED_COLUMNS,
          tuple(_kept(f"clock.{kind.partition('.')[2]}", label) for kind, label in CLOCKS),
          _("及时率")),
    Table("repairs", _("报修与回访"), (_("件数"),), (
        *_singles("repairs.reported", "repairs.urgent", "repairs.reworked", "repairs.finished"),
        Line(_("完工后已回访"), ("repairs.callback_done",),
             ("repairs.callback_done", "repairs.finished")),
        Line(_("满意"), ("repairs.satisfied",), ("repairs.satisfied", "repairs.answered")),
        Line(_("基本满意"), ("repairs.fair",), ("repairs.fair", "repairs.answered")),
        Line(_("不满意"), ("repairs.dissatisfied",), ("repairs.dissatisfied", "repairs.answered")),
        *_singles("repairs.open"),
    ), _("占比")),
    Table("complaints", _("投诉"), (_("件数"),), (
        *_singles("complaints.received", "complaints.valid", "complaints.promised"),
        Line(_("按时处理"), ("complaints.on_time",), ("complaints.on_time", "complaints.promised")),
        *_singles("complaints.late", "complaints.open"),
    ), _("占比")),
    Table("grades", _("投诉按等级"), (_("件数"),), tuple(
        Line(grade.label, (f"complaints.grade.{code}",),
             (f"complaints.grade.{code}", "complaints.received"))
        for grade, code in GRADES
    ), _("占比")),
    Table("causes", _("投诉按原因"), (_("件数"),), tuple(
        Line(cause.label, (f"complaints.cause.{code}",),
             (f"complaints.cause.{code}", "complaints.received"))
        for cause, code in CAUSES
    ), _("占比")),
    Table("visits", _("走访覆盖"), (_("户数"),), (
        *_singles("visits.planned"),
        Line(_("已走访到"), ("visits.met",), ("visits.met", "visits.planned")),
        *_singles("visits.refused", "visits.unmet"),
        Line(_("服务回访"), ("callbacks.owed",)),
        Line(_("已回访"), ("callbacks.done",), ("callbacks.done", "callbacks.owed")),
    ), _("占比")),
    Table("training", _("培训"), (_("数量"),), (
        *_singles("training.held", "training.called"),
        Line(_("实到人次"), ("training.present",), ("training.present", "training.called")),
        *_singles("training.passed", "training.failed"),
    ), _("占比")),
    Table("posts", _("各岗位跟进"), OWED_COLUMNS, (
        *(_kept(f"post.{post.code}", post.label) for post in POSTS),
        _kept("followups", _("合计")),
    ), _("按时率")),
)  # fmt: skip
MONTHLY = tuple(
    dict.fromkeys(
        key for table in TABLES for line in table.lines for key in (*line.keys, *(line.share or ()))
    )
)


def count(keys: Iterable[str], estate: Estate, span: Span) -> dict[str, int]:
    """Every figure by key; one query per kind of rows, however many figures it has."""
    by_base: dict[int, tuple[Base, dict[str, Q]]] = {}
    for key in keys:
        figure = FIGURES[key]
        base, conditions = by_base.setdefault(id(figure.base), (figure.base, {}))
        conditions[key] = figure.condition(span)
    found: dict[str, int] = {}
    for base, conditions in by_base.values():
        names = {f"n{index}": key for index, key in enumerate(conditions)}
        counted = base.rows(estate, span).aggregate(
            **{
                name: Count("pk", filter=conditions[key]) if conditions[key] else Count("pk")
                for name, key in names.items()
            }
        )
        found |= {key: counted[name] for name, key in names.items()}
    return found


def training_hours(estate: Estate, span: Span) -> Decimal:
    """人时: the hours of every session times those who were there."""
    rows = _attendances(estate, span).filter(signed_at__isnull=False)
    return rows.aggregate(hours=Sum("session__hours"))["hours"] or Decimal(0)


@dataclass(frozen=True)
class Cell:
    key: str
    value: int | None


@dataclass(frozen=True)
class Row:
    label: str | Promise
    cells: list[Cell]
    share: float | None


def filled(tables: Iterable[Table], values: dict[str, int]) -> list[tuple[Table, list[Row]]]:
    """The tables with their numbers; a line of posts that owed nothing is left out."""
    found = []
    for table in tables:
        rows = []
        for line in table.lines:
            cells = [Cell(key, values.get(key)) for key in line.keys]
            if table.code == "posts" and not any(cell.value for cell in cells):
                continue
            rows.append(Row(line.label, cells, _share(line, values)))
        found.append((table, rows))
    return found


def _share(line: Line, values: dict[str, int]) -> float | None:
    if line.share is None:
        return None
    part, whole = (values.get(key) for key in line.share)
    return round(part * 100 / whole, 1) if whole and part is not None else None
