"""Schemes per post, and the fairness view."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.posts import post_of
from appraisal import fairness
from appraisal.actions import schemes as actions
from appraisal.forms.schemes import PublishForm, SchemeForm
from appraisal.items import SCORED_POSTS, items_of
from appraisal.models import Scheme
from appraisal.periods import month_start
from appraisal.schemes import draft_of, in_force
from appraisal.views.doors import require, say, status_of
from estates.refusals import put_refusal


@require_GET
def scheme_list(request):
    """Every post with the scheme in force and its draft."""
    require(request, "appraisal.fairness")
    today = timezone.localdate()
    drafts = set(Scheme.objects.filter(published_at=None).values_list("post", flat=True))
    rows = [(post_of(code), in_force(code, today), code in drafts) for code in SCORED_POSTS]
    return render(request, "appraisal/scheme_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_edit(request, post):
    require(request, "appraisal.change_schemes")
    if post not in SCORED_POSTS:
        raise Http404
    today = timezone.localdate()
    draft = draft_of(post)
    form = SchemeForm(request.POST or None, terms=draft or in_force(post, today))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_draft(post, **form.drafted(), by=request.user, now=timezone.now())
        except ValidationError as error:
            put_refusal(form, error)
        else:
            messages.success(request, _("方案草稿已保存"))
            return redirect("appraisal:scheme_edit", post)
    return render(
        request,
        "appraisal/scheme_edit.html",
        {
            "post": post_of(post),
            "form": form,
            "fulls": [form[f"full_{item}"] for item in items_of(post)],
            "groups": [field for field in form if field.name.startswith("group_")],
            "draft": draft,
            "publish_form": PublishForm(initial={"effective_on": today}) if draft else None,
            "versions": Scheme.objects.filter(post=post, published_at__isnull=False)
            .select_related("published_by"),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


@require_POST
def scheme_publish(request, post):
    require(request, "appraisal.change_schemes")
    row = get_object_or_404(Scheme, post=post, published_at=None)
    form = PublishForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(_("填生效日期"))
        actions.publish_scheme(row, **form.cleaned_data, by=request.user, now=timezone.now())
    except ValidationError as error:
        say(request, error)
        return redirect("appraisal:scheme_edit", post) if status_of(error) == 422 else redirect(
            "appraisal:scheme_list"
        )  # fmt: skip
    messages.success(request, _("方案已公布"))
    return redirect("appraisal:scheme_list")


@require_POST
def scheme_drop(request, post):
    require(request, "appraisal.change_schemes")
    row = get_object_or_404(Scheme, post=post, published_at=None)
    actions.drop_draft(row, by=request.user, now=timezone.now())
    return redirect("appraisal:scheme_list")


@require_GET
def fairness_view(request):
    """Three months back by default: scores per inspector, coverage, appeals, rules."""
    require(request, "appraisal.fairness")
    months = int(request.GET["months"]) if request.GET.get("months") in ("1", "3", "12") else 3
    end = timezone.localdate() + timedelta(days=1)
    start = month_start(end - timedelta(days=31 * (months - 1) + 1))
    sheets = fairness.scope(request.user, start, end)
    return render(
        request,
        "appraisal/fairness.html",
        {
            "months": months,
            "plot": fairness.dot_plot(fairness.spreads(sheets)),
            "charts": [
                fairness.by_rule(sheets),
                fairness.people_covered(request.user, sheets),
                fairness.sops_covered(sheets),
                fairness.appeal_outcomes(sheets),
            ],
        },
    )
