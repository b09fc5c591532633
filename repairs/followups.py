"""What a repair makes people owe, from the call to the filed slip.

Clocks: dispatch (REP-3) → accept (REP-4) → arrive and finish (MAN-8) → return → call-back
(REP-6, REP-9) → archive (ARC-2). The finish clock is the promise to the resident: no waiting
pauses or moves it, only a new promise does. Waiting pauses the arrival clock alone.
"""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from estates.phones import masked
from followups.actions import cancel, hand_to, move, open_followup
from followups.kinds import Kind
from followups.models import FollowUp
from repairs.models import Caller, Repair
from repairs.statuses import UNFINISHED
from rulebook.limits import due, limit, limits

DISPATCH = "repairs.dispatch"
ACCEPT = "repairs.accept"
ARRIVE = "repairs.arrive"
FINISH = "repairs.finish"
ASSESS = "repairs.assess"
AGREEMENT = "repairs.agreement"
TELL_RESIDENT = "repairs.tell_resident"
NEXT_CHECK = "repairs.next_check"
ONSITE = "repairs.onsite"
RETURN = "repairs.return"
CALLBACK = "repairs.callback"
ANSWER = "repairs.answer"
ARCHIVE = "repairs.archive"
REVIEW_LATE = "repairs.review_late"
THREE_DAYS = "repairs.three_days"

KINDS = (
    Kind(key=DISPATCH, label=_("转单"), title=gettext_noop("转工程: %(place)s %(what)s"),
         action=_("转工程"), night=True, pausable=False),
    Kind(key=ACCEPT, label=_("接单"), title=gettext_noop("接单: %(place)s %(what)s"),
         action=_("接单"), night=True, pausable=False),
    Kind(key=ARRIVE, label=_("到场"), title=gettext_noop("到场: %(place)s %(what)s"),
         action=_("记到场")),
    Kind(key=FINISH, label=_("完成"), title=gettext_noop("按承诺完成: %(place)s %(what)s"),
         action=_("记完工"), pausable=False),
    Kind(key=ASSESS, label=_("评审"), title=gettext_noop("评审报价: %(place)s %(what)s"),
         action=_("报价"), pausable=False),
    Kind(key=AGREEMENT, label=_("业户意见"), title=gettext_noop("问业户是否同意报价: %(place)s %(what)s"),
         action=_("记业户意见"), night=True),
    Kind(key=TELL_RESIDENT, label=_("回复业户"),
         title=gettext_noop("告诉业户来不了: %(place)s %(what)s"), action=_("已回复业户"),
         night=True, pausable=False),
    Kind(key=NEXT_CHECK, label=_("再查看"), title=gettext_noop("等待到期, 再查看: %(place)s %(what)s"),
         action=_("查看")),
    Kind(key=ONSITE, label=_("入户跟进"), title=gettext_noop("入户跟进维修: %(place)s %(what)s"),
         action=_("记入户跟进"), area=True),
    Kind(key=RETURN, label=_("返单"), title=gettext_noop("返单: %(place)s %(what)s"),
         action=_("返单")),
    Kind(key=CALLBACK, label=_("回访"), title=gettext_noop("回访: %(place)s %(what)s"),
         action=_("记结果"), area=True),
    Kind(key=ANSWER, label=_("答复来电人"), title=gettext_noop("答复来电人: %(place)s %(what)s"),
         action=_("记答复")),
    Kind(key=ARCHIVE, label=_("存档"), title=gettext_noop("存档: %(place)s %(what)s"),
         action=_("存档"), filed_as=_("维修")),
    Kind(key=REVIEW_LATE, label=_("超期审阅"), title=gettext_noop("过了承诺日还没完成: %(place)s %(what)s"),
         action=_("写处理意见")),
    Kind(key=THREE_DAYS, label=_("超三天"), title=gettext_noop("超过三天没完成: %(place)s %(what)s"),
         action=_("写处理意见")),
)  # fmt: skip

BY_PHONE = {CALLBACK, TELL_RESIDENT, AGREEMENT}  # what is owed is a call: the row offers to dial

A_SCAN = 200  # slips that one scan looks at; the next minute takes the rest


def about(repair: Repair) -> dict:
    """What every follow-up of a repair says about it."""
    return {
        "estate": repair.estate,
        "unit": repair.unit,
        "place_label": (repair.place_label or repair.where)[:60],
        "params": {"place": repair.place_label or repair.where, "what": repair.content[:40]},
        "url": reverse("repairs:repair_detail", args=[repair.pk]),
        "urgent": repair.is_urgent,
    }


def open_for(repair: Repair, kind: str, *, now: datetime, owner_post: str, **terms) -> FollowUp:
    said = about(repair)
    if kind in BY_PHONE:
        said["params"]["phone"] = repair.contact_phone
    return open_followup(repair, kind, now=now, owner_post=owner_post, **terms, **said)


def open_rows(repair: Repair) -> dict[str, FollowUp]:
    """The open follow-ups of a repair by kind, in one query."""
    return {row.kind: row for row in FollowUp.objects.open().about(repair)}


def open_dispatch(repair: Repair, *, owner, start: datetime, now: datetime) -> None:
    """REP-3: pass the slip to engineering, counted from the first key of the record."""
    open_for(repair, DISPATCH, now=now, owner=owner, owner_post=owner.post,
             limit_key=DISPATCH, start=start)  # fmt: skip


def open_accept(repair: Repair, *, now: datetime) -> None:
    """REP-4: engineering signs for the slip; half the time for an emergency."""
    key = "repairs.accept_emergency" if repair.is_urgent else ACCEPT
    open_for(repair, ACCEPT, now=now, owner_post=posts.ENG_DISPATCHER, limit_key=key)


def open_work(repair: Repair, *, now: datetime) -> None:
    """What acceptance starts: arrival, the promise itself, and the butler at a home's door."""
    started, due_at, key = _arrival(repair, now=now)
    open_for(repair, ARRIVE, now=now, owner_post=posts.ENG_DISPATCHER, start=started,
             due_at=due_at, limit_key=key)  # fmt: skip
    open_for(repair, FINISH, now=now, owner_post=posts.ENG_DISPATCHER,
             start=min(repair.reported_at, repair.promised_at), due_at=repair.promised_at)  # fmt: skip
    if repair.unit_id and repair.butler_id:
        open_for(repair, ONSITE, now=now, owner=repair.butler, owner_post=posts.BUTLER,
                 limit_key=ONSITE, start=max(now, repair.appointment_at or now))  # fmt: skip


def _arrival(repair: Repair, *, now: datetime) -> tuple[datetime, datetime, str]:
    """When the arrival clock starts and ends, and by which number.

    An emergency counts from the call, an appointment ends a little before the agreed time,
    anything else counts from acceptance; never later than the promise (defaults 2.10).
    """
    if repair.is_urgent:
        start, key = repair.reported_at, "repairs.arrive_emergency"
        due_at = due(key, start=start).due_at
    elif repair.appointment_at:
        start, key = now, "repairs.arrive_before"
        due_at = repair.appointment_at - timedelta(seconds=limit(key, at=now).seconds)
    else:
        start, key = now, ARRIVE
        due_at = due(key, start=start).due_at
    due_at = min(due_at, repair.promised_at)
    return min(start, due_at), due_at, key


def move_promise(repair: Repair, *, now: datetime, appointment_changed: bool) -> None:
    """A new promise: the finish clock follows it, and arrival never comes after it (MAN-8)."""
    rows = open_rows(repair)
    if FINISH in rows:
        move(repair, FINISH, due_at=repair.promised_at, now=now)
    if ARRIVE in rows:
        if appointment_changed:
            lead = limit("repairs.arrive_before", at=now).seconds
            due_at = min(repair.appointment_at - timedelta(seconds=lead), repair.promised_at)
        else:
            due_at = min(rows[ARRIVE].due_at, repair.promised_at)
        due_at = max(due_at, rows[ARRIVE].started_at)
        if due_at != rows[ARRIVE].due_at:
            move(repair, ARRIVE, due_at=due_at, now=now)


def put_off(repair: Repair, *, now: datetime) -> None:
    """Nobody can come in time (REP-5): arrival and finish are owed by the new promise."""
    rows = open_rows(repair)
    for kind in (ARRIVE, FINISH):
        if kind in rows:
            move(repair, kind, due_at=repair.promised_at, now=now)


def hand_work(repair: Repair, *, now: datetime) -> None:
    """Whoever does the job owes arrival, finish and the next look; nobody: the dispatchers."""
    rows = open_rows(repair)
    post = repair.repairer.post if repair.repairer_id else posts.ENG_DISPATCHER
    for kind in (ARRIVE, FINISH, NEXT_CHECK):
        if kind in rows:
            hand_to(repair, kind, owner=repair.repairer, owner_post=post, now=now)


def open_return(repair: Repair, *, now: datetime) -> None:
    """Engineering owes the finished slip back to the desk (REP-6)."""
    open_for(repair, RETURN, now=now, owner_post=posts.ENG_DISPATCHER, limit_key=RETURN)


def open_callback(repair: Repair, *, now: datetime) -> None:
    """REP-6, REP-9: indoors the area's butler, else the front desk."""
    butler = repair.butler if repair.unit_id else None
    open_for(repair, CALLBACK, now=now, owner=butler,
             owner_post=posts.BUTLER if butler else posts.FRONT_DESK, limit_key=CALLBACK)  # fmt: skip


def owe_answers(repair: Repair, *, now: datetime) -> None:
    """Everybody else who called about this repair is owed the answer (VIS-2)."""
    for caller in repair.callers.filter(is_first=False, answered_at=None).select_related("contact"):
        owe_answer(caller, repair, now=now)


def owe_answer(caller: Caller, repair: Repair, *, now: datetime) -> None:
    if not FollowUp.objects.open().about(caller).exists():
        said = about(repair)
        who = caller.contact.caller_name or masked(caller.contact.phone)
        params = said["params"] | {
            "what": f"{who} {said['params']['what']}".strip(), "phone": caller.contact.phone,
        }  # fmt: skip
        open_followup(
            caller, ANSWER, now=now, owner_post=posts.FRONT_DESK, limit_key=CALLBACK,
            **(said | {"params": params}),
        )  # fmt: skip


def cancel_answers(repair: Repair, *, now: datetime) -> None:
    for caller in repair.callers.filter(is_first=False, answered_at=None):
        cancel(caller, ANSWER, now=now)


def reopen(repair: Repair, kind: str, *, now: datetime) -> None:
    """Undo took back what had met this: owed again by the same moment, not by a later one."""
    last = FollowUp.objects.about(repair).filter(kind=kind).order_by("-pk").first()
    if last is None:
        return
    open_for(repair, kind, now=now, owner=last.owner, owner_post=last.owner_post,
             start=last.started_at, due_at=last.due_at, limit_key=last.limit_key)  # fmt: skip


def finish_all(repair: Repair, *, now: datetime) -> None:
    """The work is over: what waited for it is owed no more."""
    cancel(repair, ARRIVE, NEXT_CHECK, TELL_RESIDENT, ASSESS, AGREEMENT, REVIEW_LATE, THREE_DAYS,
           now=now)  # fmt: skip


def open_due(now: datetime) -> None:
    """What time alone makes due: promised days that passed, and slips open too long.

    Once per repair; each scan looks at a bounded number of unfinished slips, by their index.
    """
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    days = limits("repairs.stay_open", at=now)["repairs.stay_open"].seconds
    _open_late(REVIEW_LATE, posts.ENG_MANAGER, Repair.objects.filter(promised_at__lt=today), now)
    _open_late(
        THREE_DAYS,
        posts.GENERAL_MANAGER,
        Repair.objects.filter(reported_at__lt=now - timedelta(seconds=days)),
        now,
    )


def _open_late(kind: str, owner_post: str, late, now: datetime) -> None:
    known = FollowUp.objects.filter(
        content_type=ContentType.objects.get_for_model(Repair), object_id=OuterRef("pk"), kind=kind
    )
    for repair in (
        late.filter(finished_at__isnull=True, status__in=UNFINISHED)
        .exclude(Exists(known))
        .select_related("estate", "unit", "place")
        .order_by("promised_at", "pk")[:A_SCAN]
    ):
        end_of_day = timezone.localtime(now).replace(hour=18, minute=0, second=0, microsecond=0)
        if end_of_day <= now:
            end_of_day += timedelta(days=1)
        open_for(repair, kind, now=now, owner_post=owner_post, due_at=end_of_day)
