"""Making, filling and publishing a roster; asking for and deciding swaps (DUT-4, DUT-5, TRN-1)."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Leave, Staff
from accounts.posts import post_of
from estates.models import Estate, Membership
from history import entries
from roster.models import Duty, Roster, Status, Swap, SwapStatus
from roster.patterns import DESK_POSTS, PATTERNS, SHIFTS, Clock, Shift, standing_for

GAPS_NAMED = 3
AWAY = "away"  # why somebody cannot stand there that day: on leave, or in another shift


def days_of(month: date) -> list[date]:
    """Every day of the month."""
    first = month.replace(day=1)
    return [first + timedelta(days=n) for n in range(monthrange(first.year, first.month)[1])]


@transaction.atomic
def draft(
    estate: Estate,
    *,
    month: date,
    pattern: str,
    turns: Mapping[str, list[Staff]],
    by: Staff,
    now: datetime,
) -> Roster:
    """Draft a month: in each shift the chosen people take turns, day by day.

    ``turns`` maps a shift's code to people; those of one post rotate among themselves, so that
    a shift may hold one clerk and one repairer each day. Who is on leave or in another shift that
    day is passed over; a cell for which nobody is free stays empty. Raises ValidationError for a
    month that has a roster, and for anybody who may not stand there at all (with the reason).
    """
    first = month.replace(day=1)
    try:
        with transaction.atomic():
            roster = Roster.objects.create(
                estate=estate, month=first, pattern=pattern, drafted_by=by, drafted_at=now
            )
    except IntegrityError:
        raise ValidationError(
            _("%(estate)s %(month)s 已有排班表, 打开它来改")
            % {"estate": estate.name, "month": f"{first:%Y-%m}"}
        ) from None
    clock, rows = Clock.at(now), []
    known = {shift.code: shift for shift in PATTERNS[pattern]}
    people = {staff.pk: staff for group in turns.values() for staff in group}
    checker = Checker.load(people.values(), roster, now=now)
    for code, group in turns.items():
        for post in dict.fromkeys(staff.post for staff in group):
            of_post = [staff for staff in group if staff.post == post]
            for n, day in enumerate(days_of(first)):
                starts_at, ends_at = clock.span(known[code], day)
                turn = n % len(of_post)
                in_turn = of_post[turn:] + of_post[:turn]
                staff = checker.first_free(in_turn, known[code], day, starts_at, ends_at)
                if staff is None:
                    continue
                checker.taken.setdefault(staff.pk, []).append((starts_at, ends_at))
                rows.append(
                    Duty(roster=roster, day=day, shift=code, post=post, staff=staff,
                         starts_at=starts_at, ends_at=ends_at)
                )  # fmt: skip
    Duty.objects.bulk_create(rows)
    entries.record(roster, "roster.drafted", by=by, now=now, pattern=pattern, turns=len(rows))
    return roster


@transaction.atomic
def assign(
    roster: Roster, *, day: date, shift: str, staff: Staff, by: Staff, now: datetime
) -> Duty:
    """Put a person into a shift of a draft.

    Raises ValidationError with the reason when he may not stand there: not qualified (TRN-1), on
    leave, of another estate, in a post that this shift has no place for, or already in a shift.
    """
    _must_be_draft(roster)
    known = {each.code: each for each in PATTERNS[roster.pattern]}
    if shift not in known or (day.year, day.month) != (roster.month.year, roster.month.month):
        raise ValidationError(_("这张排班表没有这一班"))
    starts_at, ends_at = Clock.at(now).span(known[shift], day)
    Checker.load([staff], roster, now=now).check(staff, known[shift], day, starts_at, ends_at)
    duty = Duty.objects.create(
        roster=roster, day=day, shift=shift, post=staff.post, staff=staff,
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip
    entries.record(
        roster, "roster.assigned", by=by, now=now, day=f"{day}", shift=shift, staff=staff.name
    )
    return duty


@transaction.atomic
def unassign(duty: Duty, *, by: Staff, now: datetime) -> None:
    """Take a person out of a shift of a draft."""
    _must_be_draft(duty.roster)
    entries.record(
        duty.roster, "roster.unassigned", by=by, now=now, day=f"{duty.day}", shift=duty.shift,
        staff=duty.staff.name,
    )  # fmt: skip
    duty.delete()


@transaction.atomic
def publish(roster: Roster, *, by: Staff, now: datetime) -> Roster:
    """From now on the roster decides who is on duty.

    Raises ValidationError when a desk shift has nobody, or somebody on it is no longer allowed
    (he left, his qualification was taken back): the first ones by name.
    """
    _must_be_draft(roster)
    duties = list(roster.duties.select_related("staff").order_by("starts_at", "pk"))
    gaps = gaps_of(roster, duties)
    if gaps:
        named = "、".join(f"{day:%m-%d} {SHIFTS[code].label}" for day, code in gaps[:GAPS_NAMED])
        raise ValidationError(
            _("还有 %(count)s 班没有人: %(named)s。排上人再公布")
            % {"count": len(gaps), "named": named}
        )
    checker = Checker.load([duty.staff for duty in duties], roster, now=now)
    for duty in duties:
        checker.may_stand(duty.staff, duty.day)
    changed = Roster.objects.filter(pk=roster.pk, status=Status.DRAFT).update(
        status=Status.PUBLISHED, published_by=by, published_at=now
    )
    if not changed:
        raise ValidationError(_("同事刚刚已经公布这张排班表"))
    roster.refresh_from_db()
    entries.record(roster, "roster.published", by=by, now=now)
    return roster


def gaps_of(roster: Roster, duties: Iterable[Duty]) -> list[tuple[date, str]]:
    """The desk shifts of the month that nobody stands in."""
    held = {(duty.day, duty.shift) for duty in duties if duty.post in DESK_POSTS}
    return [
        (day, shift.code)
        for day in days_of(roster.month)
        for shift in PATTERNS[roster.pattern]
        if (day, shift.code) not in held
    ]


@transaction.atomic
def ask_swap(
    duty: Duty,
    *,
    taker: Staff,
    reason: str,
    by: Staff,
    now: datetime,
    back: Duty | None = None,
) -> Swap:
    """Ask to give a turn away, perhaps for one of the taker's turns (换班申请).

    Only the person on duty asks, or whoever approves swaps on his behalf. Raises ValidationError
    for a turn that has begun, a draft, a taker who may not stand there, or an open request.
    """
    if duty.roster.status != Status.PUBLISHED:
        raise ValidationError(_("排班表还没有公布, 直接改就行"))
    if duty.staff_id != by.pk and not by.has_perm("roster.approve"):
        raise ValidationError(_("这一班是%(name)s的, 由本人申请换班") % {"name": duty.staff.name})
    if not reason.strip():
        raise ValidationError({"reason": _("写明换班事由")})
    _may_swap(duty, taker, back, now=now)
    try:
        with transaction.atomic():
            swap = Swap.objects.create(
                duty=duty, giver=duty.staff, taker=taker, back=back, reason=reason.strip()[:200],
                asked_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise ValidationError(_("这一班已有换班申请在等批准")) from None
    entries.record(duty.roster, "roster.swap_asked", by=by, now=now, swap=str(swap))
    return swap


@transaction.atomic
def approve_swap(swap: Swap, *, by: Staff, now: datetime) -> Swap:
    """The turns change hands; checked again, since much may have changed since it was asked.

    Raises ValidationError when it was decided already, when the person approves his own swap, or
    when the taker may not stand there now.
    """
    if by.pk in (swap.giver_id, swap.taker_id):
        raise ValidationError(_("自己的换班由别人批准"))
    duty, back = swap.duty, swap.back
    if duty.staff_id != swap.giver_id or (back and back.staff_id != swap.taker_id):
        raise ValidationError(_("排班已经变动, 撤回这份申请重新提"))
    _may_swap(duty, swap.taker, back, now=now)
    _decide(swap, SwapStatus.APPROVED, by=by, now=now)
    Duty.objects.filter(pk=duty.pk).update(staff=swap.taker, post=swap.taker.post)
    if back:
        Duty.objects.filter(pk=back.pk).update(staff=swap.giver, post=swap.giver.post)
    entries.record(duty.roster, "roster.swap_approved", by=by, now=now, swap=str(swap))
    return swap


@transaction.atomic
def refuse_swap(swap: Swap, *, note: str, by: Staff, now: datetime) -> Swap:
    """Not agreed, with the reason; the roster stays as published."""
    if not note.strip():
        raise ValidationError({"note": _("写明为什么不同意")})
    _decide(swap, SwapStatus.REFUSED, by=by, now=now, note=note.strip()[:200])
    entries.record(swap.duty.roster, "roster.swap_refused", by=by, now=now, note=note)
    return swap


@transaction.atomic
def withdraw_swap(swap: Swap, *, by: Staff, now: datetime) -> Swap:
    """The person who asked takes it back while nobody has decided."""
    if by.pk != swap.giver_id:
        raise ValidationError(_("由申请人本人撤回"))
    _decide(swap, SwapStatus.WITHDRAWN, by=by, now=now)
    entries.record(swap.duty.roster, "roster.swap_withdrawn", by=by, now=now)
    return swap


class Checker:
    """Who may stand in a shift; reads everything about a group of people in three queries."""

    def __init__(self, roster: Roster, members: set[int], leaves: list, taken: dict):
        self.roster, self.members, self.leaves, self.taken = roster, members, leaves, taken

    @classmethod
    def load(cls, people: Iterable[Staff], roster: Roster, *, now: datetime, without=()):
        ids = {staff.pk for staff in people}
        first = min(roster.month, now.date())
        taken: dict[int, list] = {}
        for duty in Duty.objects.filter(staff__in=ids, day__gte=first - timedelta(days=1)).exclude(
            pk__in=[each.pk for each in without]
        ):
            taken.setdefault(duty.staff_id, []).append((duty.starts_at, duty.ends_at))
        members = Membership.objects.filter(staff__in=ids, estate=roster.estate_id)
        return cls(
            roster,
            set(members.values_list("staff_id", flat=True)),
            list(Leave.objects.filter(staff__in=ids)),
            taken,
        )

    def may_stand(self, staff: Staff, day: date) -> None:
        """Qualified (TRN-1), still here, and of this estate."""
        if not staff.is_active:
            raise ValidationError(_("%(name)s已停用, 不能排班") % {"name": staff.name})
        if staff.pk not in self.members:
            raise ValidationError(_("%(name)s不属于这个项目, 不能排班") % {"name": staff.name})
        if staff.qualified_on is None:
            raise ValidationError(
                _("%(name)s还没有考核合格, 不能排班(TRN-1)。先在培训中登记合格")
                % {"name": staff.name},
                code="unqualified",
            )
        if staff.qualified_on > day:
            raise ValidationError(
                _("%(name)s从 %(day)s 起合格上岗, 之前不能排班(TRN-1)")
                % {"name": staff.name, "day": f"{staff.qualified_on:%Y-%m-%d}"},
                code="unqualified",
            )

    def check(
        self, staff: Staff, shift: Shift, day: date, starts_at: datetime, ends_at: datetime
    ) -> None:
        """Raise ValidationError with the reason why this person may not stand in this shift."""
        self.may_stand(staff, day)
        if staff.post not in shift.posts:
            raise ValidationError(
                _("%(shift)s不排%(post)s")
                % {"shift": shift.label, "post": post_of(staff.post).label}
            )
        for leave in self.leaves:
            if (
                leave.staff_id == staff.pk
                and leave.starts_at < ends_at
                and leave.ends_at > starts_at
            ):
                raise ValidationError(
                    _("%(name)s %(day)s 请假, 换一个人")
                    % {"name": staff.name, "day": f"{day:%m-%d}"},
                    code=AWAY,
                )
        for begun, ended in self.taken.get(staff.pk, ()):
            if begun < ends_at and ended > starts_at:
                raise ValidationError(
                    _("%(name)s %(day)s 这个时间已经排了班")
                    % {"name": staff.name, "day": f"{day:%m-%d}"},
                    code=AWAY,
                )

    def first_free(
        self, people: list[Staff], shift: Shift, day: date, starts_at: datetime, ends_at: datetime
    ) -> Staff | None:
        """The first of these people who is free then; any other reason against one is raised."""
        for staff in people:
            try:
                self.check(staff, shift, day, starts_at, ends_at)
            except ValidationError as error:
                if error.code != AWAY:
                    raise
            else:
                return staff
        return None


def _may_swap(duty: Duty, taker: Staff, back: Duty | None, *, now: datetime) -> None:
    if duty.starts_at <= now:
        raise ValidationError(_("这一班已经开始, 不能再换"))
    if taker.pk == duty.staff_id:
        raise ValidationError({"taker": _("选择另一个人来换")})
    if taker.post not in standing_for(duty.post):
        # A desk that a repairer sits at is a desk without anybody.
        raise ValidationError(
            {"taker": _("%(post)s的班由同岗的人来换") % {"post": post_of(duty.post).label}}
        )
    if back and (back.staff_id != taker.pk or back.starts_at <= now):
        raise ValidationError(
            {"back": _("换回的班要是%(name)s还没开始的班") % {"name": taker.name}}
        )
    moving = [each for each in (duty, back) if each]
    checker = Checker.load([taker, duty.staff], duty.roster, now=now, without=moving)
    checker.check(taker, SHIFTS[duty.shift], duty.day, duty.starts_at, duty.ends_at)
    if back:
        checker.check(duty.staff, SHIFTS[back.shift], back.day, back.starts_at, back.ends_at)


def _decide(swap: Swap, status: str, *, by: Staff, now: datetime, note: str = "") -> None:
    changed = Swap.objects.filter(pk=swap.pk, status=SwapStatus.ASKED).update(
        status=status, decided_by=by, decided_at=now, decision_note=note
    )
    if not changed:
        swap.refresh_from_db()
        raise ValidationError(
            _("这份申请已经是“%(status)s”") % {"status": swap.get_status_display()}
        )
    swap.status, swap.decided_by, swap.decided_at, swap.decision_note = status, by, now, note


def _must_be_draft(roster: Roster) -> None:
    if roster.status != Status.DRAFT:
        raise ValidationError(_("排班表已公布, 换人走换班申请"))
