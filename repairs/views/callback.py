"""The call-back sheet: one result, at most one word, done (REP-6, REP-9)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from contacts.reaching import MESSAGE, step_after
from repairs import actions
from repairs.actions.callbacks import message_for, messages_left
from repairs.forms.steps import CallBackForm
from repairs.happened import happened
from repairs.statuses import Status
from repairs.views.acting import Refusal, back_to, refuse, stale_words, visible_repair


@permission_required("repairs.call_back", raise_exception=True)
def repair_call_back(request, pk):
    """The sheet as a fragment for htmx, as a page of its own without scripts."""
    repair, now = visible_repair(request, pk), timezone.now()
    tries = messages_left(repair)
    step = step_after(tries, now=now)
    form = CallBackForm(
        request.POST if request.method == "POST" else None,
        repair=repair,
        staff=request.user,
        now=now,
        step=step,
        initial={"message": message_for(repair) if step == MESSAGE else ""},
        auto_id=f"callback-{pk}-%s",
    )
    refusal = None
    if request.method == "POST":
        refusal = _call_back(repair, form, request, now)
        if refusal is None:
            return _done(request, repair, form)
        repair = visible_repair(request, pk)
    is_sheet = request.htmx and not request.htmx.boosted
    return render(
        request,
        "repairs/_callback_sheet.html" if is_sheet else "repairs/repair_callback.html",
        {
            "repair": repair,
            "form": form,
            "refusal": refusal,
            "tries": len(tries),
            "step": step,
            "is_open": repair.status == Status.RETURNED,
            "is_sheet": is_sheet,
            "next": _opened_from(request, repair) if is_sheet else back_to(request, repair),
            "may_reveal": request.user.has_perm("estates.reveal"),
        },
        status=refusal.status if refusal else 200,
    )


def _opened_from(request, repair):
    """The page under the sheet: there the person goes on after 完成."""
    there = request.POST.get("next") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}):
        return there
    return back_to(request, repair)


def _call_back(repair, form, request, now):
    account = request.POST.get("account", "")
    if account and account != str(request.user.pk):
        return Refusal(_("这条记录是另一位同事在这台手机上写的, 等他本人登录后再上传"), 409)
    if not form.is_valid():
        return Refusal("", 422)
    data = form.cleaned_data
    terms = {
        "client_key": data["client_key"],
        "happened_at": happened(data["happened_at"], now=now),
        "by": request.user,
        "now": now,
    }
    result, satisfaction = data["outcome"].split(":")
    same_sheet = repair.callback_key == data["client_key"]
    seen = data.get("version")
    if seen is not None and seen != repair.version and not same_sheet:
        return Refusal(stale_words(repair, by=request.user, now=now), 409)
    try:
        if result in ("no_answer", "message"):
            message = data["message"] if result == "message" else None
            actions.no_answer(repair, message=message, kept=data["kept"], **terms)
        else:
            actions.call_back(
                repair,
                result=result,
                satisfaction=satisfaction,
                note=data["note"],
                method=data["method"],
                **terms,
            )
    except ValidationError as error:
        if not data["kept"]:
            return refuse(form, error)
        said = {
            "result": result, "satisfaction": satisfaction, "note": data["note"],
            "message": data["message"] if result == "message" else "",
        }  # fmt: skip
        actions.attach_call_back(repair, said=said, **terms)
    return None


def _done(request, repair, form):
    if form.cleaned_data["outcome"].startswith(("no_answer", "message")):
        messages.success(
            request, _("%(number)s 已记没打通, 到时再提醒") % {"number": repair.number}
        )
    else:
        may_undo = not repair.reworks.exists()
        messages.success(
            request,
            _("%(number)s 已记回访") % {"number": repair.number}
            if may_undo
            else _("%(number)s 已记回访, 并开返修单") % {"number": repair.number},
            extra_tags=reverse("repairs:repair_undo_call_back", args=[repair.pk])
            if may_undo
            else "",
        )
    where = back_to(request, repair)
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
