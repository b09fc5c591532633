"""Logging a call: the form as page and as drawer, and what it asks for while one types."""

from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from contacts.actions import finish
from contacts.models import Contact, Outcome
from desk.actions import begun, take_call
from desk.cards import card_of
from desk.forms import LONGEST_CONTENT, Intake, IntakeForm, initial_from_contact, phrases_for
from desk.steps import address_of
from estates import lookup
from estates.models import PublicPlace, Residence, Resident, Unit
from estates.phones import clean_phone
from estates.typed import clean_text, parse_moment
from repairs.models import Repair
from rulebook.limits import due
from services.answers import cards_for

SAME_CALL = timedelta(minutes=10)
take = permission_required("contacts.take", raise_exception=True)


@take
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request):
    if request.method == "POST":
        return _take(request)
    form = IntakeForm(staff=request.user, now=timezone.now(), initial=_initial(request))
    return _show(request, form)


def _show(request, form, *, status=200):
    template = "desk/_intake.html" if request.htmx else "desk/intake.html"
    return render(request, template, {"form": form, "estates": form.estates}, status=status)


def _initial(request):
    """What an address or an unfinished contact brings along; ``?phone=`` is for phone systems."""
    asked = request.GET
    if asked.get("contact", "").isdigit():
        rows = Contact.objects.visible_to(request.user).select_related("unit", "place", "resident")
        return initial_from_contact(get_object_or_404(rows, pk=asked["contact"]))
    initial = {"client_key": uuid4(), "source": asked.get("source", "")}
    if asked.get("unit", "").isdigit():
        unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=asked["unit"])
        initial |= {"unit": unit.pk, "who": unit.code} | _lives_there(
            unit, asked.get("resident", "")
        )
    if asked.get("as") == Outcome.COMPLAINT:
        initial["outcome"] = Outcome.COMPLAINT
    if asked.get("text"):
        initial["content"] = clean_text(asked["text"])[:LONGEST_CONTENT]
    if asked.get("phone"):
        initial |= _caller(asked["phone"], request.user)
        initial |= _rung_already(initial["contact_phone"], request.user) or {
            "started_at": timezone.now().isoformat()
        }
    return initial


def _lives_there(unit, resident):
    """A person of that household whom the address names: from a visit or a call-back."""
    if not resident.isdigit():
        return {}
    rows = Residence.objects.filter(unit=unit, resident=resident).select_related("resident")
    home = rows.first()
    if home is None:
        return {}
    return {
        "resident": home.resident_id,
        "who": f"{unit.code} {home.resident.name}",
        "contact_name": home.resident.name,
    }


def _caller(phone, staff):
    """Who calls from this number, if one household is known by it."""
    try:
        phone = clean_phone(phone)
    except ValidationError:
        return {"contact_phone": phone[:60]}
    known = [m for m in lookup.find(phone, staff=staff, limit=2) if m.resident]
    if len(known) != 1:
        return {"contact_phone": phone, "who": phone if known else ""}
    match = known[0]
    return {
        "contact_phone": phone,
        "resident": match.resident.pk,
        "unit": match.unit.pk if match.unit else None,
        "who": f"{match.unit.code} {match.resident.name}" if match.unit else match.resident.name,
    }


def _rung_already(phone, staff):
    """The same call popped twice, or the page was loaded again: one contact all the same."""
    since = timezone.now() - SAME_CALL
    contact = (
        Contact.objects.unfinished()
        .filter(received_by=staff, phone=phone, started_at__gte=since)
        .select_related("unit", "place", "resident")
        .first()
    )
    return initial_from_contact(contact) if contact else {}


def _take(request):
    now = timezone.now()
    form = IntakeForm(request.POST, staff=request.user, now=now)
    if not form.is_valid():
        return _refuse(request, form)
    wanted = form.intake()
    if request.POST.get("attach", "").isdigit():
        rows = Repair.objects.visible_to(request.user)
        wanted.attach_to = get_object_or_404(rows, pk=request.POST["attach"])
    dispatch = form.do != "save" and request.user.has_perm("repairs.dispatch")
    try:
        taken = take_call(wanted, dispatch=dispatch, by=request.user, now=now)
    except ValidationError as error:
        put_errors(form, error)
        return _refuse(request, form)
    return _answer(request, taken, form.estates)


def put_errors(form, error):
    """Errors of an action under the fields they name; the rest at the top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        field = "who" if name in ("unit", "place", "resident") else name
        form.add_error(field if field in form.fields else None, errors)


def _refuse(request, form):
    return _show(request, form, status=422)


def _answer(request, taken, estates):
    text = _words(taken)
    undo = ""
    if taken.is_dispatched and not taken.is_attached:
        undo = address_of("repairs:repair_recall", taken.repair.pk)
    if not request.htmx:
        messages.success(request, text)
        if taken.repair:
            return redirect("repairs:repair_detail", taken.repair.pk)
        if taken.complaint:
            return redirect("complaints:complaint_detail", taken.complaint.pk)
        return redirect("desk:today")
    form = IntakeForm(
        staff=request.user, now=timezone.now(), estates=estates, initial={"client_key": uuid4()}
    )
    response = render(request, "desk/_intake.html", {"form": form, "estates": form.estates})
    detail = {"text": text, "undo": undo}
    if taken.repair:
        url = reverse("repairs:repair_detail", args=[taken.repair.pk])
        detail["link"] = {"url": url, "text": _("看工单")}
    if taken.complaint:
        url = reverse("complaints:complaint_detail", args=[taken.complaint.pk])
        detail["link"] = {"url": url, "text": _("看投诉")}
    return trigger_client_event(response, "toast", detail)


def _words(taken):
    if taken.complaint and not taken.complaint.is_reachable:
        return _("投诉 %(number)s 已登记。没有联系方式: 问到电话, 在投诉页补上") % {
            "number": taken.complaint.number
        }
    if taken.complaint:
        return _("投诉 %(number)s 已登记, 管家和助理已收到") % {"number": taken.complaint.number}
    if taken.repair is None:
        return _("已记为“%(outcome)s”") % {"outcome": taken.contact.get_outcome_display()}
    number = taken.repair.number
    if taken.is_attached:
        return _("来电已并入 %(number)s, 完成后也要答复这位业户") % {"number": number}
    if taken.is_dispatched:
        return _("%(number)s 已登记并转工程") % {"number": number}
    return _("%(number)s 已登记, 还没有转工程") % {"number": number}


@take
@require_POST
def intake_draft(request):
    """The first key begins the contact; every two seconds what is typed so far is kept."""
    now = timezone.now()
    form = IntakeForm(request.POST, staff=request.user, now=now)
    form.is_valid()
    data = form.cleaned_data
    key, estate = data.get("client_key"), data.get("estate")
    if key is None:
        return JsonResponse({"message": _("这一页没有编号。刷新页面, 内容会恢复")}, status=422)
    if estate is None or isinstance(estate, int):
        estate = form.estates[0] if form.estates else None
    if estate is None:
        return JsonResponse({"message": _("您还没有分到项目, 请管理员在员工页里加上")}, status=422)
    draft = Intake(
        client_key=key,
        estate=estate,
        started_at=data.get("started_at"),
        contact=form.contact_fields(),
        repair={},
        draft=form.draft(),
    )
    try:
        contact = begun(draft, by=request.user, now=now)
    except ValidationError as error:
        return JsonResponse({"message": " ".join(error.messages)}, status=422)
    owed = due("repairs.dispatch", start=contact.started_at)
    return JsonResponse({"start": contact.started_at.isoformat(), "due": owed.due_at.isoformat()})


@take
@require_GET
def intake_lookup(request):
    """Lines for the one lookup box: units and people, then public places; at most 4 queries."""
    text = request.GET.get("q", "")
    matches = lookup.find(text, staff=request.user)
    context = {"matches": matches, "places": [], "open_counts": {}, "text": text}
    if any(character.isalpha() for character in text):
        context["places"] = lookup.find_places(text, staff=request.user, limit=3)
    elif matches:
        units = [match.unit.pk for match in matches if match.unit]
        rows = Repair.objects.open().filter(unit__in=units).values_list("unit_id", flat=True)
        counts = {}
        for unit in rows.order_by()[:50]:
            counts[unit] = counts.get(unit, 0) + 1
        context["open_counts"] = counts
        matches.sort(key=lambda m: (m.rank, -bool(m.unit and counts.get(m.unit.pk))))
    return render(request, "desk/_matches.html", context)


@take
@require_GET
def intake_phrases(request):
    return render(request, "desk/_phrases.html", {"phrases": phrases_for(request.GET.get("q", ""))})


@take
@require_GET
def intake_moment(request):
    """How a typed appointment was read, or what is wrong with it."""
    now = timezone.now()
    try:
        moment = parse_moment(request.GET.get("q", ""), now)
    except ValidationError as error:
        return render(request, "desk/_moment.html", {"problem": " ".join(error.messages)})
    return render(request, "desk/_moment.html", {"moment": moment})


@take
@require_GET
def intake_card(request):
    """Who calls, who answers for the house, and what is still open there."""
    found = {}
    for name, model in (("unit", Unit), ("resident", Resident), ("place", PublicPlace)):
        pk = request.GET.get(name, "")
        if pk.isdigit():
            rows = model.objects.visible_to(request.user).select_related("estate")
            if name != "resident":
                rows = rows.select_related("estate", "building")
            found[name] = get_object_or_404(rows, pk=pk)
    if not found:
        return HttpResponse()
    card = card_of(staff=request.user, now=timezone.now(), **found)
    return render(request, "desk/_card.html", {"card": card})


@take
@require_GET
def intake_answers(request):
    """What to say (MAN-7): the cards of the chosen category, or of the words searched; one query."""
    category = request.GET.get("category", "")[:12]
    text = clean_text(request.GET.get("q", ""))[:40]
    context = {"cards": cards_for(category, text), "text": text, "category": category}
    return render(request, "desk/_answers.html", context)


@take
@require_POST
def contact_dismiss(request, pk):
    """[忽略] beside a call that led to nothing."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    try:
        finish(contact, outcome=Outcome.DISMISSED, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已忽略这个来电"))
    return redirect("desk:today")
