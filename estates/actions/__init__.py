"""The verbs of estates: what staff do to places, people, and who works where."""

from estates.actions.edits import StaleEditError
from estates.actions.people import (
    add_person,
    change_resident,
    may_reveal,
    move_out,
    reveal,
)
from estates.actions.places import (
    add_building,
    add_estate,
    add_place,
    change_building,
    change_estate,
    change_place,
    change_unit,
)
from estates.actions.staffing import set_butler, set_estates

__all__ = [
    "StaleEditError",
    "add_building",
    "add_estate",
    "add_person",
    "add_place",
    "change_building",
    "change_estate",
    "change_place",
    "change_resident",
    "change_unit",
    "may_reveal",
    "move_out",
    "reveal",
    "set_butler",
    "set_estates",
]
