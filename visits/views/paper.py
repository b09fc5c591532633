"""走访记录表 and 回访记录表 on A4."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from complaints.models import Complaint
from estates.phones import masked
from repairs.models import Repair, Satisfaction
from visits.actions.recording import MET, MISSED, OUTCOMES, REFUSED
from visits.models import VisitKind, VisitStatus
from visits.views.answers import of_caller, of_contact
from visits.views.doors import visible_callback, visible_visit

A_FEW = 400  # characters: what a resident said, and what he was told, stay on one page
LETTERS = ("A", "B", "C")
OUTCOME_OF = {
    VisitStatus.VISITED: MET,
    VisitStatus.CLOSED: MET,
    VisitStatus.REFUSED: REFUSED,
    VisitStatus.MISSED: MISSED,
}


@dataclass(frozen=True)
class CallbackSheet:
    """The lines of the printed form, whichever record keeps them."""

    number: str
    topic: str | Promise
    what: str = ""
    room: str = ""
    person: str = ""
    phone: str = ""
    at: datetime | None = None
    method: str = ""
    quality: str = ""
    effect: str = ""
    satisfaction: str = ""
    weak_points: str = ""
    suggestion: str = ""
    caller: str = ""
    signed: str = ""
    review: str = ""

    @property
    def choices(self):
        return [
            (letter, label, value == self.satisfaction)
            for letter, (value, label) in zip(LETTERS, Satisfaction.choices, strict=True)
        ]


def _boxes(choices, chosen):
    """The boxes of a printed choice, ticked or empty: an unfinished form is filled in by hand."""
    return [(label, value == chosen) for value, label in choices]


@require_safe
@permission_required("visits.view", raise_exception=True)
def visit_print(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visible_visit(request, pk)
    return render(
        request,
        "visits/visit_print.html",
        {
            "visit": visit,
            "tries": list(visit.tries.all()),
            "changes": list(visit.changes.all()),
            "kinds": _boxes(VisitKind.choices, visit.kind),
            "outcomes": _boxes(OUTCOMES, OUTCOME_OF.get(visit.status)),
            "opinions": _boxes(Satisfaction.choices, visit.satisfaction),
            "may_reveal": request.user.has_perm("estates.reveal"),
            "now": timezone.now(),
        },
    )


@require_safe
@permission_required("visits.view", raise_exception=True)
def callback_print(request: HttpRequest, about: str, pk: int) -> HttpResponse:
    """``about``: repair, complaint, drawn (of this room), contact (回电) or caller (来电人)."""
    makers = {
        "repair": _of_repair,
        "complaint": _of_complaint,
        "drawn": _of_drawn,
        "contact": partial(_of_answer, of_contact),
        "caller": partial(_of_answer, of_caller),
    }
    if about not in makers:
        raise Http404
    sheet = makers[about](request, pk)
    return render(request, "visits/callback_print.html", {"sheet": sheet, "now": timezone.now()})


def _of_repair(request, pk):
    rows = Repair.objects.visible_to(request.user).select_related("unit", "place", "called_back_by")
    repair = get_object_or_404(rows, pk=pk)
    caller = repair.called_back_by
    return CallbackSheet(
        number=repair.number, topic=_("维修"), what=_few(repair.content), room=repair.place_label,
        person=repair.contact_name, phone=_phone(request, repair.contact_phone),
        at=repair.called_back_at, method=repair.get_callback_method_display(),
        quality=repair.get_callback_result_display() if repair.called_back_at else "",
        satisfaction=repair.satisfaction, **_said(repair.satisfaction, repair.callback_note),
        caller=caller.name if caller else "",
    )  # fmt: skip


def _of_complaint(request, pk):
    rows = Complaint.objects.visible_to(request.user).select_related("unit", "place")
    complaint = get_object_or_404(rows, pk=pk)
    calls = complaint.callbacks.select_related("by")
    which = request.GET.get("call", "")
    if which.isdecimal() and len(which) < 19:
        last = get_object_or_404(calls, pk=which)
    else:
        last = calls.filter(is_reached=True).order_by("-at").first()
    sheet = {
        "number": str(complaint), "topic": _("投诉"), "what": _few(complaint.content),
        "room": complaint.place_label, "person": complaint.contact_name,
        "phone": _phone(request, complaint.contact_phone),
    }  # fmt: skip
    if last:
        sheet |= {
            "at": last.at, "method": last.get_method_display(), "satisfaction": last.satisfaction,
            "quality": "" if last.is_reached else _("未接通"),
            **_said(last.satisfaction, last.note), "caller": last.by.name, "signed": last.signed,
        }  # fmt: skip
    return CallbackSheet(**sheet)


def _of_drawn(request, pk):
    callback = visible_callback(request, pk)
    return CallbackSheet(
        number=callback.subject_label, topic=callback.get_topic_display(), what=_few(callback.what),
        room=callback.unit.code if callback.unit else "", person=callback.person,
        phone=_phone(request, callback.phone), at=callback.called_at,
        method=callback.get_method_display() if callback.called_at else "",
        quality=callback.quality, effect=callback.effect, satisfaction=callback.satisfaction,
        weak_points=callback.weak_points, suggestion=callback.suggestion,
        caller=callback.called_by.name if callback.called_by else "", signed=callback.signed,
        review=callback.review,
    )  # fmt: skip


def _of_answer(read, request, pk):
    answer = read(request.user, pk)
    contact = answer.contact
    done = answer.work.work_done if answer.work else ""
    said = (_("来电人说"), answer.asked), (_("处理结果"), done), (_("答复"), answer.said)
    return CallbackSheet(
        number=answer.number, topic=answer.title, room=contact.place_label,
        what="\n".join(
            [_few(answer.what), *(f"{label}: {_few(words)}" for label, words in said if words)]
        ),
        person=contact.caller_name, phone=_phone(request, contact.phone), at=answer.at,
        method=_("电话") if answer.at else "",
        quality=_("未接通") if answer.was_reached is False else "",
        caller=answer.by.name if answer.by else "",
    )  # fmt: skip


def _said(satisfaction, note) -> dict:
    """Where the resident's one sentence belongs on the form: what was wrong, or what he wishes."""
    is_happy = satisfaction in ("", Satisfaction.SATISFIED)
    return {"suggestion" if is_happy else "weak_points": note}


def _few(words):
    return Truncator(words).chars(A_FEW)


def _phone(request, phone):
    return phone if request.user.has_perm("estates.reveal") else masked(phone)
