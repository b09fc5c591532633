"""What a shift hands over: the literal list of sources, each a function that returns items.

Every item is one record, known by its key through all shifts, with its next step. A source reads
through the ``Sight``, which fetches each list once, however many sources want it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Staff
from complaints.models import Complaint
from contacts.models import Contact
from estates.models import Estate
from followups.kinds import kind
from followups.models import FollowUp
from incidents.models import Incident, Notice
from registers.counts import expected_counts
from repairs import followups as repair_kinds
from repairs.models import Repair
from shifts.models import CashEntry, Instruction
from shifts.seats import Seat

# Not handed over: what this room itself makes people owe, and what a person owes for himself: his
# score sheet, a task with his name, his training, the report of the incident that he saw.
STAYS = ("shifts.", "appraisal.", "office.", "incidents.report")
# A butler's plan of the month: he visits his own households (VIS-1), whoever relieves him does not.
OWN_PLAN = ("visits.visit",)


@dataclass(frozen=True)
class Found:
    """One thing that is not finished. ``followup`` is the most urgent that is owed about it."""

    source: str
    key: str
    text: str
    number: str = ""
    url: str = ""
    urgent: bool = False
    followup: FollowUp | None = None
    due_at: datetime | None = None
    who: str = ""
    begun: bool = True  # a case is begun; a duty of the calendar not by itself

    @property
    def next_step(self) -> str:
        return str(kind(self.followup.kind).label) if self.followup else ""


@dataclass(frozen=True)
class Sight:
    """What one seat of one estate sees now. ``owner`` is the butler whose work it is."""

    estate: Estate
    seat: Seat
    owner: Staff | None
    now: datetime
    since: datetime | None = None  # incidents from this moment on are read too, ended or not
    until: datetime | None = None  # when the next shift is relieved in its turn; None: never
    stands_in: bool = False  # the next shift only keeps watch until the seat's own people are back
    types: dict[str, int] = field(init=False)

    def __post_init__(self):
        found = ContentType.objects.get_for_models(
            Repair, Complaint, Incident, Notice, Instruction, Contact
        )
        object.__setattr__(
            self, "types", {model._meta.model_name: each.pk for model, each in found.items()}
        )

    @cached_property
    def followups(self) -> list[FollowUp]:
        """What is owed about records of the desk, and whatever the seat's posts owe."""
        rows = FollowUp.objects.open().filter(estate=self.estate)
        for prefix in STAYS:
            rows = rows.exclude(kind__startswith=prefix)
        if self.owner:
            rows = rows.filter(Q(owner=self.owner) | Q(taken_by=self.owner))
        else:
            records = [self.types[name] for name in ("repair", "complaint")]
            rows = rows.filter(
                Q(content_type__in=records)
                | Q(owner_post__in=self.seat.posts)
                | Q(owner__post__in=self.seat.posts)
            )
        return list(rows.select_related("owner", "taken_by").order_by("due_at", "pk"))

    def is_for_now(self, found: Found) -> bool:
        """Whether this belongs on the sheet (DUT-2: what was not finished today).

        What is urgent, what is overdue or falls due before the next shift is relieved in its turn,
        and what is begun. Who only stands in takes what cannot wait, begun or not.
        """
        if self.until is None or found.urgent or (found.begun and not self.stands_in):
            return True
        return found.due_at is not None and found.due_at < self.until

    def is_own_plan(self, found: Found) -> bool:
        """Whether it stays with the butler whose plan it is: nobody has begun it, and no resident
        was promised another day.
        """
        row = found.followup
        if row is None or self.owner is None or found.urgent or found.begun:
            return False
        return row.kind in OWN_PLAN and row.generation == 1

    @cached_property
    def owed(self) -> dict[tuple[int, int], FollowUp]:
        """The most urgent follow-up of each record; what the seat itself owes comes first."""
        first: dict[tuple[int, int], FollowUp] = {}
        for row in sorted(self.followups, key=lambda row: not self.is_ours(row)):
            first.setdefault((row.content_type_id, row.object_id), row)
        return first

    def is_ours(self, row: FollowUp) -> bool:
        """Whether the seat itself owes it."""
        if self.owner:
            return True
        return (row.owner.post if row.owner else row.owner_post) in self.seat.posts

    def is_begun(self, row: FollowUp) -> bool:
        """Whether somebody is at it: taken over by name, waiting for something, or a call made."""
        is_call = row.content_type_id == self.types["contact"]
        return is_call or row.taken_by_id is not None or row.paused_at is not None

    def key_of(self, row: FollowUp) -> str:
        """The key of the thing on the sheet that this follow-up belongs to."""
        for model in ("repair", "complaint"):
            if row.content_type_id == self.types[model]:
                return f"{model}:{row.object_id}"
        return f"followup:{row.pk}"

    def about(self, model: str, pk: int) -> FollowUp | None:
        return self.owed.get((self.types[model], pk))

    @cached_property
    def incidents(self) -> list[Incident]:
        """Those that have not ended, and those of the shift; one query."""
        rows = Incident.objects.filter(estate=self.estate).filter(
            Q(ended_at__isnull=True) | Q(reported_at__gte=self.since or self.now)
        )
        return list(rows.select_related("reported_by").order_by("reported_at", "pk"))

    @cached_property
    def repairs(self) -> list[Repair]:
        rows = Repair.objects.filter(estate=self.estate).open()
        if self.owner:
            rows = rows.filter(butler=self.owner)
        rows = rows.select_related("unit", "place", "repairer")
        return list(rows.annotate(tries=Count("call_tries")).order_by("promised_at", "pk"))


def incidents(sight: Sight) -> list[Found]:
    """Major incidents that have not ended."""
    if sight.owner:
        return []
    return [
        Found("incident", f"incident:{row.pk}", f"{row.get_category_display()} {row.where} {row.what}",
              url=row.get_absolute_url(), urgent=True)
        for row in sight.incidents
        if row.ended_at is None
    ]  # fmt: skip


def call_backs(sight: Sight) -> list[Found]:
    """Call-backs that were tried and did not get through."""
    return [_slip(sight, row, "call_back") for row in sight.repairs if _is_untold(sight, row)]


def repairs(sight: Sight) -> list[Found]:
    """Repairs that are not filed: number, content, next step, who, by when."""
    return [_slip(sight, row, "repair") for row in sight.repairs if not _is_untold(sight, row)]


def complaints(sight: Sight) -> list[Found]:
    """Complaints that are not closed."""
    rows = Complaint.objects.filter(estate=sight.estate).open()
    if sight.owner:
        rows = rows.filter(butler=sight.owner)
    found = []
    for row in rows.order_by("complained_at", "pk"):
        owed = sight.about("complaint", row.pk)
        found.append(
            Found("complaint", f"complaint:{row.pk}", row.content, row.number,
                  owed.url if owed else _address("complaints:complaint_detail", row.pk),
                  bool(owed and owed.urgent), owed, owed.due_at if owed else row.promised_at,
                  _who(owed))
        )  # fmt: skip
    return found


def instructions(sight: Sight) -> list[Found]:
    """What superiors told this seat to do."""
    rows = Instruction.objects.open().filter(estate=sight.estate, seat=sight.seat.code)
    return [
        Found("instruction", f"instruction:{row.pk}", row.text, url=reverse("shifts:instructions"),
              due_at=row.due_at, who=row.by.name)
        for row in rows.select_related("by").order_by("due_at", "pk")
    ]  # fmt: skip


def others(sight: Sight) -> list[Found]:
    """Whatever else this seat owes: calls, visits, keys, mail. One line each."""
    shown = {sight.types[name] for name in ("repair", "complaint", "notice", "instruction")}
    return [
        Found("followup", f"followup:{row.pk}", row.text, url=row.url, urgent=row.urgent,
              followup=row, due_at=row.due_at, who=_who(row),
              begun=sight.is_begun(row))
        for row in sight.followups
        if row.content_type_id not in shown and sight.is_ours(row)
    ]  # fmt: skip


@dataclass(frozen=True)
class Source:
    code: str
    label: str | Promise
    find: Callable[[Sight], list[Found]]


SOURCES = (
    Source("incident", _("重大事件"), incidents),
    Source("instruction", _("领导交办"), instructions),
    Source("call_back", _("回访未通"), call_backs),
    Source("repair", _("未结报修"), repairs),
    Source("complaint", _("未结投诉"), complaints),
    Source("followup", _("其他跟进"), others),
)
LABELS = {source.code: source.label for source in SOURCES}


@dataclass(frozen=True)
class Sorted:
    """Everything unfinished of a seat, in the order of the sources.

    ``now`` is handed over, thing by thing; ``plan`` is due as well but stays with the butler whose
    plan it is; ``later`` is for nobody to look after yet.
    """

    now: list[Found] = field(default_factory=list)
    plan: list[Found] = field(default_factory=list)
    later: list[Found] = field(default_factory=list)


def find_all(sight: Sight) -> Sorted:
    """Read every source once."""
    result = Sorted()
    for each in (each for source in SOURCES for each in source.find(sight)):
        if not sight.is_for_now(each):
            result.later.append(each)
        elif sight.is_own_plan(each):
            result.plan.append(each)
        else:
            result.now.append(each)
    return result


RECORDS: dict[str, Callable[[], QuerySet]] = {
    "incident": lambda: Incident.objects.filter(ended_at__isnull=True),
    "instruction": Instruction.objects.open,
    "repair": lambda: Repair.objects.all().open(),
    "complaint": lambda: Complaint.objects.all().open(),
    "followup": FollowUp.objects.open,
}


def unfinished(keys: Iterable[str]) -> set[str]:
    """Those of the keys whose record is not finished, whoever has it by now."""
    by_model: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        model, _colon, pk = key.partition(":")
        by_model[model].append(int(pk))
    return {
        f"{model}:{pk}"
        for model, pks in by_model.items()
        for pk in RECORDS[model]().filter(pk__in=pks).values_list("pk", flat=True)
    }


CASH = "cash"


@dataclass(frozen=True)
class Expected:
    """What should be there, from the registers and the cash book; never typed."""

    code: str
    label: str | Promise
    number: Decimal


def counts(sight: Sight, *, cash: Decimal | None = None) -> list[Expected]:
    """Keys, cards, stored things and mail by the registers, and cash by the cash book.

    ``cash`` is what the cash book says if the caller has just read it.
    """
    if not sight.seat.counts:
        return []
    found = [
        Expected(code, label, Decimal(number))
        for code, label, number in expected_counts(sight.estate)
    ]
    if cash is None:
        cash = CashEntry.objects.balance(sight.estate)
    return [*found, Expected(CASH, _("现金"), Decimal(cash).quantize(Decimal("0.01")))]


def _slip(sight: Sight, row: Repair, source: str) -> Found:
    owed = sight.about("repair", row.pk)
    where = row.unit.code if row.unit_id else (row.place.name if row.place_id else row.where)
    text = f"{where} {row.content}".strip()
    if row.tries:
        text = ngettext(
            "%(text)s (未接通 %(count)s 次)", "%(text)s (未接通 %(count)s 次)", row.tries
        ) % {"text": text, "count": row.tries}
    who = _who(owed) or (row.repairer.name if row.repairer_id else "")
    return Found(source, f"repair:{row.pk}", text, row.number,
                 reverse("repairs:repair_detail", args=[row.pk]), row.is_urgent, owed,
                 owed.due_at if owed else row.promised_at, who)  # fmt: skip


def _is_untold(sight: Sight, row: Repair) -> bool:
    owed = sight.about("repair", row.pk)
    return bool(row.tries and owed and owed.kind == repair_kinds.CALLBACK)


def _who(row: FollowUp | None) -> str:
    if row is None:
        return ""
    return row.owner.name if row.owner else str(row.get_owner_post_display())


def _address(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""
