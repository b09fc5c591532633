"""What a complaint makes people owe, from the first word to the review (CMP-2).

Clocks: grade → first reply → solve by grade → reply → call-back → review. The solve clock is the
promise to the resident: only an extension that a superior approved and the resident knows moves
it. A department that a complaint was passed to owes its own answer beside it.
"""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from complaints.choices import Grade
from complaints.models import Complaint
from followups.actions import cancel, hand_to, meet, move, open_followup
from followups.kinds import Kind
from followups.models import FollowUp
from rulebook.limits import due

GRADE = "complaints.grade"
FIRST_REPLY = "complaints.first_reply"
RECEIVE = "complaints.receive"
ANSWER = "complaints.answer"
SOLVE = "complaints.solve"
LOOK = "complaints.look"
REPAIRED = "complaints.repaired"
REPLY = "complaints.reply"
CALLBACK = "complaints.callback"
REVIEW = "complaints.review"
REPORT = "complaints.report"
GM_ANSWER = "complaints.gm_answer"
EXTENSION = "complaints.extension"
TELL_EXTENSION = "complaints.tell_extension"
ANALYSIS = "complaints.analysis"

KINDS = (
    Kind(key=GRADE, label=_("定级"), title=gettext_noop("给投诉定级: %(place)s %(what)s"),
         action=_("定级受理"), night=True, pausable=False),
    Kind(key=FIRST_REPLY, label=_("首次回复"), title=gettext_noop("首次回复投诉人: %(place)s %(what)s"),
         action=_("记首次回复"), pausable=False),
    Kind(key=RECEIVE, label=_("签收"), title=gettext_noop("签收转来的投诉: %(place)s %(what)s"),
         action=_("签收")),
    Kind(key=ANSWER, label=_("部门处理"), title=gettext_noop("处理转来的投诉: %(place)s %(what)s"),
         action=_("记处理结果")),
    Kind(key=SOLVE, label=_("办结"), title=gettext_noop("按时限处理投诉: %(place)s %(what)s"),
         action=_("处理"), pausable=False),
    Kind(key=LOOK, label=_("阅处"), title=gettext_noop("上报的投诉等您意见: %(place)s %(what)s"),
         action=_("写意见")),
    Kind(key=REPAIRED, label=_("维修已完"),
         title=gettext_noop("维修已完工, 接着处理投诉: %(place)s %(what)s"), action=_("接着处理")),
    Kind(key=REPLY, label=_("回复业户"), title=gettext_noop("把处理结果告诉业户: %(place)s %(what)s"),
         action=_("记回复"), pausable=False, area=True),
    Kind(key=CALLBACK, label=_("投诉回访"), title=gettext_noop("回访投诉: %(place)s %(what)s"),
         action=_("记结果")),
    Kind(key=REVIEW, label=_("审核"), title=gettext_noop("审核投诉结案: %(place)s %(what)s"),
         action=_("审核结案"), filed_as=_("投诉")),
    Kind(key=REPORT, label=_("总经理阅知"), title=gettext_noop("重大投诉请阅知: %(place)s %(what)s"),
         action=_("阅知"), night=True, pausable=False),
    Kind(key=GM_ANSWER, label=_("总经理答复"),
         title=gettext_noop("重大投诉要有明确答复: %(place)s %(what)s"), action=_("写答复"), pausable=False),
    Kind(key=EXTENSION, label=_("延期审批"), title=gettext_noop("审批投诉延期: %(place)s %(what)s"),
         action=_("审批")),
    Kind(key=TELL_EXTENSION, label=_("告知延期"),
         title=gettext_noop("延期已批, 告诉业户: %(place)s %(what)s"), action=_("记已告知"), pausable=False),
    Kind(key=ANALYSIS, label=_("月度分析"), title=gettext_noop("写投诉月度分析: %(what)s"),
         action=_("写分析")),
)  # fmt: skip

# What ends with the work on it, and with the finding that there is nothing to work on.
WORK = (RECEIVE, ANSWER, SOLVE, LOOK, REPAIRED, EXTENSION, TELL_EXTENSION, REPORT, GM_ANSWER)
BY_PHONE = {FIRST_REPLY, REPLY, CALLBACK, TELL_EXTENSION}
SOLVE_LIMITS = {
    Grade.MINOR: "complaints.solve_minor",
    Grade.MAJOR: "complaints.solve_major",
    Grade.CRITICAL: "complaints.solve_critical",
}
# Who handles, by grade (same family as the manual): the manager organises a grave one.
HANDLERS = {
    Grade.MINOR: posts.CS_ASSISTANT,
    Grade.MAJOR: posts.CS_MANAGER,
    Grade.CRITICAL: posts.CS_MANAGER,
}


def about(complaint: Complaint) -> dict:
    """What every follow-up of a complaint says about it."""
    place = (complaint.place_label or complaint.where)[:60]
    return {
        "estate": complaint.estate,
        "unit": complaint.unit,
        "place_label": place,
        "params": {"place": place, "what": complaint.content[:40]},
        "url": reverse("complaints:complaint_detail", args=[complaint.pk]),
        "urgent": complaint.is_critical,
    }


def open_for(
    complaint: Complaint, kind: str, *, now: datetime, owner_post: str, **terms
) -> FollowUp:
    said = about(complaint)
    if kind in BY_PHONE:
        said["params"]["phone"] = complaint.contact_phone
    return open_followup(complaint, kind, now=now, owner_post=owner_post, **terms, **said)


def offer_to_dial(complaint: Complaint) -> None:
    """What is owed by phone already knows the number that came later."""
    for row in FollowUp.objects.open().about(complaint).filter(kind__in=BY_PHONE):
        params = row.params | {"phone": complaint.contact_phone}
        FollowUp.objects.open().filter(pk=row.pk).update(params=params)


def open_rows(complaint: Complaint) -> dict[str, FollowUp]:
    """The open follow-ups of a complaint by kind, in one query."""
    return {row.kind: row for row in FollowUp.objects.open().about(complaint)}


def open_first(complaint: Complaint, *, by: Staff, now: datetime) -> None:
    """Somebody grades it (CMP-1), and the resident hears from us within a working day (CMP-2)."""
    open_for(complaint, GRADE, now=now, owner_post=posts.CS_ASSISTANT, limit_key=GRADE)
    open_for(complaint, FIRST_REPLY, now=now, owner=by, owner_post=by.post, limit_key=FIRST_REPLY,
             start=min(complaint.complained_at, now))  # fmt: skip


def begun_at(complaint: Complaint) -> datetime:
    """When the promise of this round began to run: at the entry, or when it was opened again."""
    last = FollowUp.objects.about(complaint).filter(kind=SOLVE).order_by("-pk").first()
    return last.started_at if last else complaint.entered_at


def solve_by(complaint: Complaint, *, start: datetime, now: datetime) -> datetime:
    """The promise of the grade from ``start``; a promise that stands is never later than past."""
    wanted = due(SOLVE_LIMITS[complaint.grade], start=start).due_at
    return complaint.promised_at if wanted <= now and complaint.promised_at else wanted


def open_solve(complaint: Complaint, *, start: datetime, now: datetime) -> None:
    """The handler of the grade owes the end of it by the promise (CMP-6)."""
    open_for(complaint, SOLVE, now=now, owner_post=HANDLERS[complaint.grade], start=start,
             due_at=complaint.promised_at, limit_key=SOLVE_LIMITS[complaint.grade])  # fmt: skip


def regrade(complaint: Complaint, *, now: datetime) -> None:
    """Another grade: another handler, and the promise that goes with it."""
    if SOLVE in open_rows(complaint):
        hand_to(complaint, SOLVE, owner=None, owner_post=HANDLERS[complaint.grade], now=now)
        move_solve(complaint, now=now)
    if complaint.is_critical:
        open_critical(complaint, now=now)
    else:
        cancel(complaint, REPORT, GM_ANSWER, now=now)


def move_solve(complaint: Complaint, *, now: datetime) -> None:
    """The solve clock and the department's own follow the promise."""
    rows = open_rows(complaint)
    for kind in (SOLVE, ANSWER):
        if kind in rows and rows[kind].due_at != complaint.promised_at:
            move(complaint, kind, due_at=complaint.promised_at, now=now)


def open_critical(complaint: Complaint, *, now: datetime) -> None:
    """The general manager hears of it the same day, and owes a clear answer in two days."""
    rows = open_rows(complaint)
    if REPORT not in rows:
        tonight = timezone.localtime(now).replace(hour=23, minute=59, second=0, microsecond=0)
        by = min(due("complaints.critical_report", start=now).due_at, max(tonight, now))
        open_for(complaint, REPORT, now=now, owner_post=posts.GENERAL_MANAGER, due_at=by,
                 limit_key="complaints.critical_report")  # fmt: skip
    if GM_ANSWER not in rows and complaint.gm_answered_at is None:
        open_for(complaint, GM_ANSWER, now=now, owner_post=posts.GENERAL_MANAGER,
                 limit_key="complaints.critical_answer")  # fmt: skip


def open_reply(complaint: Complaint, *, now: datetime) -> None:
    """The resident hears the result without asking: from the area's butler, else the desk."""
    butler = complaint.butler
    open_for(complaint, REPLY, now=now, owner=butler,
             owner_post=posts.BUTLER if butler else posts.FRONT_DESK, limit_key=REPLY)  # fmt: skip


def open_callback(complaint: Complaint, *, handlers: set[int], now: datetime) -> None:
    """Within three days, by somebody who did not handle it (defaults 2.3 and 2.10)."""
    owner, post = complaint.caller, posts.FRONT_DESK
    if owner:
        post = owner.post
    elif complaint.is_critical and not _manager_handled(complaint, handlers):
        post = posts.CS_MANAGER
    open_for(complaint, CALLBACK, now=now, owner=owner, owner_post=post, limit_key=CALLBACK)


def _manager_handled(complaint: Complaint, handlers: set[int]) -> bool:
    return Staff.objects.filter(pk__in=handlers, post=posts.CS_MANAGER).exists()


def open_review(complaint: Complaint, *, now: datetime) -> None:
    """The handler's post looks back and closes it."""
    open_for(complaint, REVIEW, now=now, owner_post=HANDLERS[complaint.grade], limit_key=REVIEW)


def end_work(complaint: Complaint, *, by: Staff, now: datetime) -> None:
    """Handled: what waited for it is owed no more."""
    rows = open_rows(complaint)
    for kind in (SOLVE, ANSWER, REPAIRED):
        if kind in rows:
            meet(complaint, kind, by=by, now=now)
    cancel(complaint, RECEIVE, LOOK, EXTENSION, TELL_EXTENSION, now=now)
