"""Numbers of the manual on any page, each with its notice until the company confirms it."""

from django import template
from django.utils import timezone

from rulebook.numbers.row import phrase
from rulebook.provenance import standings

register = template.Library()


@register.inclusion_tag("rulebook/_number.html", takes_context=True)
def number(context, key):
    """``{% number "repairs.dispatch" %}``: value, unit, and the notice while it is a default.

    All numbers of one page cost one query. KeyError for a key that no table holds.
    """
    request = context.get("request")
    found = getattr(request, "rulebook_standings", None)
    if found is None:
        found = standings(at=timezone.now())
        if request is not None:
            request.rulebook_standings = found
    return {"standing": found[key]}


@register.filter
def value_of(version, number):
    """A version's value as people write it: ``{{ version|value_of:number }}``."""
    return phrase(version.value, number.unit)
