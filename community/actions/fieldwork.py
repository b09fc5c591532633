"""A survey in the field (SUR-2): drawn, handed out building by building, collected, counted."""

import random
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import posts
from accounts.models import Staff
from community import followups
from community.actions.moving import move, must_be
from community.actions.surveys import check_share
from community.figures import figures_of
from community.models import HandOut, Questionnaire, Survey
from community.statuses import SurveyStatus
from community.tokens import new_nonce
from estates.models import VACANT, Area, Unit
from followups.actions import meet
from followups.models import FollowUp
from history import entries
from rulebook.limits import due, limit

S = SurveyStatus


@transaction.atomic
def distribute(survey: Survey, *, by: Staff, now: datetime, seed: int | None = None) -> int:
    """Draw the households and owe each butler the forms of his buildings; returns how many.

    With a share of 100 every occupied household gets a form, otherwise as many as the share
    asks for, rounded up, drawn at random with a recorded seed. The share has to reach the
    rulebook's ``surveys.sent``. Raises ValidationError without an occupied household.
    """
    must_be(survey, S.APPROVED)
    check_share(survey, now)
    today = timezone.localdate(now)
    if survey.ends_on < today:
        raise ValidationError(_("截止日期已经过了。取消这次征询, 另建一次"))
    units = list(
        Unit.objects.filter(estate=survey.estate_id)
        .exclude(occupancy__in=VACANT)
        .order_by("code", "pk")
        .values_list("pk", "building_id")
    )
    if not units:
        raise ValidationError(_("这个项目还没有已入住的房屋, 没有人可以征询"))
    occupied = len(units)
    if survey.share < 100:
        seed = seed if seed is not None else random.SystemRandom().getrandbits(31)
        wanted = -(-occupied * survey.share // 100)
        drawn = random.Random(seed).sample(units, wanted)  # noqa: S311 -- a draw to repeat
        units = sorted(drawn)
    levels = int(limit("surveys.satisfied_levels", at=now).value)
    move(survey, S.FIELD, occupied=occupied, seed=seed, satisfied_levels=levels, opened_at=now)
    Questionnaire.objects.bulk_create(
        [Questionnaire(survey=survey, unit_id=pk, nonce=new_nonce()) for pk, _b in units],
        batch_size=500,
    )
    meet(survey, followups.OPEN_SURVEY, by=by, now=now)
    _open_field_work(survey, {building for _pk, building in units}, now=now)
    entries.record(
        survey, "survey.distributed", by=by, now=now,
        occupied=occupied, forms=len(units), seed=seed,
    )  # fmt: skip
    return len(units)


def _open_field_work(survey: Survey, buildings: set[int], *, now: datetime) -> None:
    butlers = {
        area.building_id: area.staff
        for area in Area.objects.filter(building__in=buildings).select_related("staff")
        if area.staff.is_active
    }
    ends_at = followups.end_of_day(survey.ends_on)
    out_by = min(due("surveys.hand_out", start=now).due_at, ends_at)
    rows = [
        HandOut(survey=survey, building_id=pk, butler=butlers.get(pk)) for pk in sorted(buildings)
    ]
    for row in rows:
        row.save(force_insert=True)
        followups.open_for_hand_out(row, followups.HAND_OUT, now=now, due_at=out_by)
        followups.open_for_hand_out(row, followups.COLLECT, now=now, due_at=ends_at)
    followups.open_for_survey(
        survey, followups.COUNT, now=now, owner=survey.planned_by, owner_post=posts.CS_MANAGER,
        due_at=due("surveys.count", start=max(now, ends_at)).due_at,
    )  # fmt: skip


@transaction.atomic
def mark_sent(survey: Survey, pks: Iterable[int], *, by: Staff, now: datetime) -> int:
    """These forms of the own area were handed to their households; returns how many were new.

    A building whose forms are out meets its hand-out (SUR-2).
    """
    must_be_in_field(survey)
    rows = Questionnaire.objects.visible_to(by).filter(survey=survey, sent_at__isnull=True)
    wanted = list(rows.filter(pk__in=list(pks)).values_list("pk", "unit__building_id"))
    count = Questionnaire.objects.filter(
        pk__in=[pk for pk, _b in wanted], sent_at__isnull=True
    ).update(sent_at=now, sent_by=by)
    if count:
        entries.record(survey, "survey.sent", by=by, now=now, count=count)
        meet_field_work(survey, {building for _pk, building in wanted}, by=by, now=now)
    return count


def meet_field_work(
    survey: Survey, buildings: set[int], *, by: Staff | None, now: datetime
) -> None:
    """Every form of a building is out: handing out is met; enough came back: collecting is too.

    Enough is what the rulebook asks for of those sent (surveys.returned).
    """
    counts = {
        row["unit__building"]: row
        for row in Questionnaire.objects.filter(survey=survey, unit__building__in=buildings)
        .order_by()
        .values("unit__building")
        .annotate(all=Count("pk"), sent=Count("sent_at"), returned=Count("returned_at"))
    }
    least = limit("surveys.returned", at=now).value
    for row in HandOut.objects.filter(survey=survey, building__in=buildings):
        count = counts[row.building_id]
        if count["sent"] < count["all"]:
            continue
        meet(row, followups.HAND_OUT, by=by, now=now)
        if count["returned"] * 100 >= least * count["sent"]:
            meet(row, followups.COLLECT, by=by, now=now)


def owe_collecting_again(survey: Survey, building: int, *, now: datetime) -> None:
    """A form was taken back: where too few are left, collecting is owed again."""
    row = HandOut.objects.select_related("survey__estate", "building", "butler").get(
        survey=survey, building=building
    )
    forms = Questionnaire.objects.filter(survey=survey, unit__building=building)
    sent, returned = forms.filter(sent_at__isnull=False).count(), forms.returned().count()
    enough = returned * 100 >= limit("surveys.returned", at=now).value * sent
    if not enough and not FollowUp.objects.open().about(row).filter(kind=followups.COLLECT):
        ends_at = followups.end_of_day(survey.ends_on)
        followups.open_for_hand_out(row, followups.COLLECT, now=now, due_at=ends_at)


def must_be_in_field(survey: Survey) -> None:
    """Raise ValidationError unless forms are being handed out and collected."""
    if survey.status != SurveyStatus.FIELD:
        raise ValidationError(
            _("征询“%(title)s”现在是“%(was)s”, 不再收问卷")
            % {"title": survey.title, "was": survey.get_status_display()}
        )


@transaction.atomic
def take_links(
    survey: Survey,
    *,
    by: Staff,
    now: datetime,
    how: str,
    building: int | None = None,
    start: int = 0,
    most: int | None = None,
) -> list[Questionnaire]:
    """The forms that have not come back, for their links to be given out all at once.

    The links are personal, so that every taking of them stands in the history; ``how`` is
    ``exported`` or ``printed``. With ``most`` only so many from ``start`` on. Raises ValidationError when no link
    opens anything (any more).
    """
    must_be_in_field(survey)
    if timezone.localdate(now) > survey.ends_on:
        raise ValidationError(_("已过截止日期 %(day)s, 链接都失效了") % {"day": survey.ends_on})
    rows = Questionnaire.objects.visible_to(by).filter(survey=survey, returned_at__isnull=True)
    if building is not None:
        rows = rows.filter(unit__building=building)
    rows = rows.select_related("unit__building").order_by("unit__code", "pk")
    forms = list(rows[start : start + most] if most else rows)
    entries.record(survey, f"survey.links_{how}", by=by, now=now, links=len(forms))
    return forms


@transaction.atomic
def count(survey: Survey, *, by: Staff, now: datetime, shortfall: str = "") -> None:
    """End the collecting: nothing more is taken in, and the figures stand.

    Below the shares of the rulebook (``surveys.sent``, ``surveys.returned``) a reason is needed;
    before the last day it is needed too. Raises ValidationError by field.
    """
    figures = figures_of(survey)
    short = []
    for share, key, words in (
        (figures.sent_share, "surveys.sent", _("发放率")),
        (figures.returned_share, "surveys.returned", _("回收率")),
    ):
        least = limit(key, at=now).value
        if (share or 0) < least:
            short.append(
                _("%(what)s %(share)s%% 低于 %(least)s%%")
                % {"what": words, "share": f"{share or 0:.1f}", "least": f"{least:.0f}"}
            )
    if timezone.localdate(now) < survey.ends_on:
        short.append(_("还没到截止日期 %(day)s") % {"day": f"{survey.ends_on:%Y-%m-%d}"})
    if not figures.returned:
        raise ValidationError(_("一份问卷都没有收回, 没有可统计的"))
    if short and not shortfall:
        raise ValidationError(
            {"shortfall": _("%(short)s。写明原因再统计") % {"short": "; ".join(short)}}
        )
    move(survey, S.COUNTED, counted_at=now, shortfall=shortfall if short else "")
    meet(survey, followups.COUNT, by=by, now=now)
    for row in survey.hand_outs.all():
        meet(row, followups.HAND_OUT, by=by, now=now)
        meet(row, followups.COLLECT, by=by, now=now)
    followups.open_for_survey(
        survey, followups.REPORT, now=now, owner=survey.planned_by, owner_post=posts.CS_MANAGER,
        limit_key="surveys.report",
    )  # fmt: skip
    entries.record(
        survey, "survey.counted", by=by, now=now, sent=figures.sent, returned=figures.returned,
        shortfall=survey.shortfall,
    )  # fmt: skip
