"""Opening, meeting and moving what is owed. Called inside the transaction of the change itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Staff
from estates.models import Estate, Membership, Unit
from followups.kinds import Kind
from followups.kinds import kind as kind_of
from followups.ladder import Course, Ladder, climb, first_moment
from followups.models import FollowUp
from history import entries
from notifications import ledger
from rulebook.limits import due, limit

HANDED = gettext_noop("%(from)s把%(count)s项跟进移交给您")


def open_followup(
    subject: models.Model,
    kind: str,
    *,
    now: datetime,
    owner_post: str,
    estate: Estate,
    params: Mapping[str, Any],
    url: str,
    owner: Staff | None = None,
    limit_key: str = "",
    start: datetime | None = None,
    due_at: datetime | None = None,
    unit: Unit | None = None,
    place_label: str = "",
    urgent: bool = False,
) -> FollowUp:
    """Owe something about ``subject``: ``owner``, or while nobody is named everybody of the post.

    The moment is ``due_at``, or what the rulebook's ``limit_key`` allows from ``start`` (default
    ``now``); a moment before the start becomes the start. The limit in force is copied onto the
    row. ``params`` fill the kind's title; ``place`` defaults to ``place_label``, and that to the
    unit's code. ``url`` leads to where it is done.

    Raises KeyError for an unknown kind or missing title parameter, ValueError without any
    moment, ValidationError when the same thing is already owed about the subject.
    """
    what = kind_of(kind)
    start = start or now
    version, seconds = 0, 0
    if due_at is None:
        if not limit_key:
            raise ValueError(f"{kind} needs due_at or limit_key")
        allowed = due(limit_key, start=start)
        due_at, seconds, version = allowed.due_at, allowed.seconds, allowed.version
    elif limit_key:
        version = limit(limit_key, at=start).version
    due_at = max(due_at, start)
    label = place_label or (unit.code if unit else "")
    filled = {"place": label} | dict(params)
    what.title % filled  # a missing parameter fails here, not when somebody reads the list
    row = FollowUp(
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        kind=kind,
        title=what.title,
        params=filled,
        url=url,
        estate=estate,
        unit=unit,
        place_label=label[:60],
        owner=owner,
        owner_post=owner_post,
        started_at=start,
        due_at=due_at,
        urgent=urgent,
        limit_key=limit_key,
        limit_seconds=seconds or int((due_at - start).total_seconds()),
        limit_version=version,
    )
    row.alert_at = first_moment(course_of(row, what), Ladder.at(now))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if _open_row(subject, kind) is None:
            raise
        raise ValidationError(
            _("“%(label)s”已经有一项在跟进, 先完成或取消它") % {"label": what.label}
        ) from None
    return row


def meet(subject: models.Model, kind: str, *, by: Staff | None, now: datetime) -> bool:
    """What was owed is done. False if nothing of that kind was open.

    ``by`` is None when time itself or a system did it. A pause still running is added first, so
    that waiting with a reason is not counted as being late.
    """
    row = _open_row(subject, kind)
    if row is None:
        return False
    changes = _unpaused(row, now) | {"done_at": now, "done_by": by, "alert_at": None}
    if row.level < 0 and FollowUp.objects.open().filter(pk=row.pk, level=-1).update(**changes):
        return True  # nobody was told, so there is nothing to take back
    if not FollowUp.objects.open().filter(pk=row.pk).update(**changes):
        return False
    ledger.withdraw([row.pk], now=now)
    return True


def cancel(subject: models.Model, *kinds: str, now: datetime) -> int:
    """No longer owed; without ``kinds`` nothing about the subject is. Returns how many."""
    rows = FollowUp.objects.open().about(subject)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    pks = list(rows.values_list("pk", flat=True))
    if not pks:
        return 0
    count = FollowUp.objects.open().filter(pk__in=pks).update(cancelled_at=now, alert_at=None)
    ledger.withdraw(pks, now=now)
    return count


def move(subject: models.Model, kind: str, *, due_at: datetime, now: datetime) -> FollowUp:
    """A new moment for the same thing: a new generation, which may alert again.

    The same moment as before changes nothing. Raises ValidationError if nothing is open.
    """
    row = _require_open(subject, kind)
    due_at = max(due_at, row.started_at)
    if due_at == row.due_at and not row.paused_at:
        return row
    paused = _unpaused(row, now)
    row.due_at, row.counted_from = due_at, min(now, due_at)
    changes = paused | _fresh_generation(row, now)
    changes |= {"due_at": due_at, "counted_from": row.counted_from}
    return _change(row, changes, now=now)


def hand_to(
    subject: models.Model,
    kind: str,
    *,
    owner: Staff | None,
    now: datetime,
    owner_post: str | None = None,
) -> None:
    """Somebody else owes it now, by the same moment; None: again everybody of the post.

    Alerts to the former owner that nobody read yet are withdrawn. If the ladder had already
    begun, the new owner is told at once where it stands, and it goes on from there.
    """
    row = _require_open(subject, kind)
    if row.owner_id == (owner.pk if owner else None) and owner_post in (None, row.owner_post):
        return
    before, taken = row.owner_id, row.taken_by_id
    row.owner, row.taken_by, row.taken_at = owner, None, None
    row.owner_post = owner_post or row.owner_post
    changes: dict[str, Any] = {
        "owner": owner,
        "owner_post": row.owner_post,
        "taken_by": None,
        "taken_at": None,
    }
    if row.alert_at is None:  # somebody had taken it over
        changes["alert_at"] = climb(course_of(row), now, Ladder.at(now))[1]
    _change(row, changes, now=now, withdraw=False)
    ledger.withdraw([row.pk], now=now, recipients={before, taken} if before else None)
    if owner and row.level >= 0:
        _tell_new_owner(row, owner, now)


def pause(
    subject: models.Model,
    kind: str,
    *,
    reason: str,
    look_again_at: datetime,
    now: datetime,
    by: Staff | None = None,
) -> FollowUp:
    """Stop the clock with a reason and a moment to look again, both shown beside every figure.

    Raises ValidationError for kinds that may not wait (a dispatch clock, any promise), without
    a reason, for a moment that is not in the future, and for what waits already.
    """
    row = _require_open(subject, kind)
    what = kind_of(kind)
    if not what.pausable:
        raise ValidationError(_("“%(label)s”不能暂停计时") % {"label": what.label})
    reason = reason.strip()
    errors = {}
    if not reason:
        errors["reason"] = _("写明暂停原因, 例如“等业主回家”")
    if look_again_at is None or look_again_at <= now:
        errors["look_again_at"] = _("再查看时间要晚于现在")
    if errors:
        raise ValidationError(errors)
    if row.paused_at:
        raise ValidationError(_("已经暂停: %(reason)s") % {"reason": row.pause_reason})
    row = _change(
        row,
        {
            "paused_at": now,
            "pause_reason": reason[:200],
            "look_again_at": look_again_at,
            "alert_at": look_again_at,
        },
        now=now,
    )
    entries.record(
        row,
        "followup.paused",
        by=by,
        now=now,
        reason=row.pause_reason,
        look_again_at=look_again_at.isoformat(),
    )
    return row


def resume(subject: models.Model, kind: str, *, now: datetime, by: Staff | None = None) -> FollowUp:
    """The clock runs again; its moment is later by as long as it waited.

    Raises ValidationError if it was not waiting.
    """
    row = _require_open(subject, kind)
    if not row.paused_at:
        raise ValidationError(_("没有暂停, 不用恢复"))
    row = _change(row, resumed(row, now, Ladder.at(now)), now=now)
    entries.record(row, "followup.resumed", by=by, now=now, due_at=row.due_at.isoformat())
    return row


def resumed(row: FollowUp, now: datetime, ladder: Ladder) -> dict[str, Any]:
    """The fields of a waiting row after its pause ends at ``now``; sets them on the row too."""
    changes = _unpaused(row, now)
    for name, value in changes.items():
        setattr(row, name, value)
    return changes | _fresh_generation(row, now, ladder)


def take_over(followup: FollowUp, *, by: Staff, now: datetime) -> FollowUp:
    """Somebody answers for it by name, which stops the ladder from climbing.

    What nobody was named for becomes his; what a colleague owes stays the colleague's in every
    figure. Raises ValidationError if somebody was faster, or it is no longer open.
    """
    if followup.taken_by_id:
        raise ValidationError(_("%(name)s已经接手") % {"name": followup.taken_by.name})
    followup.taken_by, followup.taken_at = by, now
    owner_id = followup.owner_id or by.pk
    changes = {"taken_by": by, "taken_at": now, "owner_id": owner_id}
    if not followup.paused_at:
        changes["alert_at"] = climb(course_of(followup), now, Ladder.at(now))[1]
    with transaction.atomic():
        updated = (
            FollowUp.objects.open()
            .filter(pk=followup.pk, taken_by__isnull=True, owner_id=followup.owner_id)
            .update(**changes)
        )
        if not updated:
            _say_who_was_faster(followup)
        ledger.withdraw([followup.pk], now=now)
        entries.record(followup, "followup.taken_over", by=by, now=now)
    followup.refresh_from_db()
    return followup


def hand_all(staff: Staff, to: Staff, *, by: Staff, now: datetime) -> int:
    """Everything that one person owes moves to another in one step. Returns how many.

    Raises ValidationError when the other is the same person, has left, or does not work for an
    estate that something is owed for.
    """
    if staff == to:
        raise ValidationError({"to": _("选择另一个人来接")})
    if not to.is_active:
        raise ValidationError({"to": _("%(name)s已停用, 不能接手") % {"name": to.name}})
    with transaction.atomic():
        rows = FollowUp.objects.open().filter(owner=staff).order_by("pk")
        rows = list(rows.select_for_update(of=("self",)).select_related(None))
        known = set(Membership.objects.filter(staff=to).values_list("estate_id", flat=True))
        strange = {row.estate_id for row in rows} - known
        if strange:
            names = "、".join(Estate.objects.filter(pk__in=strange).values_list("name", flat=True))
            raise ValidationError(
                {"to": _("%(name)s不属于%(estates)s") % {"name": to.name, "estates": names}}
            )
        ladder = Ladder.at(now)
        for row in rows:
            row.owner, row.taken_by, row.taken_at = to, None, None
            if row.alert_at is None:
                row.alert_at = climb(course_of(row), now, ladder)[1]
        FollowUp.objects.bulk_update(rows, ["owner", "taken_by", "taken_at", "alert_at"], 500)
        FollowUp.objects.open().filter(taken_by=staff).update(taken_by=to)
        ledger.withdraw([row.pk for row in rows], now=now, recipients={staff.pk})
        if rows:
            entries.record(
                staff, "followups.handed_over", by=by, now=now, to=to.name, count=len(rows)
            )
            ledger.owe(
                f"followups.handed:{staff.pk}:{to.pk}:{now.isoformat()}",
                to=to,
                title=HANDED,
                params={"from": staff.name, "count": len(rows)},
                url=reverse("followups:followup_list"),
                why={"rule": "handed", "by": by.name},
                now=now,
            )
    return len(rows)


def course_of(row: FollowUp, what: Kind | None = None) -> Course:
    """A row as the ladder sees it; KeyError if no app declares its kind any more."""
    what = what or kind_of(row.kind)
    return Course(
        counted_from=row.counted_from or row.started_at,
        due_at=row.due_at,
        urgent=row.urgent,
        held=not (row.urgent or what.night),
        taken=row.taken_by_id is not None,
    )


def _open_row(subject: models.Model, kind: str) -> FollowUp | None:
    return FollowUp.objects.open().about(subject).filter(kind=kind).first()


def _require_open(subject: models.Model, kind: str) -> FollowUp:
    row = _open_row(subject, kind)
    if row is None:
        raise ValidationError(
            _("“%(label)s”已经完成或取消, 刷新后再看") % {"label": kind_of(kind).label}
        )
    return row


def _change(
    row: FollowUp, changes: dict[str, Any], *, now: datetime, withdraw: bool = True
) -> FollowUp:
    """Write to a row as it was seen; ValidationError if it ended or moved meanwhile."""
    seen = FollowUp.objects.open().filter(pk=row.pk, generation=row.generation)
    if not seen.update(**changes):
        raise ValidationError(_("同事刚刚处理过这一项, 刷新后再看"))
    if withdraw:
        ledger.withdraw([row.pk], now=now)
    row.refresh_from_db()
    return row


def _unpaused(row: FollowUp, now: datetime) -> dict[str, Any]:
    if not row.paused_at:
        return {}
    waited = max(now - row.paused_at, timedelta())
    return {
        "due_at": row.due_at + waited,
        "counted_from": (row.counted_from or row.started_at) + waited,
        "paused_seconds": row.paused_seconds + int(waited.total_seconds()),
        "paused_at": None,
        "look_again_at": None,
    }


def _fresh_generation(row: FollowUp, now: datetime, ladder: Ladder | None = None) -> dict[str, Any]:
    row.taken_by = None
    return {
        "generation": row.generation + 1,
        "level": -1,
        "repeat": 0,
        "taken_by": None,
        "taken_at": None,
        "fault": "",
        "alert_at": first_moment(course_of(row), ladder or Ladder.at(now)),
    }


def _tell_new_owner(row: FollowUp, owner: Staff, now: datetime) -> None:
    ledger.owe(
        f"{row.pk}:{row.generation}:{row.level}:{row.repeat}:{owner.pk}",
        to=owner,
        title=row.title,
        params=row.params,
        url=row.url,
        estate=row.estate,
        rings=row.level >= 1,
        why={
            "rule": row.kind,
            "level": row.level,
            "role": "handed",
            "due_at": row.due_at.isoformat(),
        },
        followup_id=row.pk,
        now=now,
    )


def _say_who_was_faster(followup: FollowUp) -> None:
    fresh = FollowUp.objects.select_related("taken_by", "owner", "done_by").get(pk=followup.pk)
    if not fresh.is_open:
        raise ValidationError(_("这一项已经完成或取消"))
    winner = fresh.taken_by or fresh.owner
    raise ValidationError(_("%(name)s已经接手") % {"name": winner.name if winner else ""})
