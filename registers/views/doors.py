"""What every door of the registers does first: may this person, and which line is it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from estates.models import Unit
from estates.refusals import put_refusal
from registers.catalogue import REGISTERS, Register
from registers.models import Record


@dataclass
class Refusal:
    """Why a step was not taken, and with which status the page says so."""

    message: str
    status: int


def require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def line_of(request: HttpRequest, register: Register, pk: int) -> Record:
    """The line with what its pages name; 403 without the post, 404 outside its scope."""
    require(request, "registers.view")
    return get_object_or_404(
        register.model.objects.visible_to(request.user).select_related(
            "estate", "unit__building", *register.joined
        ),
        pk=pk,
    )


def unit_of(request: HttpRequest) -> Unit | None:
    """The home that ``?unit=`` names, if this person may see it."""
    asked = request.GET.get("unit", "")
    if not asked.isdecimal() or len(asked) > 17:
        return None
    units = Unit.objects.visible_to(request.user).select_related("building")
    return units.filter(pk=int(asked)).first()


def frame(request: HttpRequest, register: Register | None = None) -> dict:
    """What the tabs and the buttons of every page need."""
    return {
        "registers": REGISTERS,
        "register": register,
        "may_keep": bool(register) and request.user.has_perm(register.keeps),
        "may_import": request.user.has_perm("registers.import"),
        "reveal": request.user.has_perm("estates.reveal"),
    }


def refuse(form, error: ValidationError) -> Refusal:
    """Put an action's errors where they belong; a colleague who was faster is a conflict."""
    if getattr(error, "code", "") == "stale":
        return Refusal(error.messages[0], 409)
    put_refusal(form, error)
    return Refusal("", 422)
