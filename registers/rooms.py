"""A home as people say and write it: 3-2-1102, 3栋2单元1102."""

from estates.lookup import read_term
from estates.models import Estate, Unit


def is_said_as(unit: Unit, typed: str) -> bool:
    """Whether ``typed`` names this home in full, in whichever way it is written.

    Signs, 栋 and 单元, width and leading noughts do not matter; every part of the room's code does.
    """
    said = _parts(typed)
    return bool(said) and said in (_parts(unit.code), _parts(unit.spoken))


def named(estate: Estate, typed: str) -> Unit | None:
    """The home of the estate that ``typed`` names in full; None if none or several. One query."""
    parts = _parts(typed)
    if not parts or not parts[-1]:
        return None
    ending = Unit.objects.filter(estate=estate, code__iendswith=parts[-1])
    units = [unit for unit in ending.select_related("building") if is_said_as(unit, typed)]
    return units[0] if len(units) == 1 else None


def _parts(text: str) -> list[str]:
    term = read_term(text)
    return [part.lstrip("0") for part in (term.dashed or term.plain).split("-")] if text else []
