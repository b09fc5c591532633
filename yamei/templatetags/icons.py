"""One icon of the sprite; always decoration, so a word stands beside it."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
@cache  # a page draws some eighty, of a few dozen names
def icon(name, classes=""):
    """The Tabler outline icon ``name`` (``name-filled`` for a filled one)."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static("icons.svg"),
        name,
    )
