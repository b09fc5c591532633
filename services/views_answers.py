"""The answer cards' pages: everybody who takes calls reads, the desk and the managers extend."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from estates.typed import clean_text
from history.models import Entry
from services import answers
from services.answers import CATEGORIES
from services.forms import AnswerForm
from services.models import AnswerCard

MOST = 300
may_read = permission_required("contacts.take", raise_exception=True)
may_change = permission_required("answers.change", raise_exception=True)


@require_safe
@may_read
def answer_list(request: HttpRequest) -> HttpResponse:
    """All cards by category and words; those switched off only for who may change them."""
    text = clean_text(request.GET.get("q", ""))[:60]
    category = request.GET.get("category", "all")
    cards = AnswerCard.objects.all()
    if not request.user.has_perm("answers.change"):
        cards = cards.in_use()
    if text:
        cards = cards.matching(text)
    if category in dict(CATEGORIES):
        cards = cards.filter(category=category)
    rows = list(cards.order_by("category", "question")[:MOST])
    labels = dict(CATEGORIES)
    for card in rows:
        card.category_label = labels.get(card.category, card.category)
    return render(
        request,
        "services/answer_list.html",
        {"cards": rows, "q": text, "category": category, "categories": CATEGORIES},
    )


@require_safe
@may_read
def answer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(AnswerCard, pk=pk)
    lines = [
        (entry, [(_name(name), *pair) for name, pair in entry.detail.get("changed", {}).items()])
        for entry in Entry.objects.about(card)[:30]
    ]
    return render(
        request,
        "services/answer_detail.html",
        {"card": card, "category": dict(CATEGORIES).get(card.category), "lines": lines},
    )


def _name(field: str) -> str:
    return str(AnswerCard._meta.get_field(field).verbose_name)


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def answer_add(request: HttpRequest) -> HttpResponse:
    # What a call brought: the question that had no card, and the words it was answered with.
    known = {"question": request.GET.get("q", "")[:80], "answer": request.GET.get("a", "")[:600]}
    form = AnswerForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in answers.EDITABLE}
        try:
            card = answers.add_card(by=request.user, now=timezone.now(), **fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("答复卡已加入"))
            return redirect(card)
    return render(
        request, "services/answer_form.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def answer_change(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(AnswerCard, pk=pk)
    if request.method != "POST":
        form = AnswerForm(instance=card, initial={"version": card.version})
        return render(request, "services/answer_form.html", {"form": form, "card": card})
    form, status = AnswerForm(request.POST, instance=AnswerCard.objects.get(pk=pk)), 422
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in answers.EDITABLE}
        version = form.cleaned_data["version"] or 0
        try:
            answers.change_card(
                card, version=version, by=request.user, now=timezone.now(), **fields
            )
        except ValidationError as error:
            if getattr(error, "code", "") == "stale":
                status = 409
                form.data = form.data.copy()
                form.data["version"] = card.version
            form.add_error(None, error)
        else:
            messages.success(request, _("答复卡已保存"))
            return redirect(card)
    return render(
        request,
        "services/answer_form.html",
        {"form": form, "card": card, "theirs": status == 409},
        status=status,
    )
