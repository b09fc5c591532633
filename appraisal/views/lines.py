"""Deductions on a draft: added, linked, removed, and made of proposals."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appraisal.actions import lines, offers
from appraisal.forms.lines import DeductionForm, LinkForm, TakeForm
from appraisal.models import Deduction
from appraisal.views.doors import say, status_of, visible_sheet
from appraisal.views.proofs import known_records, proofs_of
from appraisal.views.sheets import Typed, require_part, sheet_page
from estates.refusals import put_refusal


@require_POST
def sheet_deduct(request, pk):
    sheet = visible_sheet(request, pk)
    require_part(request.user, sheet, "deduct")
    now = timezone.now()
    terms = lines.terms_then(sheet)
    form = DeductionForm(
        request.POST, terms=terms, now=now, is_manager="sop_execution" in terms.full,
        known=known_records(request, sheet),
    )  # fmt: skip
    status = 422
    if form.is_valid():
        try:
            line = lines.add_deduction(
                sheet, **form.terms_chosen(), records=proofs_of(request, form), by=request.user,
                now=now,
            )  # fmt: skip
        except ValidationError as error:
            put_refusal(form, error)
            status = status_of(error)
        else:
            # Said, so that the form's draft is forgotten and nobody records the same twice.
            messages.success(request, _("已记扣分: %(what)s") % {"what": line})
            return redirect(sheet)
    return sheet_page(request, visible_sheet(request, pk), Typed("deduction", form), status=status)


def line_of(request, pk, line_pk):
    sheet = visible_sheet(request, pk)
    line = get_object_or_404(Deduction.objects.select_related("sop"), sheet=sheet, pk=line_pk)
    line.sheet = sheet
    return line


@require_POST
def line_link(request, pk, line_pk):
    line = line_of(request, pk, line_pk)
    require_part(request.user, line.sheet, "link")
    form = LinkForm(request.POST)
    if not form.is_valid():
        return sheet_page(request, line.sheet, status=422)
    try:
        lines.link(line, causes=form.cleaned_data["causes"], by=request.user, now=timezone.now())
    except ValidationError as error:
        say(request, error)
        return sheet_page(request, line.sheet, status=status_of(error))
    return redirect(line.sheet)


@require_POST
def line_remove(request, pk, line_pk):
    line = line_of(request, pk, line_pk)
    require_part(request.user, line.sheet, "remove")
    try:
        lines.remove(line, by=request.user, now=timezone.now())
    except ValidationError as error:
        say(request, error)
        return sheet_page(request, line.sheet, status=status_of(error))
    return redirect(line.sheet)


@require_POST
def offer_answer(request, pk):
    """Take a proposal, or put it aside with a reason."""
    sheet = visible_sheet(request, pk)
    require_part(request.user, sheet, "offer")
    terms = {"by": request.user, "now": timezone.now(), "reason": request.POST.get("reason", "")}
    key = request.POST.get("key", "")
    try:
        if request.POST.get("answer") == "aside":
            offers.put_aside(sheet, key, **terms)
        else:
            form = TakeForm(request.POST)
            if not form.is_valid():
                raise ValidationError([error for found in form.errors.values() for error in found])
            offers.take(sheet, key, **form.cleaned_data, **terms)
    except ValidationError as error:
        say(request, error)
        return sheet_page(request, visible_sheet(request, pk), status=status_of(error))
    return redirect(sheet)
