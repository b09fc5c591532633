"""What every page needs around its content: the rail, the bell, and the banners."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Staff
from desk.drawer import drawer_html
from estates.models import estates_of
from followups.heartbeat import LATE_AFTER
from followups.models import Scan
from notifications.models import Message

THEMES = ("auto", "light", "dark", "night")
DENSITIES = ("comfortable", "compact")


@dataclass(frozen=True)
class Entry:
    """One line of the rail. Without ``permission`` everybody signed in may open it."""

    label: str | Promise
    icon: str
    url_name: str
    permission: str = ""
    on_phone: bool = False  # also in the bar of four below a phone's page
    short: str | Promise = ""
    also: tuple[str, ...] = ()  # where else its pages live


ENTRIES = (
    Entry(_("今日"), "layout-dashboard", "desk:today", "contacts.take"),
    Entry(pgettext_lazy("list", "报修"), "clipboard-list", "repairs:repair_list", "repairs.view"),
    Entry(
        pgettext_lazy("list", "投诉"),
        "message-report",
        "complaints:complaint_list",
        "complaints.view",
    ),
    Entry(
        pgettext_lazy("list", "转来的投诉"),
        "message-report",
        "complaints:complaint_list",
        "complaints.passed",
    ),
    Entry(_("派工"), "tool", "repairs:dispatch_board", "repairs.accept", True),
    Entry(
        pgettext_lazy("list", "跟进"),
        "checklist",
        "followups:followup_list",
        "followups.view",
        True,
    ),
    Entry(_("登记"), "phone-plus", "desk:intake", "contacts.take", True),
    Entry(pgettext_lazy("list", "业户"), "users", "estates:unit_list", "estates.view", True),
    Entry(pgettext_lazy("list", "走访"), "home-check", "visits:visit_list", "visits.view"),
    Entry(pgettext_lazy("list", "回访"), "phone-check", "visits:callback_list", "visits.view"),
    Entry(
        _("社区"),
        "heart-handshake",
        "community:survey_list",
        "community.view",
        also=("/suggestions/", "/activities/", "/measures/"),
    ),
    Entry(pgettext_lazy("list", "登记簿"), "books", "registers:register_list", "registers.view"),
    Entry(pgettext_lazy("list", "重大事件"), "urgent", "incidents:incident_list", "incidents.view"),
    Entry(_("交接班"), "transfer", "shifts:handover_list", "shifts.view"),
    Entry(_("排班"), "calendar-user", "roster:roster_list", "roster.view"),
    Entry(_("部门事务"), "briefcase", "office:home", "office.tasks"),
    Entry(_("服务价目"), "receipt-yuan", "services:item_list", "services.view"),
    Entry(pgettext_lazy("list", "考评"), "scale", "appraisal:sheet_list", "appraisal.view"),
    Entry(_("规程"), "book", "rulebook:sop_list", "rulebook.view"),
    Entry(_("时限"), "clock-cog", "rulebook:number_list", "rulebook.view"),
    Entry(
        pgettext_lazy("list", "项目"), "building-community", "estates:estate_list", "estates.manage"
    ),
    Entry(_("导入"), "file-import", "estates:import", "estates.import"),
    Entry(_("员工"), "id-badge-2", "accounts:staff_list", "accounts.view"),
    Entry(_("我"), "user", "accounts:profile", "", True),
)
# Reached by other means on a desktop: the button N, and the menu with the person's name.
NOT_IN_RAIL = {"desk:intake", "accounts:profile"}


def address_of(url_name: str) -> str:
    """The address of a page, or nothing while its room has none."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


class Frame:
    """The frame of one page; asks the database once, and only if a whole page is drawn."""

    def __init__(self, request):
        self.request = request
        self.user = getattr(request, "user", None)

    @cached_property
    def signed_in(self):
        return bool(self.user and self.user.is_authenticated)

    def _may(self, entry):
        is_home = self.user.duty.home == entry.url_name
        return is_home or not entry.permission or self.user.has_perm(entry.permission)

    def _lines(self, entries):
        path = self.request.path
        lines = [
            {"entry": entry, "url": url}
            for entry in entries
            if self._may(entry) and (url := address_of(entry.url_name))
        ]
        # A page below several entries belongs to the nearest one.
        for line in lines:
            places = (line["url"], *line["entry"].also)
            line["near"] = max((len(each) for each in places if path.startswith(each)), default=0)
        nearest = max((line["near"] for line in lines), default=0)
        for line in lines:
            line["here"] = 0 < line["near"] == nearest
        return lines

    @cached_property
    def rail(self):
        return (
            self._lines(e for e in ENTRIES if e.url_name not in NOT_IN_RAIL)
            if self.signed_in
            else []
        )

    @cached_property
    def phone_bar(self):
        if not self.signed_in:
            return []
        lines = self._lines(e for e in ENTRIES if e.on_phone)
        # Four at most; 我 is always the last.
        return lines[:3] + lines[-1:] if len(lines) > 4 else lines

    @cached_property
    def may_take(self):
        return self.signed_in and self.user.has_perm("contacts.take")

    @cached_property
    def may_raise(self):
        return self.signed_in and self.user.has_perm("incidents.raise")

    @cached_property
    def _facts(self):
        """Unread reminders and the last scan, in one query."""
        unread = Message.objects.unread().filter(recipient=OuterRef("pk")).order_by()
        facts = Staff.objects.filter(pk=self.user.pk).values(
            unread=Subquery(unread.values("recipient").annotate(n=Count("pk")).values("n")),
            scanned_at=Subquery(Scan.objects.filter(name="scan").values("at")[:1]),
        )
        return facts.first() or {"unread": 0, "scanned_at": None}

    @property
    def unread(self):
        return self._facts["unread"] or 0

    @cached_property
    def estates(self):
        return estates_of(self.user)

    @property
    def is_demo(self):
        return any(estate.is_demo for estate in self.estates)

    @property
    def drawer(self):
        return drawer_html(self.user, self.estates)

    @cached_property
    def scan_stopped(self):
        """True if nothing has looked for overdue work for three minutes."""
        at = self._facts["scanned_at"]
        return at is None or timezone.now() - at > LATE_AFTER

    @property
    def scanned_at(self):
        return self._facts["scanned_at"]

    @cached_property
    def theme(self):
        wanted = self.request.COOKIES.get("theme", "auto")
        return wanted if wanted in THEMES else "auto"

    @cached_property
    def density(self):
        wanted = self.request.COOKIES.get("density", "comfortable")
        return wanted if wanted in DENSITIES else "comfortable"


def page_frame(request):
    """Context processor. Lazy, so a fragment that draws no frame asks nothing."""
    return {"frame": Frame(request)}
