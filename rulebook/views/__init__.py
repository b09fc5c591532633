"""Doors of the rulebook: numbers and SOPs to read, numbers and calendar to change."""

from rulebook.views.calendar import calendar, day_add, day_change, day_remove, week_change
from rulebook.views.numbers import (
    number_change,
    number_confirm,
    number_detail,
    number_list,
    sop_list,
)

__all__ = [
    "calendar",
    "day_add",
    "day_change",
    "day_remove",
    "number_change",
    "number_confirm",
    "number_detail",
    "number_list",
    "sop_list",
    "week_change",
]
