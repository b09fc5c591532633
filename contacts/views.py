"""One contact: what was said, and how it ends."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from contacts import actions
from contacts.forms import CallBackForm, FinishForm
from contacts.models import Contact


@permission_required("contacts.take", raise_exception=True)
def contact_detail(request, pk):
    """Shows the contact; a POST ends it, or records that the caller was phoned back."""
    contact = get_object_or_404(
        Contact.objects.visible_to(request.user).select_related(
            "estate", "unit", "place", "resident", "received_by", "closed_by"
        ),
        pk=pk,
    )
    owed = actions.owed_call_back(contact)
    form_class = FinishForm if contact.outcome == "" else CallBackForm
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = actions.finish if form_class is FinishForm else actions.call_back_done
        try:
            act(contact, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("contacts:contact_detail", pk=pk)
    return render(
        request,
        "contacts/contact_detail.html",
        {"contact": contact, "form": form, "owed": owed},
        status=422 if form.is_bound else 200,
    )
