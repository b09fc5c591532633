"""Posts (岗位): who may do what, who leads whom. One literal table, read directly."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GENERAL_MANAGER = "general_manager"
CS_MANAGER = "cs_manager"
CS_ASSISTANT = "cs_assistant"
BUTLER = "butler"
CASHIER = "cashier"
FRONT_DESK = "front_desk"
NIGHT_DUTY = "night_duty"
ENV_FOREMAN = "env_foreman"
ENG_MANAGER = "eng_manager"
ENG_DISPATCHER = "eng_dispatcher"
REPAIRER = "repairer"
PUBLIC_AFFAIRS = "dept_contact"
SYSADMIN = "sysadmin"

CUSTOMER_SERVICE = "customer_service"
ENGINEERING = "engineering"
MANAGEMENT = "management"
OTHER = "other"


@dataclass(frozen=True)
class Post:
    """One row of the table.

    ``lead`` is the post that is told when this post misses something (clauses 1.15 and
    defaults 2.10). ``scope`` says how much of an estate the post sees: ``all``, ``area``
    (own buildings; personal data of others masked), ``own`` (what it is assigned) or ``none``.
    ``home`` names the page it opens first.
    """

    code: str
    label: str | Promise
    department: str
    lead: str
    scope: str
    home: str
    permissions: frozenset[str] = field(default_factory=frozenset)


READ_REPAIRS = {"repairs.view", "followups.view", "incidents.raise"}
# Surveys, activities and suggestions: whoever meets residents hands out, collects and organises.
COMMUNITY = {"community.view", "community.enter", "community.organise", "community.suggest"}
# Whoever stands in a roster: reads it, and asks for swaps of his own turns.
ROSTERED = {"roster.view", "roster.swap"}
# Whoever closes a shift: the handover sheet, the cash book.
SHIFT = ROSTERED | {"shifts.view", "shifts.hand_over", "shifts.cash"}
PLANS_SHIFTS = {"roster.view", "roster.plan", "roster.publish", "roster.approve"}
OVERSEES_SHIFTS = {"shifts.view", "shifts.check", "shifts.instruct"}
# Complaints (forms 4.2): who hears them, who answers for them, who answers what was passed on.
HEAR_COMPLAINTS = {
    "complaints.view",
    "complaints.register",
    "complaints.solve",
    "complaints.verify",
    "complaints.reply",
    "complaints.call_back",
    "complaints.print",
}
ANSWER_COMPLAINTS = {"complaints.answer", "complaints.verify"}
PASSED_COMPLAINTS = ANSWER_COMPLAINTS | {"complaints.passed"}  # other departments
LEAD_COMPLAINTS = ANSWER_COMPLAINTS | {
    "complaints.handle",
    "complaints.approve",
    "complaints.review",
    "complaints.analyse",
}
# The department's papers: everybody has tasks, is trained and asks for what is missing; who
# leads reads and decides (forms 4.19, 4.21).
OFFICE = {"office.tasks", "office.attend", "office.request_purchase"}
LEAD_OFFICE = OFFICE | {
    "office.read_logs",
    "office.write_log",
    "office.read_summaries",
    "office.write_summary",
    "office.check_butlers",
    "office.follow_purchases",
    "office.view_training",
    "office.arrange_training",
}
DECIDE_OFFICE = {
    "office.tasks",
    "office.read_logs",
    "office.sign_logs",
    "office.read_summaries",
    "office.approve_purchases",
    "office.view_training",
    "office.approve_training",
}
DESK = (
    READ_REPAIRS
    | HEAR_COMPLAINTS
    | {"complaints.grade"}
    | COMMUNITY
    | {
        "answers.change",
        "contacts.take",
        "estates.view",
        "estates.change",
        "estates.reveal",
        "repairs.register",
        "repairs.dispatch",
        "repairs.accept_verbally",
        "repairs.delay",
        "repairs.change_promise",
        "repairs.call_back",
        "repairs.archive",
        "repairs.cancel",
        "repairs.merge",
        "repairs.export",
        "repairs.print",
        "incidents.handle",
        "incidents.view",
        "services.view",
        "visits.view",
        "visits.call_back",
        "visits.confirm",
        "registers.view",
        "registers.keep",
    }
)
ENGINEER = (
    READ_REPAIRS | ROSTERED | {"repairs.accept", "repairs.work", "repairs.print", "services.view"}
)

# Appraisal: everybody of the department sees his own sheets; who inspects is above in the line.
SCORED = {"appraisal.view"}
INSPECTOR = SCORED | {"appraisal.inspect"}
HEAD = INSPECTOR | {
    "appraisal.review",
    "appraisal.decide",
    "appraisal.publish",
    "appraisal.fairness",
}

POSTS = (
    Post(
        GENERAL_MANAGER,
        _("物业总经理"),
        MANAGEMENT,
        "",
        "all",
        "desk:today",
        frozenset(
            HEAD
            | DECIDE_OFFICE
            | {"office.read_up"}
            | READ_REPAIRS
            | OVERSEES_SHIFTS
            | {
                "complaints.view",
                "complaints.print",
                "complaints.approve",
                "complaints.analyse",
                "complaints.direct",
                "incidents.handle",
                "incidents.review",
                "roster.view",
                "visits.view",
                "visits.supervise",
                "accounts.view",
                "accounts.manage",
                "community.view",
                "community.approve",
                "registers.view",
                "estates.view",
                "estates.reveal",
                "repairs.export",
                "repairs.print",
                "incidents.view",
                "services.view",
                "followups.supervise",
                "rulebook.view",
            }
        ),
    ),
    Post(
        CS_MANAGER,
        _("客服部经理"),
        CUSTOMER_SERVICE,
        GENERAL_MANAGER,
        "all",
        "desk:today",
        frozenset(
            HEAD
            | {"appraisal.change_schemes", "appraisal.enter_rate"}
            | LEAD_OFFICE
            | DECIDE_OFFICE
            | {"office.review_summaries"}
            | DESK
            | LEAD_COMPLAINTS
            | PLANS_SHIFTS
            | OVERSEES_SHIFTS
            | {
                "incidents.review",
                "shifts.cash",
                "registers.approve",
                "registers.archive",
                "registers.decide",
                "registers.import",
                "visits.record",
                "visits.review",
                "visits.supervise",
                "accounts.view",
                "accounts.manage",
                "community.plan_survey",
                "estates.import",
                "followups.supervise",
                "rulebook.view",
                "rulebook.change",
                "services.change",
            }
        ),
    ),
    Post(
        CS_ASSISTANT,
        _("客服助理"),
        CUSTOMER_SERVICE,
        CS_MANAGER,
        "all",
        "desk:today",
        frozenset(
            INSPECTOR
            | {"appraisal.enter_rate"}
            | LEAD_OFFICE
            | DESK
            | LEAD_COMPLAINTS
            | SHIFT
            | PLANS_SHIFTS
            | OVERSEES_SHIFTS
            | {
                "registers.approve",
                "registers.archive",
                "registers.import",
                "visits.record",
                "visits.review",
                "visits.supervise",
                "accounts.view",
                "estates.import",
                "followups.supervise",
                "rulebook.view",
            }
        ),
    ),
    Post(
        BUTLER,
        _("客服管家"),
        CUSTOMER_SERVICE,
        CS_ASSISTANT,
        "area",
        "followups:followup_list",
        frozenset(
            SCORED
            | OFFICE
            | READ_REPAIRS
            | HEAR_COMPLAINTS
            | COMMUNITY
            | ROSTERED
            | {
                "incidents.handle",
                "shifts.hand_over",
                "shifts.view",
                "registers.view",
                "visits.view",
                "visits.record",
                "visits.call_back",
                "contacts.take",
                "estates.view",
                "estates.change",
                "estates.reveal",
                "repairs.register",
                "repairs.dispatch",
                "repairs.call_back",
                "repairs.onsite",
                "repairs.delay",
                "incidents.view",
                "services.view",
                "rulebook.view",
            }
        ),
    ),
    Post(
        CASHIER,
        _("收费员"),
        CUSTOMER_SERVICE,
        CS_ASSISTANT,
        "all",
        "desk:today",
        frozenset(
            SCORED
            | OFFICE
            | {
                "estates.view",
                "followups.view",
                "incidents.raise",
                "services.view",
                "rulebook.view",
            }
        ),
    ),
    Post(
        FRONT_DESK,
        _("客服中心"),
        CUSTOMER_SERVICE,
        CS_ASSISTANT,
        "all",
        "desk:today",
        frozenset(SCORED | OFFICE | DESK | SHIFT | {"registers.archive", "rulebook.view"}),
    ),
    Post(
        NIGHT_DUTY,
        _("夜值人员"),
        CUSTOMER_SERVICE,
        CS_ASSISTANT,
        "all",
        "desk:today",
        frozenset(SCORED | OFFICE | DESK | SHIFT | {"rulebook.view"}),
    ),
    Post(
        ENV_FOREMAN,
        _("绿化保洁领班"),
        CUSTOMER_SERVICE,
        CS_MANAGER,
        "own",
        "followups:followup_list",
        frozenset(
            SCORED
            | OFFICE
            | PASSED_COMPLAINTS
            | {"followups.view", "incidents.raise", "rulebook.view"}
        ),
    ),
    Post(
        ENG_MANAGER,
        _("工程部经理"),
        ENGINEERING,
        GENERAL_MANAGER,
        "all",
        "repairs:dispatch_board",
        frozenset(
            {"office.tasks"}
            | ENGINEER
            | PASSED_COMPLAINTS
            | {
                "incidents.handle",
                "roster.view",
                "accounts.view",
                "repairs.assign",
                "repairs.assess",
                "repairs.delay",
                "repairs.return_slip",
                "repairs.change_promise",
                "repairs.export",
                "followups.supervise",
                "incidents.view",
            }
        ),
    ),
    Post(
        ENG_DISPATCHER,
        _("工程部接单人员"),
        ENGINEERING,
        ENG_MANAGER,
        "all",
        "repairs:dispatch_board",
        frozenset(
            {"office.tasks"}
            | ENGINEER
            | {
                "repairs.assign",
                "repairs.delay",
                "repairs.return_slip",
                "repairs.change_promise",
                "followups.supervise",
            }
        ),
    ),
    Post(
        REPAIRER,
        _("维修人员"),
        ENGINEERING,
        ENG_DISPATCHER,
        "own",
        "repairs:dispatch_board",
        frozenset({"office.tasks"} | ENGINEER),
    ),
    Post(
        PUBLIC_AFFAIRS,
        _("其他部门联系人"),
        OTHER,
        GENERAL_MANAGER,
        "none",
        "followups:followup_list",
        frozenset({"office.tasks"} | PASSED_COMPLAINTS | {"followups.view", "incidents.raise"}),
    ),
    Post(
        SYSADMIN,
        _("系统管理员"),
        OTHER,
        GENERAL_MANAGER,
        "all",
        "accounts:staff_list",
        frozenset(
            {
                "accounts.view",
                "accounts.manage",
                "accounts.see_faults",
                "estates.manage",
                "followups.view",
                "incidents.raise",
                "notifications.manage",
                "rulebook.view",
            }
        ),
    ),
)

BY_CODE = {post.code: post for post in POSTS}
POST_CHOICES = [(post.code, post.label) for post in POSTS]


def post_of(code: str) -> Post:
    """The row of a post; KeyError for a code that the table does not know."""
    return BY_CODE[code]
