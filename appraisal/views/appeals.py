"""Appeals: made on the sheet, decided or given to a reviewer on a page of their own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Staff
from accounts.posts import GENERAL_MANAGER
from appraisal.actions import appeals, lines
from appraisal.forms.appeals import AppealForm, DecisionForm, ReviewerForm
from appraisal.inspectors import reviewers_for
from appraisal.models import Appeal, Sheet
from appraisal.views.doors import require_reader, status_of, visible_sheet
from appraisal.views.proofs import known_records, proofs_of
from appraisal.views.sheets import Typed, require_part, sheet_page
from estates.refusals import put_refusal
from followups.models import FollowUp
from repairs.photos import read_picture

ROWS = 50


@require_POST
def sheet_appeal(request, pk):
    sheet = visible_sheet(request, pk)
    require_part(request.user, sheet, "see")
    form = AppealForm(request.POST, request.FILES, lines=sheet.deductions.order_by("pk"),
                      known=known_records(request, sheet))  # fmt: skip
    now, status = timezone.now(), 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            picture = read_picture(data["photo"]) if data["photo"] else None
            row = appeals.appeal(
                sheet, text=data["text"], deductions=data["lines"],
                records=proofs_of(request, form), by=request.user, now=now,
            )  # fmt: skip
            if data["label"] or picture:
                lines.add_evidence(
                    row, label=data["label"], picture=picture, by=request.user, now=now
                )
        except ValidationError as error:
            put_refusal(form, error)
            status = status_of(error)
        else:
            messages.success(request, _("申诉已提交"))
            return redirect(sheet)
    return sheet_page(request, visible_sheet(request, pk), Typed("appeal", form), status=status)


@require_GET
def appeal_list(request):
    """Appeals one made, has to decide, or has to find a reviewer for; open ones first."""
    require_reader(request)
    mine = Q(sheet__in=Sheet.objects.visible_to(request.user))
    rows = Appeal.objects.filter(mine).select_related(
        "sheet__staff", "sheet__inspector", "decider", "by"
    )
    return render(
        request,
        "appraisal/appeal_list.html",
        {
            "open_rows": list(rows.filter(decided_at=None).order_by("at", "pk")[:ROWS]),
            "decided": list(rows.exclude(decided_at=None).order_by("-decided_at", "-pk")[:ROWS]),
        },
    )


def visible_appeal(request, pk):
    require_reader(request)
    return get_object_or_404(
        Appeal.objects.filter(sheet__in=Sheet.objects.visible_to(request.user)).select_related(
            "sheet__staff", "sheet__inspector", "sheet__estate", "decider", "by"
        ),
        pk=pk,
    )


@require_GET
def appeal_detail(request, pk):
    return appeal_page(request, visible_appeal(request, pk))


def appeal_page(request, row, decision_form=None, reviewer_form=None, status=200):
    points = list(row.points.select_related("deduction__sop").prefetch_related(
        "deduction__evidence", "deduction__linked"))  # fmt: skip
    is_open = row.decided_at is None
    decides = is_open and row.decider_id == request.user.pk
    names = is_open and row.decider_id is None and request.user.post == GENERAL_MANAGER
    return render(
        request,
        "appraisal/appeal_detail.html",
        {
            "appeal": row,
            "sheet": row.sheet,
            "points": points,
            "due_at": FollowUp.objects.open().about(row).values_list("due_at", flat=True).first(),
            "decision_form": (decision_form or DecisionForm(points=points)) if decides else None,
            "reviewer_form": (reviewer_form or ReviewerForm(people=reviewers(row)))
            if names
            else None,
        },
        status=status,
    )


def reviewers(row):
    """Whom the general manager may name, as the form's choices."""
    people = Staff.objects.filter(pk__in=[each.pk for each in reviewers_for(row.sheet)])
    return people.order_by("name", "pk")


@require_http_methods(["POST"])
def appeal_decide(request, pk):
    row = visible_appeal(request, pk)
    if row.decider_id != request.user.pk:
        raise PermissionDenied
    form = DecisionForm(request.POST, points=list(row.points.select_related("deduction")))
    status = 422
    if form.is_valid():
        try:
            appeals.decide(
                row, kept=form.kept(), decision=form.cleaned_data["decision"],
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            put_refusal(form, error)
            status = status_of(error)
        else:
            messages.success(request, _("已裁定, 结果已通知本人"))
            return redirect(row)
    return appeal_page(request, row, decision_form=form, status=status)


@require_http_methods(["POST"])
def appeal_name(request, pk):
    row = visible_appeal(request, pk)
    if request.user.post != GENERAL_MANAGER:
        raise PermissionDenied
    form = ReviewerForm(request.POST, people=reviewers(row))
    if form.is_valid():
        try:
            appeals.name_reviewer(row, **form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            put_refusal(form, error)
        else:
            return redirect(row)
    return appeal_page(request, row, reviewer_form=form, status=422)
