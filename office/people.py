"""Whom a paper may name: people of the line, of the estate, of the department."""

from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Leave, Staff
from accounts.posts import BUTLER, POSTS
from estates.models import Estate
from office.models import Attendance
from office.models.scope import line_of
from office.periods import end_of, midnight
from office.statuses import Standing
from roster.patterns import PATTERNS

TRAINED_POSTS = tuple(post.code for post in POSTS if "office.attend" in post.permissions)
# Who must be qualified before he is on post; who leads the training answers for the others.
TAUGHT_POSTS = tuple(
    post.code
    for post in POSTS
    if post.code in TRAINED_POSTS and "office.arrange_training" not in post.permissions
)
# Who needs a day of qualification: the department, and whoever has a place on the roster.
QUALIFIED_POSTS = set(TRAINED_POSTS).union(
    *(shift.posts for shifts in PATTERNS.values() for shift in shifts)
)
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


def recordable(estate: Estate):
    """Who may be recorded as qualified from before; who failed an exam here passes one first."""
    failed = Attendance.objects.filter(staff=OuterRef("pk"), status=Standing.FAILED)
    rows = of_estate(estate).filter(post__in=QUALIFIED_POSTS, qualified_on=None)
    return rows.exclude(Exists(failed))


def attendance_on(estate: Estate, day: date) -> str:
    """出勤 of the department as far as it is known: how many, and who is on leave (LOG-1)."""
    staff = list(trained(estate))
    away = Leave.objects.filter(
        staff__in=staff, starts_at__lt=end_of(day), ends_at__gt=midnight(day)
    )
    names = sorted({each.staff.name for each in away.select_related("staff")})
    if not names:
        return _("应到 %(all)s 人, 无人请假") % {"all": len(staff)}
    return _("应到 %(all)s 人, 请假 %(count)s 人: %(names)s") % {
        "all": len(staff), "count": len(names), "names": "、".join(names),
    }  # fmt: skip


def butlers(estate: Estate):
    return of_estate(estate).filter(post=BUTLER)
