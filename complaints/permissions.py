"""Who may do what to a complaint now: one row per verb, read by pages, forms and doors alike."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import posts
from accounts.models import Staff
from complaints import followups as kinds
from complaints.choices import Grade, Validity
from complaints.models import Complaint, Transfer
from complaints.statuses import UNHANDLED, Status
from repairs.statuses import UNFINISHED

S = Status
EVERYWHERE = frozenset(S)
NOT_CLOSED = EVERYWHERE - {S.CLOSED}
AT_WORK = {S.ACCEPTED, S.PROCESSING}


@dataclass(frozen=True)
class Situation:
    """What a page knows beside the complaint: what is owed, and where it has been passed."""

    owed: Collection[str]
    passed: Transfer | None = None
    handlers: Collection[int] = ()
    may_decide: bool = False  # stands above whoever asked for the extension


@dataclass(frozen=True)
class Verb:
    """``owed``: shown only while this follow-up is open. ``when``: one condition more."""

    key: str
    permission: str
    statuses: Collection[str]
    label: str | Promise
    done: str | Promise
    owed: str = ""
    shortcut: str = ""
    icon: str = ""
    grave: bool = False
    hidden: bool = False
    when: Callable[[Staff, Complaint, Situation], bool] | None = None


def is_handler(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    """轻微 the assistant, the others the manager, who may always."""
    if complaint.validity != Validity.VALID:
        return False
    return staff.post in (kinds.HANDLERS[complaint.grade], posts.CS_MANAGER)


def is_department(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    return at.passed is not None and at.passed.department == staff.post


def has_signed(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    """Whoever handles it; a department once it has signed for it."""
    if is_department(staff, complaint, at):
        return at.passed.received_at is not None
    return is_handler(staff, complaint, at)


def may_finish(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    if complaint.waits_for_repair and complaint.repair.status in UNFINISHED:
        return False
    return has_signed(staff, complaint, at)


def is_valid(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    return complaint.validity == Validity.VALID


def is_light(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    return complaint.grade in (Grade.NONE, Grade.MINOR) and complaint.validity != Validity.INVALID


def may_verify(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    if staff.has_perm("complaints.view"):
        return complaint.validity == Validity.VALID
    return has_signed(staff, complaint, at)


def may_escalate(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    """Not the manager to himself, and not again while he still owes his view."""
    return staff.post != posts.CS_MANAGER and kinds.LOOK not in at.owed


def is_above_asker(staff: Staff, complaint: Complaint, at: Situation) -> bool:
    return at.may_decide


# In the order in which the page offers them: the next step first, the rare ones last.
VERBS = (
    Verb("accept", "complaints.grade", {S.REGISTERED}, _("定级受理"), _("已定级受理"), icon="scale"),
    Verb("receive", "complaints.answer", AT_WORK, _("签收"), _("已签收"), owed=kinds.RECEIVE,
         icon="signature", when=is_department),
    Verb("gm_seen", "complaints.direct", NOT_CLOSED, _("阅知"), _("已阅知"), owed=kinds.REPORT,
         icon="eye"),
    Verb("gm_answer", "complaints.direct", NOT_CLOSED, _("总经理答复"), _("已记总经理答复"),
         icon="message-report", when=lambda staff, complaint, at: complaint.is_critical),
    Verb("approve_extension", "complaints.approve", AT_WORK, _("同意延期"), _("已同意延期"),
         owed=kinds.EXTENSION, icon="check", when=is_above_asker),
    Verb("refuse_extension", "complaints.approve", AT_WORK, _("不同意延期"), _("已不同意延期"),
         owed=kinds.EXTENSION, icon="x", when=is_above_asker),
    Verb("tell_extension", "complaints.reply", AT_WORK, _("已告知业户延期"), _("已记告知, 时限已改"),
         owed=kinds.TELL_EXTENSION, icon="phone-outgoing"),
    Verb("explain", "complaints.reply", AT_WORK, _("解释并结案"), _("已解释并结案"), icon="message-2",
         grave=True, when=lambda staff, complaint, at: complaint.validity == Validity.INVALID),
    Verb("verify", "complaints.verify", AT_WORK, _("记核实情况"), _("已记核实情况"), icon="search",
         when=may_verify),
    Verb("decide", "complaints.handle", AT_WORK, _("定处理意见"), _("已定处理意见"), icon="edit",
         when=is_handler),
    Verb("finish", "complaints.answer", AT_WORK, _("处理完"), _("已处理完, 等回复业户"),
         icon="circle-check", when=may_finish),
    Verb("reply", "complaints.reply", {S.TO_REPLY}, _("回复业户"), _("已记回复, 等回访"),
         icon="phone-outgoing"),
    Verb("call_back", "complaints.call_back", {S.REPLIED}, _("回访"), _("已记回访"), shortcut="C",
         icon="phone-check", when=lambda staff, complaint, at: staff.pk not in at.handlers),
    Verb("close", "complaints.review", {S.CALLED_BACK}, _("审核结案"), _("已结案"), icon="archive",
         when=is_handler),
    Verb("add_contact", "complaints.register", NOT_CLOSED, _("补联系方式"), _("已补联系方式"),
         icon="phone-plus", when=lambda staff, complaint, at: not complaint.is_reachable),
    Verb("first_reply", "complaints.reply", NOT_CLOSED, _("记首次回复"), _("已记首次回复"),
         owed=kinds.FIRST_REPLY, icon="phone-outgoing"),
    Verb("transfer", "complaints.grade", AT_WORK, _("转部门"), _("已转部门"), icon="send",
         when=lambda staff, complaint, at: at.passed is None and is_valid(staff, complaint, at)),
    Verb("send_back", "complaints.answer", AT_WORK, _("退回"), _("已退回"), icon="arrow-back",
         when=is_department),
    Verb("solve_at_once", "complaints.solve", {S.REGISTERED, S.ACCEPTED}, _("当场解决"),
         _("已记当场解决, 等回复业户"), icon="circle-check", when=is_light),
    Verb("escalate", "complaints.solve", UNHANDLED, _("转经理"), _("已上报经理"), shortcut="F9",
         icon="arrow-up", when=may_escalate),
    Verb("give_view", "complaints.handle", NOT_CLOSED, _("写经理意见"), _("已写经理意见"),
         icon="message-report", when=lambda staff, complaint, at: staff.post == posts.CS_MANAGER),
    Verb("open_repair", "complaints.grade", AT_WORK, _("开维修单"), _("已开维修单, 等它完工"),
         icon="tool",
         when=lambda staff, complaint, at: not complaint.waits_for_repair
         and is_valid(staff, complaint, at)),
    Verb("ask_extension", "complaints.handle", AT_WORK, _("申请延期"), _("已申请延期, 等上级批"),
         icon="calendar-event",
         when=lambda staff, complaint, at: is_handler(staff, complaint, at)
         and not {kinds.EXTENSION, kinds.TELL_EXTENSION} & set(at.owed)),
    Verb("regrade", "complaints.grade", AT_WORK, _("改等级或有效性"), _("已改"), icon="scale"),
    Verb("name_caller", "complaints.direct", NOT_CLOSED - {S.REGISTERED, S.CALLED_BACK},
         _("指定回访人"), _("已指定回访人"), icon="user-plus"),
    Verb("refuse_review", "complaints.review", {S.CALLED_BACK}, _("审核退回"), _("已退回重办"),
         icon="arrow-back", when=is_handler),
    Verb("note", "", EVERYWHERE, _("加备注"), _("已加备注"), hidden=True),
)  # fmt: skip
BY_KEY = {verb.key: verb for verb in VERBS}
READ = ("complaints.view", "complaints.answer")


def may_read(staff: Staff) -> bool:
    """Whoever hears complaints, and a department for what was passed on to it."""
    return any(staff.has_perm(permission) for permission in READ)


def may_try(staff: Staff, verb: Verb) -> bool:
    """Whether this post may take the step at all; the door asks before it looks for the record."""
    return may_read(staff) and (not verb.permission or staff.has_perm(verb.permission))


def verbs_for(staff: Staff, complaint: Complaint, at: Situation) -> list[Verb]:
    """What the page offers, in order. The actions check again."""
    return [
        verb
        for verb in VERBS
        if not verb.hidden
        and may_try(staff, verb)
        and complaint.status in verb.statuses
        and (not verb.owed or verb.owed in at.owed)
        and (verb.when is None or verb.when(staff, complaint, at))
    ]
