"""A line of a register by what is printed on the thing: its tag, card, label or waybill."""

import re

from django.db.models import Q, Value

from accounts.models import Staff
from registers.catalogue import REGISTERS
from registers.models import Record

# What a scanner types, beside the number of the line itself.
CODES = {"keys": "label", "cards": "card_number", "mail": "tracking_number"}
A_CODE = re.compile(r"(?i)(?=.*\d)(?=.*[a-z])[a-z0-9][a-z0-9./_-]{2,39}|\d{8,40}")
MOST = 10


def find_scanned(code: str, *, staff: Staff) -> list[Record]:
    """The lines that ``code`` names exactly, newest first, inside what the person may see.

    Nothing for what cannot be a code, such as a room or a name. One query, and one more for each
    register that has such a line.
    """
    if not A_CODE.fullmatch(code):
        return []
    parts = []
    for register in REGISTERS:
        named = Q(number__iexact=code)
        if register.slug in CODES:
            named |= Q(**{f"{CODES[register.slug]}__iexact": code})
        rows = register.model.objects.visible_to(staff).filter(named).order_by()
        parts.append(rows.values_list(Value(register.slug), "pk"))
    found = list(parts[0].union(*parts[1:], all=True)[:MOST])
    lines = []
    for register in REGISTERS:
        pks = [pk for slug, pk in found if slug == register.slug]
        if pks:
            lines += register.model.objects.filter(pk__in=pks).select_related("unit")
    return sorted(lines, key=lambda line: line.recorded_at, reverse=True)
