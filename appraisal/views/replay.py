"""What a month would be under the rules as drafted, or under numbers typed for a trial."""

from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.posts import post_of
from appraisal.actions import months
from appraisal.forms.months import TRIED, TrialForm
from appraisal.items import BANDS
from appraisal.models import Scheme
from appraisal.replay import replay
from appraisal.views.doors import require
from appraisal.views.months import month_from, people_seen
from rulebook.limits import limits

AHEAD = timedelta(days=366)  # numbers already decided for the coming year count as drafted


@require_GET
def month_replay(request, month):
    """The month beside what it would be; the form stands at the numbers as drafted."""
    require(request, "appraisal.publish")
    when, now = month_from(month), timezone.now()
    drafted = {
        key.removeprefix("appraisal."): f"{found.value.normalize():f}"
        for key, found in limits(
            *(f"appraisal.{name}" for name in (*TRIED, "consequence_most")), at=now + AHEAD
        ).items()
    }
    typed = request.GET if any(name in request.GET for name in TRIED) else drafted
    form = TrialForm(typed, initial=drafted)
    rows = []
    if form.is_valid():
        rows = replay(
            when, people_seen(request.user, own=False), on=timezone.localdate(now),
            terms=months.terms_at(when), trial=form.trial(),
        )  # fmt: skip
    drafts = (
        Scheme.objects.filter(published_at=None).order_by("post").values_list("post", flat=True)
    )
    return render(
        request,
        "appraisal/month_replay.html",
        {
            "month": when,
            "form": form,
            "is_trial": form.is_valid() and form.is_changed,
            "drafts": [post_of(post) for post in drafts],
            "rows": [(row, BANDS.get(row.band_now, ""), BANDS.get(row.band_then, ""))
                     for row in rows],
            "moved": sum(row.moves_band for row in rows),
            "changed": sum(bool(row.difference) for row in rows),
        },
        status=200 if form.is_valid() else 422,
    )  # fmt: skip
