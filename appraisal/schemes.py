"""Reading schemes: the shipped one, the one in force on a day, the draft; and what may be cited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from accounts import posts
from appraisal.arithmetic import Marks, Rules
from appraisal.items import Group, Kind, groups_of, items_of
from appraisal.models import Scheme
from appraisal.rules import GROUP_OF_SOP, HANDBOOK_CLAUSES, RULES, Rule
from rulebook.limits import limits
from rulebook.numbers import number_of
from rulebook.sops import SOPS

EVERY_SOP = tuple(code for code, _name, _clauses in SOPS)
DESK_SOPS = ("repairs", "help", "complaints", "visits", "activities", "storage",
             "service_requests", "archive", "keys", "shifts", "conduct")  # fmt: skip
# Clauses 1.17, the union per post. Of the posts that the manual gives no list, the assistant
# follows every procedure, the others those their duties name: the company corrects them here.
SOPS_OF_POST = {
    posts.BUTLER: ("patrol", "repairs", "help", "complaints", "visits", "vacant", "violations",
                   "activities", "shifts", "conduct"),
    posts.FRONT_DESK: DESK_SOPS,
    posts.NIGHT_DUTY: DESK_SOPS,
    posts.ENV_FOREMAN: ("patrol", "complaints", "shifts", "conduct"),
    posts.CASHIER: ("service_requests", "archive", "shifts", "conduct"),
    posts.CS_ASSISTANT: EVERY_SOP,
    posts.CS_MANAGER: EVERY_SOP,
}  # fmt: skip
# APP-17: the desk works by the other procedures of the project too, on an item of their own.
OTHER_SOPS_OF_POST = {posts.FRONT_DESK: EVERY_SOP, posts.NIGHT_DUTY: EVERY_SOP}

MARK_KEYS = ("minor", "minor_small", "serious", "serious_small", "consequence_least",
             "consequence_most", "linked_share", "fee_part", "fee_step")  # fmt: skip
BAND_KEYS = ("excellent", "good", "pass")
MONTH_KEYS = (*(f"appraisal.weight_{kind}" for kind in Kind),
              *(f"appraisal.band_{band}" for band in BAND_KEYS))  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """A scheme as pages and rules read it, whether stored or shipped."""

    post: str
    version: int
    full: Mapping[str, Decimal]
    groups: Mapping[str, str]
    sops: tuple[str, ...]
    other_sops: tuple[str, ...]

    def item_of(self, group: str) -> str:
        return self.groups[group]

    def group_of(self, sop: str, clause: str) -> str:
        """The group that a citation belongs to by name (clauses 0.2b)."""
        if not sop:
            return {"FEE-2": Group.FEE, "MGT-7": Group.REST}.get(clause, Group.TRAINING)
        if sop in GROUP_OF_SOP:
            return GROUP_OF_SOP[sop]
        return Group.JOB if sop in self.sops else Group.OTHER

    def may_cite(self, sop: str, clause: str, group: str) -> bool:
        """Whether this post's sheet may cite it in this group (clauses 1.17, APP-17).

        A breach belongs to the group its procedure belongs to by name; lateness and what fits
        nowhere else may cite any procedure of the post.
        """
        if not sop:
            return clause in HANDBOOK_CLAUSES and (
                group == self.group_of(sop, clause)
                or (clause == "MGT-7" and group in (Group.REST, Group.TIMELINESS))
            )
        if sop not in self.sops:
            return group == Group.OTHER and sop in self.other_sops
        return group in (self.group_of(sop, clause), Group.TIMELINESS, Group.REST)

    def rules(self) -> list[Rule]:
        """The rules with wording that this post's sheet may cite."""
        return [
            rule
            for rule in RULES
            if (not rule.posts or self.post in rule.posts)
            and (
                self.may_cite(rule.sop, rule.clause, rule.group)
                or (rule.sop in self.other_sops and rule.sop not in self.sops)
            )
        ]


def shipped(post: str) -> Terms:
    """Version 0: the literal tables and the shipped numbers of the rulebook."""
    prefix = "manager" if post == posts.CS_MANAGER else "staff"
    return Terms(
        post,
        0,
        {item: number_of(f"appraisal.{prefix}.{item}").default for item in items_of(post)},
        groups_of(post),
        SOPS_OF_POST[post],
        OTHER_SOPS_OF_POST.get(post, ()),
    )


def terms_of(row: Scheme) -> Terms:
    return Terms(
        row.post,
        row.version,
        {item: Decimal(row.full[item]) for item in items_of(row.post)},
        row.groups,
        tuple(row.sops),
        tuple(row.other_sops),
    )


def in_force(post: str, on: date) -> Terms:
    """The newest published scheme of a post on a day, else the shipped one. One query."""
    rows = Scheme.objects.filter(post=post, published_at__isnull=False, effective_on__lte=on)
    row = rows.order_by("-effective_on", "-version").first()
    return terms_of(row) if row else shipped(post)


def draft_of(post: str) -> Terms | None:
    row = Scheme.objects.filter(post=post, published_at=None).first()
    return terms_of(row) if row else None


def marks_at(at: datetime) -> Marks:
    """The points of the grades as the rulebook has them at a moment. One query."""
    found = limits(*(f"appraisal.{name}" for name in MARK_KEYS), at=at)
    return Marks(**{name: found[f"appraisal.{name}"].value for name in MARK_KEYS})


def rules_at(terms: Terms, at: datetime) -> Rules:
    return Rules(terms.full, marks_at(at), terms.version)


@dataclass(frozen=True)
class MonthTerms:
    weights: Mapping[str, Decimal]
    floors: tuple[tuple[str, Decimal], ...]


def month_terms(at: datetime) -> MonthTerms:
    """Weights of the kinds and floors of the bands as they stand at a moment. One query."""
    found = limits(*MONTH_KEYS, at=at)
    return MonthTerms(
        {kind.value: found[f"appraisal.weight_{kind}"].value for kind in Kind},
        tuple((band, found[f"appraisal.band_{band}"].value) for band in BAND_KEYS),
    )
