"""Doors of the catalogue: read and search for everybody at the desk, change for the manager."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history.models import Entry
from services import actions
from services.forms import ItemForm, NewItemForm, PriceForm
from services.models import ServiceItem


@require_safe
@permission_required("services.view", raise_exception=True)
def item_list(request: HttpRequest) -> HttpResponse:
    """Paid and free items with what they cost today (SRV-1, SRV-2)."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:60]
    paid = request.GET.get("paid", "")
    items = ServiceItem.objects.with_price(timezone.localdate())
    if not request.user.has_perm("services.change"):
        items = items.offered()
    if text:
        items = items.matching(text)
    if paid in ("1", "0"):
        items = items.filter(is_paid=paid == "1")
    return render(
        request, "services/item_list.html", {"items": list(items[:500]), "q": text, "paid": paid}
    )


@require_safe
@permission_required("services.view", raise_exception=True)
def item_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _item_page(request, get_object_or_404(ServiceItem, pk=pk))


@permission_required("services.change", raise_exception=True)
def item_add(request: HttpRequest) -> HttpResponse:
    form = NewItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            item = actions.add_item(**form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("项目已加入目录"))
            return redirect(item)
    return render(
        request, "services/item_form.html", {"form": form}, status=422 if form.errors else 200
    )


@permission_required("services.change", raise_exception=True)
def item_change(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(ServiceItem, pk=pk)
    if request.method != "POST":
        form = ItemForm(instance=item, initial={"version": item.version})
        return render(request, "services/item_form.html", {"form": form, "item": item})
    form = ItemForm(request.POST, instance=ServiceItem.objects.get(pk=pk))
    status = 422
    if form.is_valid():
        try:
            actions.change_item(item, **form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            # The next save is made against what the page now shows beside the typed values.
            form.data = form.data | {"version": item.version}
            form.add_error(None, error)
            status = 409
        else:
            messages.success(request, _("项目已保存"))
            return redirect(item)
    return render(
        request,
        "services/item_form.html",
        {"form": form, "item": item, "theirs": status == 409},
        status=status,
    )


@permission_required("services.change", raise_exception=True)
def price_set(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(ServiceItem, pk=pk)
    if request.method != "POST":
        return redirect(item)
    form = PriceForm(request.POST)
    if form.is_valid():
        try:
            actions.set_price(item, **form.cleaned_data, by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("新价已记下, 以前的价目不变"))
            return redirect(item)
    return _item_page(request, item, price_form=form, status=422)


def _item_page(request, item, *, price_form=None, status=200) -> HttpResponse:
    today = timezone.localdate()
    prices = list(item.prices.all())
    current = next((price for price in prices if price.effective_on <= today), None)
    return render(
        request,
        "services/item_detail.html",
        {
            "item": item,
            "prices": prices,
            "current": current,
            "today": today,
            "price_form": price_form or PriceForm(initial={"effective_on": today}),
            "entries": Entry.objects.about(item)[:20],
        },
        status=status,
    )
