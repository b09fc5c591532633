"""A field of a line as lists, slips and workbooks show it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from estates.phones import masked
from registers.catalogue import Register
from registers.models import Record
from spreadsheets.writer import Column, Kind

NAMES = frozenset({"owner_name", "holder", "recipient", "depositor", "handed_to", "signed_name",
                   "refunded_to"})  # fmt: skip
# What a loan's line of the register says, in the order of the paper form (forms 4.8, 4.22).
LOAN = ("lent_at", "borrower", "department", "phone", "reason", "quantity", "approved_by",
        "owner_contacted_at", "owner_answer", "back_by", "lent_by", "returned_at", "received_by",
        "seal_number", "note")  # fmt: skip


def heading(register: Register, name: str) -> str:
    """What this register calls the field."""
    return str(register.own_words.get(name) or register.model._meta.get_field(name).verbose_name)


def value(record: Model, name: str, *, reveal: bool = True) -> Any:
    """The value in words, or a date or number; people's data only in part without ``reveal``."""
    field = record._meta.get_field(name)
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    found = getattr(record, name)
    if found is None or found == "":
        return ""
    if isinstance(found, bool):
        return _("是") if found else _("否")
    if name in getattr(record, "PHONES", ()) and not reveal:
        return masked(found)
    if name in NAMES and not reveal:
        return f"{str(found)[:1]}**"
    if isinstance(found, date | int | Decimal):
        return found
    return str(found)


def in_list(register: Register, record: Record, name: str, *, reveal: bool) -> Any:
    """The value as the list says it, which may be more than the field holds."""
    said = register.in_list.get(name)
    return getattr(record, said) if said else value(record, name, reveal=reveal)


def slip(register: Register, record: Record, names: Iterable[str]) -> list[tuple[str, Any]]:
    """``(heading, value)`` of every named field; what is not known or ticked yet is left free."""
    return [
        (heading(register, name), "" if getattr(record, name) is False else value(record, name))
        for name in names
    ]


def facts(
    register: Register, record: Record, names: Iterable[str], *, reveal: bool
) -> list[tuple[str, Any]]:
    """``(heading, value)`` of the named fields that say something."""
    rows = ((heading(register, name), value(record, name, reveal=reveal)) for name in names)
    return [(label, said) for label, said in rows if said != ""]


def loan(lent: Model) -> list[tuple[str | Promise, Any]]:
    """``(heading, value)`` of a loan as the paper form asks, empty ones too."""
    known = {field.name: field.verbose_name for field in lent._meta.concrete_fields}
    return [(known[name], value(lent, name)) for name in LOAN if name in known]


def column(register: Register, name: str) -> Column:
    """The workbook's column of a field."""
    kind: Kind = "text"
    inner = register.model._meta.get_field(name).get_internal_type()
    if inner == "DateTimeField":
        kind = "moment"
    elif inner == "DateField":
        kind = "date"
    elif inner in ("PositiveSmallIntegerField", "PositiveIntegerField", "DecimalField"):
        kind = "number"
    return Column(heading(register, name), kind, 18 if kind == "moment" else 14)


def all_names(register: Register) -> tuple[str, ...]:
    """Every field of a line in the order of the form, then what happened to it later, in the order
    of the paper.
    """
    hidden = {"id", "estate", "version", "number", "status", *register.fields}
    later = [
        field.name for field in register.model._meta.concrete_fields if field.name not in hidden
    ]
    paper = {name: place for place, name in enumerate(register.slip)}
    later.sort(key=lambda name: paper.get(name, len(paper)))
    return ("number", "status", *register.fields, *later)
