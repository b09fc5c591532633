"""Paper: the slip in its four parts, and the register."""

from dataclasses import dataclass
from decimal import Decimal

import segno
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from repairs.amounts import capitals
from repairs.filters import RepairFilter
from repairs.models import Repair, Satisfaction
from repairs.tokens import address_of
from rulebook.limits import limit

# Who keeps which copy (forms 4.1): the code in ?parts=, its place, its name.
PARTS = (
    ("stub", _("第一联"), _("客服存根")),
    ("engineering", _("第二联"), _("工程")),
    ("finance", _("第三联"), _("财务")),
    ("resident", _("第四联"), _("业户")),
)
MATERIAL_LINES = 4
AT_ONCE = 50
REGISTER_LINES = 25
REGISTER_MOST = 500

ON_PAPER = (
    "estate", "unit__building", "place", "resident", "registered_by", "dispatched_by", "accepted_by",
    "repairer", "returned_by", "called_back_by", "archived_by", "rework_of",
)  # fmt: skip


@dataclass(frozen=True)
class Slip:
    """One repair as its slip shows it."""

    repair: Repair
    qr: str
    materials: list
    blank_lines: range
    total: Decimal | None
    total_in_capitals: str
    opinions: list


@require_safe
@permission_required("repairs.print", raise_exception=True)
def repair_print(request: HttpRequest, pk: int) -> HttpResponse:
    """One slip, in the rulebook's number of parts unless ``?parts=stub,engineering`` names some."""
    get_object_or_404(Repair.objects.visible_to(request.user).only("pk"), pk=pk)
    return _slips_page(request, [pk])


@require_safe
@permission_required("repairs.print", raise_exception=True)
def slips_print(request: HttpRequest) -> HttpResponse:
    """The slips ticked in the list (``?pk=1&pk=2``), one after the other."""
    pks = [int(pk) for pk in request.GET.getlist("pk") if pk.isdecimal() and len(pk) < 19]
    if not pks:
        return redirect("repairs:repair_list")
    return _slips_page(request, pks[:AT_ONCE])


@require_safe
@permission_required("repairs.print", raise_exception=True)
def register_print(request: HttpRequest) -> HttpResponse:
    """报修登记表: what the list's filters leave, oldest first, 25 rows a page."""
    chosen = RepairFilter(request.GET, staff=request.user, now=timezone.now())
    rows = chosen.rows().select_related("unit", "place", "repairer", "called_back_by")
    newest = list(rows.order_by("-reported_at", "-pk")[: REGISTER_MOST + 1])
    rows = newest[:REGISTER_MOST][::-1]
    pages = [rows[at : at + REGISTER_LINES] for at in range(0, len(rows), REGISTER_LINES)]
    return render(
        request,
        "repairs/register_print.html",
        {
            "pages": pages or [[]],
            "lines": REGISTER_LINES,
            "most": REGISTER_MOST,
            "more": len(newest) > REGISTER_MOST,
            "words": chosen.words(),
            "reveal": request.user.has_perm("estates.reveal"),
            "now": timezone.now(),
            "estates": sorted({row.estate_id for row in rows}),
        },
    )


def _slips_page(request, pks) -> HttpResponse:
    repairs = (
        Repair.objects.visible_to(request.user)
        .filter(pk__in=pks)
        .select_related(*ON_PAPER)
        .prefetch_related("materials")
        .order_by("reported_at", "pk")
    )
    asked = request.GET.get("parts", "").split(",")
    copies = int(limit("repairs.copies", at=timezone.now()).value)
    parts = [part for part in PARTS if part[0] in asked] or list(PARTS[:copies])
    return render(
        request,
        "repairs/repair_print.html",
        {
            "slips": [_slip(repair) for repair in repairs],
            "parts": parts,
            "all_parts": PARTS,
            "chosen": [part[0] for part in parts],
            "pks": pks,
            "now": timezone.now(),
        },
    )


def _slip(repair: Repair) -> Slip:
    materials = list(repair.materials.all())
    total = repair.total_fee if repair.finished_at or repair.total_fee else None
    return Slip(
        repair=repair,
        qr=segno.make(address_of(repair), error="m").svg_data_uri(border=2, scale=4),
        materials=materials,
        blank_lines=range(max(0, MATERIAL_LINES - len(materials))),
        total=total,
        total_in_capitals=capitals(total) if total is not None else "",
        opinions=[(choice.label, choice == repair.resident_opinion) for choice in Satisfaction],
    )
