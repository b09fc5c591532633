"""Whom a paper may name: people of the line, of the estate, of the department."""

from accounts.models import Staff
from accounts.posts import BUTLER, POSTS
from estates.models import Estate
from office.models.scope import line_of

TRAINED_POSTS = tuple(post.code for post in POSTS if "office.attend" in post.permissions)
TASK_POSTS = tuple(post.code for post in POSTS if "office.tasks" in post.permissions)


def of_estate(estate: Estate):
    """Everybody who works for an estate now."""
    return Staff.objects.active().filter(memberships__estate=estate).order_by("name", "pk")


def assignable(by: Staff):
    """To whom ``by`` may give a task: everybody below him in the line (MGT-1, MGT-5, MGT-6)."""
    return (
        Staff.objects.active()
        .filter(pk__in=line_of(by), post__in=TASK_POSTS)
        .order_by("name", "pk")
    )


def trained(estate: Estate):
    """Who takes part in the department's training."""
    return of_estate(estate).filter(post__in=TRAINED_POSTS)


def butlers(estate: Estate):
    return of_estate(estate).filter(post=BUTLER)
