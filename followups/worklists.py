"""What the page 我的跟进 shows: whose follow-ups, of which kind, and how many of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.lines import Line
from accounts.models import Staff
from estates.models import building_ids_of
from followups.kinds import Kind, all_kinds
from followups.models import FollowUp

MINE, AREA, POST, LINE = "mine", "area", "post", "line"
LABELS = {MINE: _("我的"), AREA: _("责任区"), POST: _("本岗位"), LINE: _("下属与项目")}


@dataclass(frozen=True)
class Chip:
    """One button above the list; ``kind`` is empty for all."""

    kind: str
    label: str | Promise
    count: int


def lists_of(staff: Staff) -> list[tuple[str, str | Promise]]:
    """The lists that a person has, as ``(code, label)``, his own first."""
    codes = [MINE]
    if staff.duty.scope == "area":
        codes.append(AREA)
    codes.append(POST)
    if staff.has_perm("followups.supervise"):
        codes.append(LINE)
    return [(code, LABELS[code]) for code in codes]


def worklist(staff: Staff, whose: str) -> QuerySet[FollowUp]:
    """The open follow-ups of one of his lists; ValidationError for a list that he has not."""
    if whose not in dict(lists_of(staff)):
        raise ValidationError(_("没有这个列表"))
    rows = FollowUp.objects.open().visible_to(staff)
    unnamed = Q(owner__isnull=True, owner_post=staff.post)
    if whose == MINE:
        return rows.filter(Q(owner=staff) | Q(taken_by=staff) | unnamed)
    if whose == AREA:
        return rows.filter(unit__building__in=building_ids_of(staff))
    if whose == POST:
        return rows.filter(Q(owner_post=staff.post) | Q(owner__post=staff.post))
    return rows


def chips(rows: QuerySet[FollowUp]) -> list[Chip]:
    """The kinds that occur in a list, in the order in which the apps declare them: one query."""
    counts = dict(
        rows.order_by()
        .values_list("kind")
        .annotate(number=Count("pk"))
        .values_list("kind", "number")
    )
    known = [
        Chip(each.key, each.label, counts[each.key]) for each in all_kinds() if each.key in counts
    ]
    declared = {each.key for each in all_kinds()}
    known += [Chip(key, key, counts[key]) for key in sorted(set(counts) - declared)]
    return [Chip("", _("全部"), sum(counts.values())), *known]


def with_kinds(rows: Iterable[FollowUp]) -> list[FollowUp]:
    """Rows with their declared kind as ``row.declared`` (None if no app declares it)."""
    kinds: dict[str, Kind] = {each.key: each for each in all_kinds()}
    found = list(rows)
    for row in found:
        row.declared = kinds.get(row.kind)
    return found


def line_of(staff: Staff) -> set[int]:
    """The ids of everybody below a person."""
    line = Line(Staff.objects.in_bulk())
    return {pk for pk in line.people if any(each.pk == staff.pk for each in line.superiors(pk))}
