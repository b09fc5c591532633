"""One line of a register: enter, read, correct, act on, print."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from estates.models import Estate
from followups.models import FollowUp
from history.models import Entry
from registers import cells
from registers.actions import records
from registers.catalogue import Register
from registers.events import TELLING
from registers.filed import filed_for
from registers.forms import form_class, new_form
from registers.models import Record
from registers.models.cards import living_in
from registers.retention import kept_until
from registers.verbs import BY_KEY, verbs_for
from registers.views.doors import Refusal, frame, line_of, refuse, require, unit_of
from rulebook.limits import limit


@require_http_methods(["GET", "HEAD", "POST"])
def record_add(request: HttpRequest, register: Register) -> HttpResponse:
    """A new line; ``?unit=`` opens it filled. What the register refuses is said beside the field."""
    require(request, "registers.view")
    require(request, register.keeps)
    now = timezone.now()
    estates = list(Estate.objects.visible_to(request.user))
    unit = unit_of(request)
    estate = _estate(request, estates, unit)
    form = new_form(
        register,
        estate=estate,
        staff=request.user,
        now=now,
        data=request.POST if request.method == "POST" else None,
        initial=_initial(register, unit, request.user, now),
    )
    if request.method == "POST" and form.is_valid():
        try:
            record = records.add(form.instance, by=request.user, now=now)
        except ValidationError as error:
            refuse(form, error)
        else:
            said = _("%(number)s 已登记") if record.is_open else _("%(number)s 已登记为拒收")
            messages.success(request, said % {"number": record.number})
            if "print" in request.POST and record.is_open:
                return redirect(f"{record.get_absolute_url()}print/?new")
            return redirect(record)
    context = frame(request, register) | {"form": form, "estates": estates, "estate": estate}
    status = 422 if request.method == "POST" else 200
    return render(request, "registers/record_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def record_change(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    """Correct a line; a version older than the line's is a conflict that shows both."""
    record = line_of(request, register, pk)
    require(request, register.keeps)
    was = line_of(request, register, pk)
    form = form_class(register, register.corrected)(
        request.POST if request.method == "POST" else None, instance=record, staff=request.user
    )
    refusal = None
    if request.method == "POST":
        refusal = Refusal("", 422)
        if form.is_valid():
            try:
                records.change(
                    record,
                    form.values(),
                    seen=form.cleaned_data["version"] or 0,
                    by=request.user,
                    now=timezone.now(),
                )
            except ValidationError as error:
                refusal = refuse(form, error)
            else:
                messages.success(request, _("%(number)s 已修改") % {"number": record.number})
                return redirect(record)
    context = frame(request, register) | {
        "form": form,
        "record": was,
        "refusal": refusal,
        "facts": cells.facts(register, was, register.corrected, reveal=True),
    }
    return render(
        request,
        "registers/record_form.html",
        context,
        status=refusal.status if refusal else 200,
    )


@require_safe
def record_detail(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    """A line: its facts, what may be done now, what is owed, and its chain of custody."""
    record, now = line_of(request, register, pk), timezone.now()
    context = frame(request, register)
    steps = [
        (verb, None if verb.is_button else _step_form(verb, record, now))
        for verb in verbs_for(request.user, record)
    ]
    first = steps[0] if steps and not steps[0][0].aside else None
    context |= {
        "record": record,
        "facts": cells.facts(
            register, record, cells.all_names(register)[2:], reveal=context["reveal"]
        ),
        "first": first,
        "steps": steps[1:] if first else steps,
        "owed": list(
            FollowUp.objects.open().about(record).select_related("owner").order_by("due_at")
        ),
        "lines": TELLING.lines_of(Entry.objects.about(record)[:200]),
        "loans": _related(record, "loans", "asked_by", "approved_by", "lent_by", "received_by"),
        "items": _related(record, "items", "filed_by"),
        "filed": filed_for(record.unit, staff=request.user) if hasattr(record, "items") else [],
    }
    if until := kept_until(record):
        context["facts"].append((_("记录保存到"), until))
    return render(request, "registers/record_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_act(request: HttpRequest, register: Register, pk: int, verb: str) -> HttpResponse:
    """GET shows the verb's sheet on a page of its own; POST acts and goes back to the line."""
    step = BY_KEY.get((register.slug, verb))
    if step is None:
        raise Http404
    record, now = line_of(request, register, pk), timezone.now()
    require(request, step.permission)
    form = _step_form(step, record, now, request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST":
        made, refusal = _act(step, record, form, request.user, now)
        if refusal is None:
            messages.success(request, f"{record.number} {step.done}")
            return redirect(made if isinstance(made, Record) else record)
        record = line_of(request, register, pk)
    context = frame(request, register) | {
        "record": record,
        "verb": step,
        "form": form,
        "refusal": refusal,
        "facts": cells.facts(register, record, register.columns[1:], reveal=True),
    }
    return render(
        request, "registers/record_step.html", context, status=refusal.status if refusal else 200
    )


@require_safe
def record_print(request: HttpRequest, register: Register, pk: int) -> HttpResponse:
    """The tag in two parts, or the slip that is signed; ``?new`` leads back to the new line."""
    record = line_of(request, register, pk)
    require(request, register.keeps)
    context = {
        "register": register,
        "record": record,
        "is_new": "new" in request.GET,
        "number_heading": cells.heading(register, "number"),
        "facts": cells.slip(register, record, register.slip),
        "copies": range(_number(register.copies, record)),
        "sheets": _tag_sheets(_number(register.tag, record)),
        "keep_months": _number("keys.keep_records", record) if register.slug == "keys" else 0,
        "kept_until": kept_until(record),
        "loans": [
            cells.loan(lent)
            for lent in _related(record, "loans", "approved_by", "lent_by", "received_by")
        ],
        "items": _related(record, "items", "filed_by"),
        "filed": filed_for(record.unit, staff=request.user) if hasattr(record, "items") else [],
    }
    template = "registers/print_tag.html" if register.tag else "registers/print_slip.html"
    return render(request, template, context)


def _number(key, record):
    """The rulebook's number when the line was entered; 1 where the register asks for none."""
    return int(limit(key, at=record.recorded_at).value) if key else 1


def _tag_sheets(parts):
    """The parts of a tag, two on a sheet: on the thing, for who fetches it, the others for the desk."""
    kinds = [("thing", "claim")[index] if index < 2 else "stub" for index in range(parts)]
    return [kinds[first : first + 2] for first in range(0, parts, 2)]


def _act(step, record, form, staff, now):
    """What the step made, if anything, and why it was refused, if it was."""
    if not form.is_valid():
        return None, Refusal("", 422)
    seen = form.cleaned_data.get("version")
    if seen is not None and seen != record.version:
        return None, Refusal(_("这一条在您打开之后改过。页面上是新内容, 您写的还在"), 409)
    try:
        return step.act(record, by=staff, now=now, **form.terms()), None
    except ValidationError as error:
        return None, refuse(form, error)


def _step_form(verb, record, now, data=None):
    return verb.form(data, record=record, now=now, auto_id=f"{verb.key}-%s")


def _related(record, name, *joined):
    rows = getattr(record, name, None)
    return list(rows.select_related(*joined)) if rows is not None else []


def _estate(request, estates, unit):
    asked = request.POST.get("estate") or request.GET.get("estate") or (unit and unit.estate_id)
    chosen = [estate for estate in estates if str(estate.pk) == str(asked)]
    if not chosen and not estates:
        raise Http404
    return (chosen or estates)[0]


def _initial(register, unit, staff, now):
    """What the form knows already: who files, and of a home its number and its owner."""
    filled = {"keeper": staff.name, "filed_on": timezone.localdate(now),
              "formality_at": timezone.localtime(now)}  # fmt: skip
    if unit is None:
        return filled
    filled["unit"] = unit.code
    owner = living_in(unit.pk, now).filter(relation="owner").first()
    if owner and register.slug == "keys":
        filled |= {"owner_name": owner.resident.name, "owner_phone": owner.resident.phone}
    return filled
