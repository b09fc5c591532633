"""Who may inspect whom, who owes which inspection, and who decides an appeal."""

from accounts import posts
from accounts.lines import Line
from accounts.models import Staff
from appraisal.items import SCORED_POSTS, Kind
from estates.models import Membership, estate_ids_of

# (post scored, kind) → the posts that owe it (defaults 2.1 and 2.10; APP-3, APP-4, MGT-3). The
# manager owes the monthly sheet of everybody of the department, the assistant that of the butlers
# too (MGT-3). The butlers' 日检 is the assistant's, but for those that the manager draws that day
# (APP-3, ``DRAWN``). The manager's own: 周检 and 月检 by the general manager, 日检 only if he wants.
DUTIES: dict[tuple[str, str], tuple[str, ...]] = {
    (posts.BUTLER, Kind.DAILY): (posts.CS_ASSISTANT,),
    (posts.CASHIER, Kind.DAILY): (posts.CS_ASSISTANT,),
    (posts.FRONT_DESK, Kind.DAILY): (posts.CS_MANAGER,),
    (posts.NIGHT_DUTY, Kind.DAILY): (posts.CS_MANAGER,),
    (posts.ENV_FOREMAN, Kind.DAILY): (posts.CS_MANAGER,),
    (posts.CS_ASSISTANT, Kind.DAILY): (posts.CS_MANAGER,),
    (posts.BUTLER, Kind.MONTHLY): (posts.CS_MANAGER, posts.CS_ASSISTANT),
    (posts.CS_MANAGER, Kind.WEEKLY): (posts.GENERAL_MANAGER,),
    (posts.CS_MANAGER, Kind.MONTHLY): (posts.GENERAL_MANAGER,),
    (posts.CS_MANAGER, Kind.SPOT): (posts.GENERAL_MANAGER,),
} | {
    (post, kind): (posts.CS_MANAGER,)
    for post in SCORED_POSTS
    if post != posts.CS_MANAGER
    for kind in (Kind.WEEKLY, Kind.MONTHLY, Kind.SPOT)
    if (post, kind) != (posts.BUTLER, Kind.MONTHLY)
}

# Post → who draws some of them every day and checks those himself, in place of the usual inspector.
DRAWN = {posts.BUTLER: posts.CS_MANAGER}


def may_inspect(by: Staff, staff: Staff, *, line: Line | None = None) -> bool:
    """A superior in the line, the manager for his department, the general manager for anybody.

    Nobody himself; nobody of another estate, another line or the same post.
    """
    if by.pk == staff.pk or not by.has_perm("appraisal.inspect") or not staff.is_active:
        return False
    if staff.post not in SCORED_POSTS or by.post == staff.post:
        return False
    if not set(estate_ids_of(by)) & set(estate_ids_of(staff)):
        return False
    if by.post == posts.GENERAL_MANAGER:
        return True
    if by.post == posts.CS_MANAGER:
        return True  # defaults 2.10: all kinds for everybody of the department
    line = line or Line.load_people()
    return by.pk in {person.pk for person in line.superiors(staff.pk)}


def inspectable(by: Staff) -> list[Staff]:
    """Everybody whom ``by`` may inspect, by name; three queries."""
    if not by.has_perm("appraisal.inspect"):
        return []
    here = Membership.objects.filter(estate__in=estate_ids_of(by)).values("staff")
    people = Staff.objects.active().filter(pk__in=here, post__in=SCORED_POSTS)
    people = people.exclude(pk=by.pk).exclude(post=by.post).order_by("name", "pk")
    if by.post in (posts.GENERAL_MANAGER, posts.CS_MANAGER):
        return list(people)
    below = Line.load_people().below(by.pk)
    return [person for person in people if person.pk in below]


def deciders(sheet, *, after: list[int]) -> list[Staff]:
    """Who may decide an appeal about ``sheet``, the next one first.

    Superiors of the person scored who did not score, above whoever scored and above whoever has
    decided already (``after``: their ids); none left means that the general manager names a
    reviewer (defaults 2.10).
    """
    above = Line.load_people().superiors(sheet.staff_id)
    known = [person.pk for person in above]
    taken = [sheet.inspector_id, *after]
    start = max((known.index(pk) + 1 for pk in taken if pk in known), default=0)
    if sheet.inspector.post == posts.GENERAL_MANAGER:
        return []
    return [
        person
        for person in above[start:]
        if person.pk not in taken and person.has_perm("appraisal.decide")
    ]


def reviewers_for(sheet) -> list[Staff]:
    """Whom the general manager may name to decide, by name: somebody of the estate who neither
    scored nor is scored, nor stands below the latter (defaults 2.10). Two queries.
    """
    below = Line.load_people().below(sheet.staff_id)
    here = Membership.objects.filter(estate=sheet.estate_id).values("staff")
    people = Staff.objects.active().filter(pk__in=here).order_by("name", "pk")
    return [
        person
        for person in people.exclude(pk__in=[sheet.inspector_id, sheet.staff_id])
        if person.pk not in below
    ]


def general_manager_of(sheet) -> Staff | None:
    """Who names a reviewer: the general manager above the person, else of the estate."""
    for person in Line.load_people().superiors(sheet.staff_id):
        if person.post == posts.GENERAL_MANAGER:
            return person
    here = Membership.objects.filter(estate=sheet.estate_id).values("staff")
    return (
        Staff.objects.active()
        .filter(pk__in=here, post=posts.GENERAL_MANAGER)
        .order_by("pk")
        .first()
    )


def may_review(by: Staff, sheet) -> bool:
    """A superior of the inspector signs a sheet; never one's own, neither written nor received."""
    if not by.has_perm("appraisal.review") or by.pk in (sheet.staff_id, sheet.inspector_id):
        return False
    if sheet.inspector.post == posts.GENERAL_MANAGER or sheet.estate_id not in estate_ids_of(by):
        return False
    if by.post == posts.GENERAL_MANAGER:
        return True
    return sheet.inspector.post != by.post and sheet.post != by.post
