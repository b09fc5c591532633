"""Who may do what to whose account. Middle posts can raise nobody, themselves included, above."""

from django.db.models import Q

from accounts.lines import Line
from accounts.models import Staff
from accounts.posts import GENERAL_MANAGER, POSTS, SYSADMIN, post_of

TOP = (SYSADMIN, GENERAL_MANAGER)


def posts_above(post_code: str) -> list[str]:
    """The lead posts of a post, nearest first (1.15)."""
    above: list[str] = []
    lead = post_of(post_code).lead
    while lead:
        above.append(lead)
        lead = post_of(lead).lead
    return above


def assignable_posts(by: Staff) -> list[str]:
    """The posts that ``by`` may give: every one at the top, else only those led by his own."""
    if not by.has_perm("accounts.manage"):
        return []
    if by.post in TOP:
        return [post.code for post in POSTS]
    return [post.code for post in POSTS if by.post in posts_above(post.code)]


def may_manage(by: Staff, staff: Staff) -> bool:
    """May change post, line and state of this account; never of one's own."""
    return by.pk != staff.pk and staff.post in assignable_posts(by)


def may_lead(by: Staff, staff: Staff) -> bool:
    """May reset the password and enter leave: whoever manages the account or stands above it.

    The accounts at the top are led from the top only, whatever the line says: otherwise a
    superior entered by mistake could log in as the system administrator.
    """
    if by.pk == staff.pk or not by.is_active:
        return False
    if may_manage(by, staff):
        return True
    if staff.post in TOP and by.post not in TOP:
        return False
    return by.pk in {person.pk for person in Line.load_people().superiors(staff.pk)}


def may_open_staff(by: Staff) -> bool:
    """May open the staff pages at all: by post, or because somebody reports to him."""
    return by.has_perm("accounts.view") or Staff.objects.filter(superior=by).exists()


def visible_staff(by: Staff):
    """The accounts that ``by`` sees: his line, and by post his estates; the administrator all.

    Who works where is kept one room above, so the estates are reached by name of the relation.
    """
    if by.post == SYSADMIN:
        return Staff.objects.all()
    seen = Q(pk__in=[by.pk, *Line.load_people().below(by.pk)])
    if by.has_perm("accounts.view"):
        mine = by.memberships.values("estate")
        seen |= Q(pk__in=Staff.objects.filter(memberships__estate__in=mine).values("pk"))
    if by.has_perm("accounts.manage"):
        placeless = Staff.objects.filter(memberships__isnull=True, post__in=assignable_posts(by))
        seen |= Q(pk__in=placeless.values("pk"))
    return Staff.objects.filter(seen)
