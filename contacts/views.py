"""One contact: what was said, and how it ends."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from contacts import actions
from contacts.forms import FinishForm
from contacts.models import Contact


@permission_required("contacts.take", raise_exception=True)
def contact_detail(request, pk):
    """Shows the contact; a POST ends it. A call-back that is owed has a page of its own."""
    contact = get_object_or_404(
        Contact.objects.visible_to(request.user).select_related(
            "estate", "unit", "place", "resident", "received_by", "closed_by", "called_back_by"
        ),
        pk=pk,
    )
    owed = actions.owed_call_back(contact)
    form = FinishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.finish(contact, by=request.user, now=timezone.now(), **form.cleaned_data)
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
