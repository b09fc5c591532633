"""A field of a line as lists, slips and workbooks show it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from estates.phones import masked
from registers.catalogue import Register
from registers.models import Record
from spreadsheets.writer import Column, Kind

NAMES = frozenset({"owner_name", "holder", "recipient", "depositor", "handed_to", "signed_name"})


def heading(register: Register, name: str) -> str:
    return str(register.model._meta.get_field(name).verbose_name)


def value(record: Record, name: str, *, reveal: bool = True) -> Any:
    """The value in words, or a date or number; people's data only in part without ``reveal``."""
    field = record._meta.get_field(name)
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    found = getattr(record, name)
    if found is None or found == "":
        return ""
    if isinstance(found, bool):
        return _("是") if found else _("否")
    if name in record.PHONES and not reveal:
        return masked(found)
    if name in NAMES and not reveal:
        return f"{str(found)[:1]}**"
    if isinstance(found, date | int | float):
        return found
    return str(found)


def facts(record: Record, names: tuple[str, ...], *, reveal: bool) -> list[tuple[str, Any]]:
    """``(heading, value)`` of the named fields that say something."""
    rows = [
        (record._meta.get_field(name).verbose_name, value(record, name, reveal=reveal))
        for name in names
    ]
    return [(label, said) for label, said in rows if said != ""]


def column(register: Register, name: str) -> Column:
    """The workbook's column of a field."""
    kind: Kind = "text"
    inner = register.model._meta.get_field(name).get_internal_type()
    if inner == "DateTimeField":
        kind = "moment"
    elif inner == "DateField":
        kind = "date"
    elif inner in ("PositiveSmallIntegerField", "DecimalField"):
        kind = "number"
    return Column(heading(register, name), kind, 18 if kind == "moment" else 14)


def all_names(register: Register) -> tuple[str, ...]:
    """Every field of a line in the order of the form, then what happened to it later."""
    hidden = {"id", "estate", "version", "number", "status", *register.fields}
    later = [
        field.name for field in register.model._meta.concrete_fields if field.name not in hidden
    ]
    return ("number", "status", *register.fields, *later)
