"""Who may do what to a repair now: one row per verb, read by pages, forms and doors alike."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from repairs import followups as kinds
from repairs.actions.handover import UNDO
from repairs.models import Repair
from repairs.statuses import CLOSED, UNFINISHED, WAITING, Status

S = Status
EVERYWHERE = frozenset(S)
NOT_CLOSED = EVERYWHERE - set(CLOSED)
GIVEN_OUT = {S.IN_PROGRESS, S.ARRIVED}


@dataclass(frozen=True)
class Verb:
    """``owed``: shown only while this follow-up is open. ``undo``: the verb that takes it back."""

    key: str
    permission: str
    statuses: Collection[str]
    label: str | Promise
    done: str | Promise
    owed: str = ""
    undo: str = ""
    shortcut: str = ""
    icon: str = ""
    grave: bool = False  # asks once more, in words (screens 3.6)
    hidden: bool = field(default=False)  # reached by undo, or drawn by its own fragment


# In the order in which the page offers them: the next step first, the rare ones last.
VERBS = (
    Verb("dispatch", "repairs.dispatch", {S.TO_DISPATCH}, _("转工程"), _("已转工程"),
         undo="recall", shortcut="F8", icon="send"),
    Verb("resident_told", "repairs.call_back", UNFINISHED, _("已回复业户"), _("已记回复业户"),
         owed=kinds.TELL_RESIDENT, icon="phone-outgoing"),
    Verb("accept", "repairs.accept", {S.DISPATCHED}, _("接单"), _("已接单"),
         undo="undo_accept", shortcut="1", icon="check"),
    Verb("urge", "repairs.dispatch", {S.DISPATCHED}, _("催接"), _("已催工程接单"),
         shortcut="F9", icon="bell-ringing"),
    Verb("accept_verbally", "repairs.accept_verbally", {S.DISPATCHED}, _("代签接单"),
         _("已代签接单"), icon="signature"),
    Verb("assign", "repairs.assign", {S.ACCEPTED, S.DELAYED, S.IN_PROGRESS}, _("派工"), _("已派工"),
         undo="undo_assign", shortcut="2", icon="user-plus"),
    Verb("quote", "repairs.assess", {S.ASSESSING}, _("报价"), _("已报价, 等前台问业户"),
         owed=kinds.ASSESS, icon="receipt-yuan"),
    Verb("agree", "repairs.call_back", {S.ASSESSING}, _("业户同意"), _("已记业户同意"),
         owed=kinds.AGREEMENT, icon="thumb-up"),
    Verb("decline", "repairs.call_back", {S.ASSESSING}, _("业户不同意"), _("已按业户意见取消"),
         owed=kinds.AGREEMENT, icon="thumb-down"),
    Verb("continue_work", "repairs.work", {S.DELAYED}, _("继续处理"), _("已继续处理"),
         icon="player-play"),
    Verb("resume", "repairs.work", WAITING, _("恢复处理"), _("已恢复处理"), icon="player-play"),
    Verb("arrive", "repairs.work", {S.IN_PROGRESS, *WAITING}, _("到场"), _("已记到场"),
         icon="map-pin"),
    Verb("finish", "repairs.work", {*GIVEN_OUT, *WAITING}, _("完工"), _("已完工, 等返单"),
         undo="undo_finish", icon="circle-check"),
    Verb("return_slip", "repairs.return_slip", {S.FINISHED}, _("返单"), _("已返单, 等回访"),
         icon="arrow-back-up"),
    Verb("call_back", "repairs.call_back", {S.RETURNED}, _("回访"), _("已记回访"),
         undo="undo_call_back", shortcut="C", icon="phone-check"),
    Verb("archive", "repairs.archive", {S.CALLED_BACK}, _("存档"), _("已存档"), icon="archive"),
    Verb("onsite_check", "repairs.onsite", EVERYWHERE, _("记入户跟进"), _("已记入户跟进"),
         owed=kinds.ONSITE, icon="home-check"),
    Verb("review_late", "repairs.view", UNFINISHED, _("写处理意见"), _("已写处理意见"),
         icon="message-report"),
    Verb("refuse", "repairs.accept", {S.DISPATCHED}, _("退回前台"), _("已退回前台"),
         shortcut="3", icon="arrow-back"),
    Verb("cannot_come", "repairs.delay", {S.ACCEPTED, S.IN_PROGRESS}, _("不能按时到场"),
         _("已记延期"), icon="clock-exclamation"),
    Verb("wait_for", "repairs.work", {*GIVEN_OUT, *WAITING}, _("待材料 / 转外委"), _("已记等待"),
         icon="player-pause"),
    Verb("look_again", "repairs.work", WAITING, _("还在等"), _("已记新的查看时间"), icon="eye"),
    Verb("change_promise", "repairs.change_promise", UNFINISHED, _("改约"), _("已改约"),
         shortcut="Y", icon="calendar-event"),
    Verb("assess", "repairs.work", {S.ACCEPTED, *GIVEN_OUT}, _("转评审报价"), _("已转评审"),
         icon="zoom-question"),
    Verb("add_material", "repairs.work", NOT_CLOSED - {S.TO_DISPATCH, S.DISPATCHED}, _("加材料"),
         _("已加材料"), icon="plus"),
    Verb("set_fees", "repairs.work", NOT_CLOSED - {S.TO_DISPATCH, S.DISPATCHED}, _("记费用"),
         _("已记费用"), icon="coin-yuan"),
    Verb("merge", "repairs.merge", {S.TO_DISPATCH, S.DISPATCHED, S.ACCEPTED}, _("并入另一单"),
         _("已并单"), icon="git-merge", grave=True),
    Verb("cancel", "repairs.cancel", UNFINISHED, _("作废工单"), _("已作废"), icon="ban", grave=True),
    Verb("note", "repairs.view", EVERYWHERE, _("备注"), _("已加备注"), hidden=True),
    Verb("no_answer", "repairs.call_back", {S.RETURNED}, _("没打通"), _("已记没打通"), hidden=True),
    Verb("remove_material", "repairs.work", NOT_CLOSED, _("删除"), _("已删材料"), hidden=True),
    Verb("recall", "repairs.dispatch", {S.DISPATCHED}, _("撤回转单"), _("已撤回转单"), icon="arrow-back-up"),
    Verb("undo_accept", "repairs.accept", {S.ACCEPTED}, _("撤回接单"), _("已撤回接单"), icon="arrow-back-up"),
    Verb("undo_assign", "repairs.assign", {S.IN_PROGRESS}, _("撤回派工"), _("已撤回派工"), icon="arrow-back-up"),
    Verb("undo_finish", "repairs.work", {S.FINISHED}, _("撤回完工"), _("已撤回完工"), icon="arrow-back-up"),
    Verb("undo_call_back", "repairs.call_back", {S.CALLED_BACK}, _("撤回回访"), _("已撤回回访"),
         icon="arrow-back-up"),
)  # fmt: skip
BY_KEY = {verb.key: verb for verb in VERBS}


def may(
    staff: Staff, verb: Verb, repair: Repair, *, now: datetime, owed: Collection[str] = ()
) -> bool:
    """Whether the page offers this verb to this person now; ``owed``: kinds open for the repair.

    The actions check again: this only spares people buttons that would be refused.
    """
    if not staff.has_perm(verb.permission) or repair.status not in verb.statuses:
        return False
    if verb.owed and verb.owed not in owed:
        return False
    own = OWN.get(verb.key)
    return own is None or own(staff, repair, now, owed)


def verbs_for(staff: Staff, repair: Repair, *, now: datetime, owed: Collection[str]) -> list[Verb]:
    """What the page offers, in order."""
    return [
        verb for verb in VERBS if not verb.hidden and may(staff, verb, repair, now=now, owed=owed)
    ]


# The one step that the page offers first, by state; what is owed beside the road comes before it.
OWED_FIRST = ("resident_told",)
NEXT = {
    S.TO_DISPATCH: ("dispatch",),
    S.DISPATCHED: ("accept", "urge"),
    S.ACCEPTED: ("assign",),
    S.ASSESSING: ("quote", "agree"),
    S.DELAYED: ("continue_work", "assign"),
    S.IN_PROGRESS: ("arrive",),
    S.ARRIVED: ("finish",),
    S.WAITING_PARTS: ("resume",),
    S.OUTSOURCED: ("resume",),
    S.FINISHED: ("return_slip",),
    S.RETURNED: ("call_back",),
    S.CALLED_BACK: ("archive",),
}
OWED_LAST = ("onsite_check", "review_late")


def next_step(repair: Repair, verbs: list[Verb]) -> Verb | None:
    """The verb to show large: the next step that this person may take."""
    offered = {verb.key: verb for verb in verbs}
    for key in (*OWED_FIRST, *NEXT.get(Status(repair.status), ()), *OWED_LAST):
        if key in offered:
            return offered[key]
    return None


def _fresh(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now - moment <= UNDO


OWN = {
    "recall": lambda staff, repair, now, owed: _fresh(repair.dispatched_at, now),
    "undo_accept": lambda staff, repair, now, owed: (
        repair.accepted_by_id == staff.pk and _fresh(repair.accepted_at, now)
    ),
    "undo_assign": lambda staff, repair, now, owed: _fresh(repair.assigned_at, now),
    "undo_finish": lambda staff, repair, now, owed: _fresh(repair.finished_at, now),
    "undo_call_back": lambda staff, repair, now, owed: (
        repair.called_back_by_id == staff.pk and _fresh(repair.called_back_at, now)
    ),
    "continue_work": lambda staff, repair, now, owed: repair.repairer_id is not None,
    "call_back": lambda staff, repair, now, owed: repair.repairer_id != staff.pk,
    "review_late": lambda staff, repair, now, owed: (
        (staff.post == posts.ENG_MANAGER and kinds.REVIEW_LATE in owed)
        or (staff.post == posts.GENERAL_MANAGER and kinds.THREE_DAYS in owed)
    ),
}
