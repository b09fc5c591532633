"""Which figures the daily log and the monthly summary have (LOG-1, SUM-1; forms 4.19)."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.posts import POSTS
from complaints.choices import Cause, Grade, Validity
from complaints.models import Complaint
from complaints.statuses import Status as ComplaintStatus
from contacts.models import Contact, Outcome
from estates.models import Occupancy, Unit
from followups import drawers
from followups.models import FollowUp
from incidents.models import Incident
from office.figures import (
    Base,
    Figure,
    Line,
    Table,
    kept_line,
    kept_or_missed,
    on_days,
    owed_within,
    summed,
    within,
)
from office.models import Attendance, TrainingSession
from office.statuses import QUALIFIED, Standing
from repairs import followups as clocks
from repairs.models import Repair, Satisfaction
from repairs.statuses import Status as RepairStatus
from visits.models import Callback, Visit, VisitStatus


def _unfinished(span):
    """Whatever is not done when one looks, also from before the period."""
    dropped = Q(status__in=(RepairStatus.CANCELLED, RepairStatus.MERGED))
    return Q(reported_at__lt=span.end, finished_at__isnull=True) & ~dropped


def _promised(span):
    """Complaints whose promise is decided: handled, or past it."""
    decided = Q(handled_at__isnull=False) | Q(promised_at__lt=span.as_of)
    return within("promised_at")(span) & decided


def _unsettled(span):
    return Q(complained_at__lt=span.end) & ~Q(status=ComplaintStatus.CLOSED)


def _planned(span):
    return on_days("planned_for")(span) & ~Q(status=VisitStatus.CANCELLED)


def _held(path):
    return lambda span: within(f"{path}starts_at")(span) & Q(**{f"{path}held_at__isnull": False})


def _takes_calls(reader):
    return Q() if reader.has_perm("contacts.take") else Q(pk__in=[])


REPORTED, FINISHED, CALLED_BACK, UNFINISHED = (
    Base(Repair, where, drawers.repair, ("unit", "place"))
    for where in (within("reported_at"), within("finished_at"), within("called_back_at"),
                  _unfinished)
)  # fmt: skip
COMPLAINTS, PROMISED, UNSETTLED = (
    Base(Complaint, where, drawers.complaint, ("unit", "place"))
    for where in (within("complained_at"), _promised, _unsettled)
)
PLANNED_VISITS, VISITS = (
    Base(Visit, where, drawers.visit, ("unit", "butler"))
    for where in (_planned, on_days("visited_on"))
)
CALLBACKS = Base(Callback, within("opened_at"), drawers.callback, ("unit",))
CONTACTS = Base(Contact, within("started_at"), drawers.contact, ("unit",), opens=_takes_calls)
INCIDENTS = Base(Incident, within("happened_at"), drawers.incident)
OWED = Base(FollowUp, owed_within, drawers.followup, ("owner",))
UNITS = Base(Unit, lambda span: Q(), drawers.unit)
TRAININGS = Base(TrainingSession, _held(""), drawers.training)
ATTENDANCES = Base(Attendance, _held("session__"), drawers.attendance, ("session", "staff"),
                   estate="session__estate")  # fmt: skip

CLOCKS = (
    (clocks.DISPATCH, _("转单")),
    (clocks.ACCEPT, _("接单")),
    (clocks.ARRIVE, _("到场")),
    (clocks.FINISH, _("完成")),
    (clocks.RETURN, _("返单")),
    (clocks.CALLBACK, _("回访")),
)
# What a handover makes people owe; the room of the shifts stands beside this one, so by name.
HANDOVERS = (
    ("shifts.receive", _("接班签字")),
    ("shifts.missing", _("缺交接班记录")),
    ("shifts.carried", _("上班移交")),
    ("shifts.instruction", _("领导交办")),
)
GRADES = ((Grade.MINOR, "minor"), (Grade.MAJOR, "major"), (Grade.CRITICAL, "critical"),
          (Grade.NONE, "none"))  # fmt: skip
CAUSES = tuple((cause, cause.value or "none") for cause in Cause)
MET = Q(status__in=[VisitStatus.VISITED, VisitStatus.CLOSED])


def _clock(kind: str) -> str:
    return f"clock.{kind.partition('.')[2]}"


def _handover(kind: str) -> str:
    return f"handover.{kind.partition('.')[2]}"


def _figures() -> Iterable[Figure]:
    yield Figure("repairs.reported", _("报修"), REPORTED)
    yield Figure("repairs.urgent", _("其中急修"), REPORTED, Q(priority="emergency"))
    yield Figure("repairs.reworked", _("其中返修"), REPORTED, Q(rework_of__isnull=False))
    yield Figure("repairs.finished", _("完工"), FINISHED)
    yield Figure("repairs.callback_done", _("完工后已回访"), FINISHED,
                 Q(called_back_at__isnull=False))  # fmt: skip
    yield Figure("repairs.answered", _("回访作了评价"), CALLED_BACK,
                 Q(satisfaction__in=Satisfaction.values))  # fmt: skip
    for value in Satisfaction:
        yield Figure(f"repairs.{value.value}", value.label, CALLED_BACK, Q(satisfaction=value))
    yield Figure("repairs.open", _("未完工的报修"), UNFINISHED)
    for kind, label in CLOCKS:
        yield from kept_or_missed(_clock(kind), label, OWED, Q(kind=kind))
    yield Figure("complaints.received", _("投诉"), COMPLAINTS)
    yield Figure("complaints.valid", _("有效投诉"), COMPLAINTS, Q(validity=Validity.VALID))
    for grade, code in GRADES:
        yield Figure(f"complaints.grade.{code}", grade.label, COMPLAINTS, Q(grade=grade))
    for cause, code in CAUSES:
        yield Figure(f"complaints.cause.{code}", cause.label, COMPLAINTS, Q(cause=cause))
    yield Figure("complaints.promised", _("到了承诺时限"), PROMISED)
    yield Figure("complaints.on_time", _("按时处理"), PROMISED,
                 Q(handled_at__isnull=False, handled_at__lte=F("promised_at")))  # fmt: skip
    yield Figure("complaints.late", _("超过时限"), PROMISED,
                 Q(handled_at__isnull=True) | Q(handled_at__gt=F("promised_at")))  # fmt: skip
    yield Figure("complaints.open", _("未结投诉"), UNSETTLED)
    yield Figure("visits.planned", _("计划走访"), PLANNED_VISITS)
    yield Figure("visits.met", _("已走访到"), PLANNED_VISITS, MET)
    yield Figure("visits.refused", _("拒访"), PLANNED_VISITS, Q(status=VisitStatus.REFUSED))
    yield Figure("visits.unmet", _("未走访到"), PLANNED_VISITS,
                 Q(status__in=[VisitStatus.PLANNED, VisitStatus.MISSED]))  # fmt: skip
    yield Figure("visits.made", _("走访"), VISITS, MET)
    yield Figure("callbacks.owed", _("服务回访"), CALLBACKS)
    yield Figure("callbacks.done", _("已回访"), CALLBACKS, Q(called_at__isnull=False))
    yield Figure("contacts.taken", _("来电来访"), CONTACTS)
    yield Figure("help.given", _("求助与答复"), CONTACTS,
                 Q(outcome__in=[Outcome.HELPED, Outcome.ANSWERED]))  # fmt: skip
    yield Figure("incidents.raised", _("重大事件"), INCIDENTS)
    yield Figure("units.all", _("全部房屋"), UNITS)
    for occupancy in Occupancy:
        yield Figure(f"units.{occupancy.value}", occupancy.label, UNITS, Q(occupancy=occupancy))
    for kind, label in HANDOVERS:
        yield from kept_or_missed(_handover(kind), label, OWED, Q(kind=kind))
    yield Figure("training.held", _("培训场次"), TRAININGS)
    yield Figure("training.called", _("应到人次"), ATTENDANCES)
    yield Figure("training.present", _("实到人次"), ATTENDANCES, Q(signed_at__isnull=False))
    yield Figure("training.passed", _("考核合格"), ATTENDANCES, Q(status__in=QUALIFIED))
    yield Figure("training.failed", _("不合格"), ATTENDANCES, Q(status=Standing.FAILED))
    yield Figure("training.hours", _("培训人时"), ATTENDANCES, Q(signed_at__isnull=False),
                 summed("session__hours"))  # fmt: skip
    for post in POSTS:
        yield from kept_or_missed(f"post.{post.code}", post.label, OWED, Q(owner_post=post.code))
    yield from kept_or_missed("followups", _("全部跟进"), OWED, Q())


OWN = {figure.key: figure for figure in _figures()}

# The daily log (LOG-1). Patrols are not yet kept by this software.
DAILY = tuple(
    OWN[key]
    for key in (
        "repairs.reported",
        "complaints.received",
        "help.given",
        "visits.made",
        "repairs.open",
        "complaints.open",
    )
)


def _singles(*keys: str) -> tuple[Line, ...]:
    return tuple(Line(OWN[key].label, (key,)) for key in keys)


def _part(key: str, whole: str, target: str = "") -> Line:
    """A line whose share of another figure is told."""
    return Line(OWN[key].label, (key,), (key, whole), target)


# REP-8: what engineering owes the resident at the door has a target of its own.
ON_TIME = {clocks.ARRIVE: "repairs.on_time_target", clocks.FINISH: "repairs.on_time_target"}
OWED_COLUMNS = (_("应完成"), _("按时"), _("超时"))
TABLES = (
    Table("clocks", _("报修及时率"), OWED_COLUMNS,
          tuple(kept_line(_clock(kind), label, ON_TIME.get(kind, "")) for kind, label in CLOCKS),
          _("及时率")),
    Table("repairs", _("报修与回访"), (_("件数"),), (
        *_singles("repairs.reported", "repairs.urgent", "repairs.reworked", "repairs.finished"),
        _part("repairs.callback_done", "repairs.finished", "repairs.callback_share"),
        *(_part(f"repairs.{value.value}", "repairs.answered") for value in Satisfaction),
        *_singles("repairs.open"),
    ), _("占比")),
    Table("complaints", _("投诉"), (_("件数"),), (
        *_singles("complaints.received", "complaints.valid", "complaints.promised"),
        _part("complaints.on_time", "complaints.promised"),
        *_singles("complaints.late", "complaints.open"),
    ), _("占比")),
    Table("grades", _("投诉按等级"), (_("件数"),), tuple(
        _part(f"complaints.grade.{code}", "complaints.received") for _grade, code in GRADES
    ), _("占比")),
    Table("causes", _("投诉按原因"), (_("件数"),), tuple(
        _part(f"complaints.cause.{code}", "complaints.received") for _cause, code in CAUSES
    ), _("占比")),
    Table("visits", _("走访覆盖"), (_("户数"),), (
        *_singles("visits.planned"),
        _part("visits.met", "visits.planned"),
        *_singles("visits.refused", "visits.unmet", "callbacks.owed"),
        _part("callbacks.done", "callbacks.owed"),
    ), _("占比")),
    Table("contacts", _("来电求助"), (_("件数"),),
          _singles("contacts.taken", "help.given", "incidents.raised")),
    Table("units", _("入住与空置"), (_("户数"),), (
        *_singles("units.all"),
        *(_part(f"units.{occupancy.value}", "units.all") for occupancy in Occupancy),
    ), _("占比")),
    Table("handovers", _("交接班"), OWED_COLUMNS,
          tuple(kept_line(_handover(kind), label) for kind, label in HANDOVERS), _("按时率")),
    Table("training", _("培训"), (_("数量"),), (
        *_singles("training.held", "training.called"),
        _part("training.present", "training.called"),
        *_singles("training.passed", "training.failed", "training.hours"),
    ), _("占比")),
    Table("posts", _("各岗位跟进"), OWED_COLUMNS, (
        *(kept_line(f"post.{post.code}", post.label) for post in POSTS),
        kept_line("followups", _("合计")),
    ), _("按时率"), leaves_out_empty=True),
)  # fmt: skip


@cache
def monthly_tables() -> tuple[Table, ...]:
    """The month's tables: the office's own, then those of the rooms above it."""
    return TABLES + tuple(each for module in _rooms_above() for each in module.TABLES)


@cache
def target_keys() -> tuple[str, ...]:
    """The numbers of the rulebook that the month's shares are held against."""
    lines = (line for table in monthly_tables() for line in table.lines)
    return tuple(dict.fromkeys(line.target for line in lines if line.target))


@cache
def all_figures() -> dict[str, Figure]:
    """Every figure by its key."""
    above = {each.key: each for module in _rooms_above() for each in module.FIGURES}
    return OWN | above


@cache
def monthly() -> tuple[Figure, ...]:
    """The figures that the month's tables need, each once."""
    keys = dict.fromkeys(
        key
        for table in monthly_tables()
        for line in table.lines
        for key in (*line.keys, *(line.share or ()))
    )
    return tuple(all_figures()[key] for key in keys)


def _rooms_above():
    return [import_module(name) for name in settings.SUMMARY_MODULES]
