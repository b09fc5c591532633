"""Who sees the department's papers: by estate and permission, and by the reporting line."""

from django.db import models

from accounts.lines import Line
from accounts.models import Staff
from estates.models import InEstateQuerySet


class PaperQuerySet(InEstateQuerySet):
    """Papers that a permission opens for the whole department of one's estates."""

    permission = ""

    def visible_to(self, staff: Staff):
        if not staff.has_perm(self.permission):
            return self.none()
        return super().visible_to(staff)


def line_of(staff: Staff) -> set[int]:
    """The ids of everybody below a person, read once per request and kept on the person."""
    if "_line_below" not in staff.__dict__:
        staff.__dict__["_line_below"] = Line.load_people().below(staff.pk)
    return staff.__dict__["_line_below"]


def person(label, *, related_name="+", **kwargs):
    """A member of staff who did something to a paper; nobody yet by default."""
    return models.ForeignKey(
        Staff,
        models.PROTECT,
        verbose_name=label,
        related_name=related_name,
        **({"null": True, "blank": True} | kwargs),
    )
