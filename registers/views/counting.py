"""The monthly counts: the keys hook by hook, the archive cabinet by cabinet."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estates.models import Estate
from followups.models import FollowUp
from registers.actions.counting import (
    check_archive,
    count_keys,
    hooks,
    settle_difference,
    shelves,
)
from registers.catalogue import BY_SLUG
from registers.followups import COUNTS
from registers.forms import ArchiveCheckForm, CountForm, CountRow
from registers.models import ArchiveCheck, KeyCount, KeyCountLine, StockCount
from registers.views.doors import Refusal, frame, refuse, require


@dataclass(frozen=True)
class Sheet:
    """What the pages of one monthly count show and ask: ``heads`` are those before the numbers."""

    model: type[StockCount]
    heads: tuple[str | Promise, ...]
    hint: str | Promise
    none_yet: str | Promise
    rows: Callable[[Estate], list[CountRow]]
    form: type[CountForm]
    act: Callable

    @property
    def keeps(self) -> str:
        return BY_SLUG[self.model.slug].keeps


HOOK_HEADS = (
    gettext_lazy("柜位"), gettext_lazy("标签"), gettext_lazy("房号"), gettext_lazy("封条号"),
)  # fmt: skip
SHELF_HEADS = (gettext_lazy("柜位"),)


def _hook_rows(estate):
    return [
        CountRow(
            str(hook.key.pk), hook.key.label, hook.expected,
            list(zip(HOOK_HEADS, (hook.key.cabinet, hook.key.label, hook.key.unit.code,
                                  hook.key.seal_number or "–"), strict=True)),
            hook.key.get_status_display() if hook.key.status == "lent" else "",
        )
        for hook in hooks(estate)
    ]  # fmt: skip


def _count_keys(count, *, found, **terms):
    return count_keys(count, found={int(pk): number for pk, number in found.items()}, **terms)


def _shelf_rows(estate):
    return [
        CountRow(
            shelf.cabinet, shelf.cabinet, shelf.expected,
            [(SHELF_HEADS[0], shelf.cabinet)],
            _("借出 %(count)s") % {"count": shelf.out} if shelf.out else "",
        )
        for shelf in shelves(estate)
    ]  # fmt: skip


KEYS = Sheet(
    model=KeyCount,
    heads=HOOK_HEADS,
    hint=gettext_lazy("逐个柜位数, 和应有数相同的不用改。数目不同的改成实有数, 并写明差在哪里。"),
    none_yet=gettext_lazy("还没有盘点。有托管钥匙的项目每月自动开一次。"),
    rows=_hook_rows,
    form=CountForm,
    act=_count_keys,
)  # fmt: skip
ARCHIVE = Sheet(
    model=ArchiveCheck,
    heads=SHELF_HEADS,
    hint=gettext_lazy("逐个柜位数卷数, 理好顺序, 再备份电子档案。数目不同的改成实有数, 并写明差在哪里。"),
    none_yet=gettext_lazy("还没有清点。有业户档案的项目每月自动开一次。"),
    rows=_shelf_rows,
    form=ArchiveCheckForm,
    act=check_archive,
)  # fmt: skip


@require_safe
def count_list(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Two years of counts, newest first."""
    require(request, "registers.view")
    require(request, sheet.keeps)
    waiting = _differences(sheet).filter(
        content_type=ContentType.objects.get_for_model(sheet.model), object_id=OuterRef("pk")
    )
    counts = (
        sheet.model.objects.visible_to(request.user)
        .select_related("estate", "counted_by")
        .annotate(is_open=Exists(waiting))[:48]
    )
    return render(request, "registers/count_list.html", _frame(request, sheet) | {"counts": counts})


@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, sheet: Sheet, pk: int) -> HttpResponse:
    """Place by place while it is open; afterwards the result with its differences."""
    require(request, sheet.keeps)
    counted = _count(request, sheet, pk)
    form, refusal = None, None
    if counted.counted_at is None:
        form = sheet.form(
            request.POST if request.method == "POST" else None, rows=sheet.rows(counted.estate)
        )
    if request.method == "POST":
        refusal = Refusal(_("%(month)s 已经盘点过") % {"month": f"{counted.month:%Y-%m}"}, 409)
        if form is not None:
            refusal = _write(sheet, counted, form, request.user)
        if refusal is None:
            found = (
                _("盘点已记下")
                if not counted.difference and not counted.lines.exists()
                else _("盘点已记下, 差异已交客服助理查明")
            )
            messages.success(request, found)
            return redirect(counted)
    lines = counted.lines.all()
    if lines.model is KeyCountLine:
        lines = lines.select_related("key__unit")
    context = _frame(request, sheet) | {
        "count": counted,
        "form": form,
        "refusal": refusal,
        "lines": list(lines),
        "owed": list(_differences(sheet).about(counted).select_related("owner")),
        "may_settle": request.user.has_perm("registers.approve"),
    }
    return render(
        request, "registers/count.html", context, status=refusal.status if refusal else 200
    )


@require_POST
def count_settle(request: HttpRequest, sheet: Sheet, pk: int) -> HttpResponse:
    """What became of a difference."""
    require(request, "registers.approve")
    counted = _count(request, sheet, pk)
    try:
        settle_difference(
            counted, note=request.POST.get("note", "")[:200], by=request.user, now=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已记处理结果"))
    return redirect(counted)


def _differences(sheet):
    """What was not there and is still being looked for."""
    return FollowUp.objects.open().filter(kind=COUNTS[sheet.model].difference)


def _write(sheet, counted, form, staff):
    if not form.is_valid():
        return Refusal("", 422)
    try:
        sheet.act(counted, **form.terms(), by=staff, now=timezone.now())
    except ValidationError as error:
        return refuse(form, error)
    return None


def _count(request, sheet, pk):
    counts = sheet.model.objects.visible_to(request.user).select_related(
        "estate", "counted_by", "settled_by"
    )
    return get_object_or_404(counts, pk=pk)


def _frame(request, sheet):
    page = sheet.model.page
    return frame(request, BY_SLUG[sheet.model.slug]) | {
        "sheet": sheet,
        "title": sheet.model._meta.verbose_name,
        "list_page": f"registers:{page}_list",
        "settle_page": f"registers:{page}_settle",
    }
