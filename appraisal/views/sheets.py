"""Lists, one sheet, and its verbs (screens W9)."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Staff
from appraisal import events
from appraisal.actions import lines, offers, sheets
from appraisal.arithmetic import consequence_range, grade_points
from appraisal.bands import band_of_sheet
from appraisal.followups import INSPECT
from appraisal.forms.appeals import AppealForm
from appraisal.forms.lines import DeductionForm, LinkForm
from appraisal.forms.sheets import FooterForm, NewSheetForm
from appraisal.inspectors import deciders, inspectable, may_review
from appraisal.items import LABELS, Cause, Grade
from appraisal.models import Round, Sheet
from appraisal.statuses import Status
from appraisal.views.doors import (
    require,
    require_reader,
    review_queue,
    say,
    status_of,
    visible_sheet,
)
from estates.refusals import put_refusal
from followups.models import FollowUp
from history.models import Entry

ROWS = 25


@require_GET
def sheet_list(request):
    """One's own sheets, those one wrote, and those of the line; rounds and reviews owed on top."""
    require_reader(request)
    staff = request.user
    which = request.GET.get("which", "own" if not staff.has_perm("appraisal.inspect") else "all")
    rows = Sheet.objects.visible_to(staff).select_related("staff", "inspector")
    if which == "own":
        rows = rows.filter(staff=staff)
    elif which == "written":
        rows = rows.filter(inspector=staff)
    if request.GET.get("before", "").isdigit():
        rows = rows.filter(pk__lt=request.GET["before"])
    if request.GET.get("status") in Status.values:
        rows = rows.filter(status=request.GET["status"])
    rows = rows.annotate(findings=Count("deductions")).order_by("-pk")
    page = list(rows[: ROWS + 1])
    return render(
        request,
        "appraisal/sheet_list.html",
        {
            "sheets": page[:ROWS],
            "before": page[ROWS - 1].pk if len(page) > ROWS else None,
            "which": which,
            "status": request.GET.get("status", ""),
            "statuses": Status.choices,
            "rounds": open_rounds(staff),
            "to_review": len(review_queue(staff)) if staff.has_perm("appraisal.review") else 0,
        },
    )


def open_rounds(staff):
    """Rounds that this person still owes, yesterday's too, with how many people are done and by
    when it is owed.
    """
    if not staff.has_perm("appraisal.inspect"):
        return []
    owed = {
        row.object_id: row
        for row in FollowUp.objects.open().filter(
            owner=staff, kind=INSPECT, content_type=ContentType.objects.get_for_model(Round)
        )
    }
    handed_in = Count("sheets__staff", filter=~Q(sheets__status=Status.DRAFT), distinct=True)
    rows = Round.objects.filter(inspector=staff, pk__in=owed)
    rows = rows.annotate(done=handed_in, whole=Count("people", distinct=True))
    found = list(rows.select_related("estate").order_by("ends_on", "pk")[:ROWS])
    for row in found:
        row.followup = owed[row.pk]
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_new(request):
    """Start a sheet about somebody one may inspect."""
    require(request, "appraisal.inspect")
    people = Staff.objects.filter(pk__in=[each.pk for each in inspectable(request.user)])
    form = NewSheetForm(
        request.POST or None, people=people.order_by("name", "pk"), day=timezone.localdate(),
        initial=request.GET.dict(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            sheet = sheets.open_sheet(**form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            put_refusal(form, error)
        else:
            return redirect(sheet)
    status = 422 if request.method == "POST" else 200
    return render(request, "appraisal/sheet_new.html", {"form": form}, status=status)


@require_GET
def sheet_detail(request, pk):
    return sheet_page(request, visible_sheet(request, pk))


@dataclass
class Typed:
    """A form that was refused, so that the page keeps what was typed."""

    name: str
    form: object


def sheet_page(request, sheet, typed=None, status=200):
    staff, now = request.user, timezone.now()
    found = list(
        sheet.deductions.select_related("sop").prefetch_related(
            "linked", "evidence", "appeal_points__appeal"
        )
    )
    for line in found:
        line.sheet = sheet
        line.proposed = lines.proposed_cause(line) if not line.linked.all() else None
    writes = sheet.is_draft and sheet.inspector_id == staff.pk
    terms = lines.terms_then(sheet)
    scores = sheet.scores()
    forms = {typed.name: typed.form} if typed else {}
    context = {
        "sheet": sheet,
        "scores": [(LABELS[each.item], each) for each in scores],
        "lines": found,
        "band": band_of_sheet(sheet),
        "writes": writes,
        "appeals": list(
            sheet.appeals.select_related("by", "decider").prefetch_related(
                "points__deduction", "evidence"
            )
        ),
        "reviews": may_review(staff, sheet)
        and sheet.status in (Status.SUBMITTED, Status.SEEN)
        and not sheet.reviewed_at,
        "is_mine": sheet.staff_id == staff.pk,
        "history": events.lines(Entry.objects.about(sheet)[:60]),
        "status_now": status,
    }
    if writes:
        is_manager = "sop_execution" in terms.full
        context["deduction_form"] = forms.get("deduction") or DeductionForm(
            terms=terms, now=now, is_manager=is_manager
        )
        context["footer_form"] = forms.get("footer") or footer_of(sheet)
        context["link_form"] = LinkForm()
        context["causes"] = Cause.choices if is_manager else []
        context["offers"] = offers.offers_for(sheet, now=now)
        context["offer_count"] = sum(len(each.evidence) for each in context["offers"])
        context["grades"] = _grades(sheet, terms)
    if sheet.staff_id == staff.pk and _may_appeal(sheet, now):
        context["appeal_form"] = forms.get("appeal") or AppealForm(
            lines=sheet.deductions.order_by("pk")
        )
    return render(request, "appraisal/sheet_detail.html", context, status=status)


def footer_of(sheet, typed=None):
    """The foot of the sheet as a form, from what is stored or as it was typed."""
    kept = {name: getattr(sheet, name) for name in FooterForm.base_fields}
    return FooterForm(typed, initial=kept)


def _grades(sheet, terms):
    """What each grade takes on each item, for the form's own page."""
    marks = sheet.rules_then.marks
    return [
        (
            LABELS[item],
            grade_points(Grade.MINOR, full, marks),
            grade_points(Grade.SERIOUS, full, marks),
            consequence_range(full, marks),
        )
        for item, full in sheet.rules_then.full.items()
    ]


def _may_appeal(sheet, now):
    if sheet.status not in (Status.SEEN, Status.DECIDED) or now > sheet.appeal_until:
        return False
    earlier = list(sheet.appeals.order_by("level"))
    if not earlier:
        return True
    return not earlier[-1].is_final and bool(
        deciders(sheet, after=[each.decider_id for each in earlier])
    )


def act(request, pk, verb):
    """One verb without a form of its own: find, check, act, back to the sheet."""
    sheet = visible_sheet(request, pk)
    require_part(request.user, sheet, verb)
    now = timezone.now()
    if verb == "submit" and sheet.is_draft and "improvement" in request.POST:
        footer = footer_of(sheet, request.POST)
        if footer.has_changed() and not _keep_footer(sheet, footer, by=request.user, now=now):
            return sheet_page(request, sheet, Typed("footer", footer), status=422)
    more = {"send_back": ["reason"], "accept": ["opinion"]}.get(verb, [])
    given = {name: request.POST.get(name, "") for name in more}
    try:
        getattr(sheets, verb)(sheet, by=request.user, now=now, **given)
    except ValidationError as error:
        say(request, error)
        return sheet_page(request, visible_sheet(request, pk), status=status_of(error))
    if verb in DONE:
        messages.success(request, DONE[verb])
    if verb == "discard":
        return redirect("appraisal:sheet_list")
    if request.POST.get("next") == "review":
        then = request.POST.get("then", "")
        place = f"#sheet-{then}" if then.isdigit() else ""
        return redirect(reverse("appraisal:review") + place)
    return redirect("appraisal:sheet_detail", pk=pk)


def require_part(staff, sheet, verb):
    """403 for whoever sees the sheet but has no part in this step."""
    if verb in ("see", "accept"):
        allowed = sheet.staff_id == staff.pk
    elif verb in ("approve", "send_back"):
        allowed = may_review(staff, sheet)
    else:
        allowed = sheet.inspector_id == staff.pk
    if not allowed:
        raise PermissionDenied


DONE = {
    "submit": _("已提交, 被考评人会收到提醒"),
    "discard": _("草稿已删除"),
    "accept": _("已签意见, 考评表生效"),
    "approve": _("已复核"),
    "send_back": _("已退回检查人"),
}


@require_POST
def sheet_act(request, pk, verb):
    return act(request, pk, verb)


@require_POST
def sheet_footer(request, pk):
    sheet = visible_sheet(request, pk)
    require_part(request.user, sheet, "footer")
    form = footer_of(sheet, request.POST)
    if _keep_footer(sheet, form, by=request.user, now=timezone.now()):
        messages.success(request, _("改进要求已保存"))
        return redirect(sheet)
    if not sheet.is_draft:  # the page shows no form any more that could say why
        messages.error(request, " ".join(form.non_field_errors()))
    return sheet_page(request, sheet, Typed("footer", form), status=422)


def _keep_footer(sheet, form, *, by, now) -> bool:
    """False with the errors in the form."""
    if form.is_valid():
        try:
            sheets.set_footer(sheet, **form.cleaned_data, by=by, now=now)
        except ValidationError as error:
            put_refusal(form, error)
    return form.is_valid()
