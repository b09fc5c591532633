"""After the work: calling back, answering everybody who called, filing (REP-6, REP-9, ARC-2)."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import posts
from accounts.models import Staff
from contacts.reaching import late, message_to, must_be_over, next_try, sent_words, told_on
from followups.actions import cancel, meet
from followups.actions import move as move_followup
from history import entries
from history.models import Entry
from repairs import followups
from repairs.actions.handover import in_time, own
from repairs.actions.moving import move, must_be
from repairs.actions.registering import open_rework
from repairs.actions.work import tell
from repairs.models import CallbackMethod, CallbackResult, CallTry, Repair, Satisfaction
from repairs.statuses import Status

FAILED = gettext_noop("回访不满意或未解决: %(place)s %(what)s")


@transaction.atomic
def call_back(
    repair: Repair,
    *,
    result: str,
    satisfaction: str = "",
    note: str = "",
    by: Staff,
    now: datetime,
    method: str = CallbackMethod.PHONE,
    client_key: UUID | None = None,
    happened_at: datetime | None = None,
) -> Repair:
    """Ask the resident (REP-6, REP-9). Unsolved or dissatisfied opens a rework and tells the line.

    ``client_key`` belongs to one opened sheet: a second press changes nothing. ``happened_at`` is
    the time of a phone that had no signal; the clocks go by ``now``. Whoever did the work does not
    judge it. 三次未接通 is a result only at the end of the ladder of tries (contacts.reaching).
    """
    if client_key and repair.callback_key == client_key:
        return repair
    if by.pk == repair.repairer_id:
        raise ValidationError(_("维修人员不能回访自己修的单, 由管家或前台回访"))
    if result not in (CallbackResult.SOLVED, CallbackResult.UNSOLVED, CallbackResult.UNREACHABLE):
        raise ValidationError({"result": _("选一个回访结果")})
    if result == CallbackResult.UNREACHABLE:
        satisfaction = ""
        must_be_over(messages_left(repair), now=now)
    elif result == CallbackResult.SOLVED and satisfaction not in Satisfaction:
        raise ValidationError({"satisfaction": _("选满意, 基本满意或不满意")})
    move(
        repair, Status.CALLED_BACK, by=by, now=now,
        callback_result=result, satisfaction=satisfaction, called_back_at=now, called_back_by=by,
        callback_method=method, callback_note=note.strip()[:500], callback_key=client_key,
    )  # fmt: skip
    meet(repair, followups.CALLBACK, by=by, now=now)
    followups.open_for(repair, followups.ARCHIVE, now=now, owner_post=posts.FRONT_DESK,
                       limit_key=followups.ARCHIVE)  # fmt: skip
    if result != CallbackResult.UNREACHABLE:
        repair.callers.filter(is_first=True, answered_at=None).update(
            answered_at=now, answered_by=by
        )
    entries.record(repair, "repair.called_back", by=by, now=now, result=result, method=method,
                   satisfaction=satisfaction, note=note.strip(),
                   **late(happened_at, now))  # fmt: skip
    if result == CallbackResult.UNSOLVED or satisfaction == Satisfaction.DISSATISFIED:
        open_rework(repair, reason=note.strip(), by=by, now=now)
        leader = by.superior
        if leader is not None:
            tell(repair, FAILED, to=leader, key="callback_failed", now=now)
    return repair


@transaction.atomic
def undo_call_back(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """Undo of a call-back, by the caller within five minutes; not once it opened a rework."""
    must_be(repair, Status.CALLED_BACK, by=by, now=now)
    in_time(repair.called_back_at, now=now)
    own(repair.called_back_by, by=by)
    if repair.reworks.exists():
        raise ValidationError(_("已开返修单, 不能撤回回访。在返修单上取消, 写明原因"))
    move(
        repair, Status.RETURNED, by=by, now=now, callback_result="", satisfaction="",
        called_back_at=None, called_back_by=None, callback_method="", callback_note="",
        callback_key=None,
    )  # fmt: skip
    cancel(repair, followups.ARCHIVE, now=now)
    repair.callers.filter(is_first=True).update(answered_at=None, answered_by=None)
    followups.reopen(repair, followups.CALLBACK, now=now)
    entries.record(repair, "repair.callback_undone", by=by, now=now)
    return repair


@transaction.atomic
def no_answer(
    repair: Repair,
    *,
    client_key: UUID,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
    message: str | None = None,
    kept: bool = False,
) -> CallTry:
    """没打通: kept with its time; the next try is due in two hours, then the next day at ten.

    ``message``: the words that were sent, where the ladder has come to that; ``kept`` says that
    the record waited on a phone. Raises ValidationError for a key that belongs to another repair.
    """
    words = "" if message is None else sent_words(message, kept=kept)
    if not CallTry.objects.filter(client_key=client_key).exists():
        must_be(repair, Status.RETURNED, by=by, now=now)
    attempt, is_new = CallTry.objects.get_or_create(
        client_key=client_key,
        defaults={"repair": repair, "at": happened_at or now, "by": by, "message": words},
    )  # fmt: skip
    if attempt.repair_id != repair.pk:
        raise ValidationError(_("这张回访页已用过。刷新页面再记"))
    if not is_new:
        return attempt
    count = repair.call_tries.count()
    next_at = next_try(count, now=now)
    if followups.CALLBACK in followups.open_rows(repair):
        move_followup(repair, followups.CALLBACK, due_at=next_at, now=now)
    entries.record(repair, "repair.no_answer", by=by, now=now, tries=count, message=words,
                   next_at=timezone.localtime(next_at).isoformat(),
                   **late(happened_at, now))  # fmt: skip
    return attempt


@transaction.atomic
def attach_call_back(
    repair: Repair,
    *,
    client_key: UUID,
    said: dict,
    by: Staff,
    now: datetime,
    happened_at: datetime | None = None,
) -> None:
    """A call-back that waited on a phone until the slip had gone on: kept in its history, once."""
    known = Entry.objects.about(repair).filter(detail__key=str(client_key))
    if known.exists():
        return
    said = {name: value for name, value in said.items() if value}
    failed = said.pop("result", "") if said.get("result") not in CallbackResult else ""
    event = "repair.no_answer_attached" if failed else "repair.callback_attached"
    entries.record(repair, event, by=by, now=now, key=str(client_key), **said,
                   **late(happened_at, now))  # fmt: skip


@transaction.atomic
def archive(repair: Repair, *, by: Staff, now: datetime) -> Repair:
    """File the slip: only after its call-back, and once every caller has his answer (ARC-2)."""
    if repair.status == Status.CALLED_BACK:
        waiting = repair.callers.filter(is_first=False, answered_at=None).count()
        if waiting:
            raise ValidationError(
                _("还有 %(count)s 位来电人没有答复。先答复, 再存档") % {"count": waiting}
            )
    move(repair, Status.ARCHIVED, by=by, now=now, archived_at=now, archived_by=by)
    meet(repair, followups.ARCHIVE, by=by, now=now)
    entries.record(repair, "repair.archived", by=by, now=now)
    return repair


def messages_left(repair: Repair) -> list[str]:
    """Of each try that did not get through the message that was left, empty for a mere call."""
    return list(repair.call_tries.values_list("message", flat=True))


def message_for(repair: Repair) -> str:
    """The words to send when nobody answers."""
    about = told_on(repair.reported_at, "报修", repair.content, repair.number)
    return message_to(repair.resident, repair.contact_name, about=about, estate=repair.estate)
