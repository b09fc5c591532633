"""Sheets written out by hand from the clauses: facts in, expected marks out.

Full marks (defaults 2.1): staff 40 10 10 10 15 10 5; manager 30 10 10 10 10 5 5 10 5 5. 一般 takes 2
(1 on an item of 5), 严重 5 (3), 引起不良后果 what was typed. Each row was worked out on paper.
"""

from decimal import Decimal

import pytest

from appraisal.actions import appeals, sheets
from appraisal.arithmetic import month_of
from appraisal.items import Cause, Grade, Group

J, H, T, C, S, X, R = (Group.JOB, Group.HANDOVER, Group.TRAINING, Group.CONDUCT,
                       Group.TIMELINESS, Group.OTHER, Group.REST)  # fmt: skip
D = Decimal

ITEMS = ("job_quality", "handover_quality", "training_quality", "efficiency",
         "service_and_collection", "other_sop_compliance", "other_quality")  # fmt: skip
STAFF_FULL = dict(zip(ITEMS, (40, 10, 10, 10, 15, 10, 5), strict=True))
MANAGER_FULL = dict(zip(
    ("sop_execution", "training_quality", "own_skill", "service_quality", "results",
     "responsibility", "fairness", "sop_observance", "cooperation", "integrity"),
    (30, 10, 10, 10, 10, 5, 5, 10, 5, 5), strict=True,
))  # fmt: skip

# number: (post, [(group, grade, typed points)], {item: expected score}, expected total)
STAFF_SHEETS = {
    "1 nothing found": ("butler", [], {}, "100"),
    # 40 − 2
    "2 one minor on work": ("butler", [(J, "minor", None)], {"job_quality": "38"}, "98"),
    # 40 − 5
    "3 one serious on work": ("butler", [(J, "serious", None)], {"job_quality": "35"}, "95"),
    # 40 − 12 typed, above the usual ten but within the item's marks
    "4 bad consequences": ("butler", [(J, "consequence", 12)], {"job_quality": "28"}, "88"),
    # 10 − 5 − 5 − 2 = −2 → 0; 100 − 10
    "5 handover used up": (
        "butler",
        [(H, "serious", None), (H, "serious", None), (H, "minor", None)],
        {"handover_quality": "0"},
        "90",
    ),
    # 5 − 1 − 3 = 1
    "6 an item of five marks": (
        "butler", [(R, "minor", None), (R, "serious", None)], {"other_quality": "1"}, "96",
    ),
    # 15 − 2 (smile), 10 − 2 (lateness), 10 − 5 (exam)
    "7 manners, time and exam": (
        "front_desk",
        [(C, "minor", None), (S, "minor", None), (T, "serious", None)],
        {"service_and_collection": "13", "efficiency": "8", "training_quality": "5"},
        "91",
    ),
    # APP-17: the desk's other procedures on their own item, 10 − 2
    "8 other procedure of the desk": (
        "front_desk", [(X, "minor", None)], {"other_sop_compliance": "8"}, "98",
    ),
    # an item of five: from one above 严重 (4) up to 5
    "9 bad consequences on five marks": (
        "cashier", [(R, "consequence", 5)], {"other_quality": "0"}, "95",
    ),
}  # fmt: skip

# [(group, grade, typed, causes)]: the same points in each cause's column, own floors
MANAGER_SHEETS = {
    # 30 − 2; 10 − 2
    "10 training": ([(J, "minor", None, [Cause.TRAINING])],
                    {"sop_execution": "28", "training_quality": "8"}, "96"),
    # 30 − 5; 10 − 5
    "11 skill": ([(J, "serious", None, [Cause.SKILL])],
                 {"sop_execution": "25", "own_skill": "5"}, "90"),
    # 30 − 5; 5 − 5 = 0
    "12 duty": ([(J, "serious", None, [Cause.DUTY])],
                {"sop_execution": "25", "responsibility": "0"}, "90"),
    "13 fairness": ([(C, "minor", None, [Cause.FAIRNESS])],
                    {"service_quality": "8", "fairness": "3"}, "96"),
    "14 integrity": ([(C, "minor", None, [Cause.INTEGRITY])],
                     {"service_quality": "8", "integrity": "3"}, "96"),
    "15 cooperation": ([(J, "minor", None, [Cause.COOPERATION])],
                       {"sop_execution": "28", "cooperation": "3"}, "96"),
    # 30 − 5; training 10 − 5; responsibility 5 − 5 = 0
    "16 two causes at once": (
        [(J, "serious", None, [Cause.TRAINING, Cause.DUTY])],
        {"sop_execution": "25", "training_quality": "5", "responsibility": "0"}, "85"),
    # 30 − 12 = 18; responsibility 5 − 12 → 0 (seven lost); 100 − 12 − 5
    "17 a column has its own floor": (
        [(J, "consequence", 12, [Cause.DUTY])],
        {"sop_execution": "18", "responsibility": "0"}, "83"),
    # two violations at once, each in its column: 30 − 2 − 5; 10 − 2; 5 − 5
    "18 several violations": (
        [(J, "minor", None, [Cause.SKILL]), (J, "serious", None, [Cause.COOPERATION])],
        {"sop_execution": "23", "own_skill": "8", "cooperation": "0"}, "86"),
}  # fmt: skip


def check(sheet, expected, total):
    """Every item by name, those that nothing was found about with the full marks of defaults 2.1."""
    full = MANAGER_FULL if sheet.post == "cs_manager" else STAFF_FULL
    scores = {each.item: each.score for each in sheet.scores()}
    assert scores == {item: D(expected.get(item, marks)) for item, marks in full.items()}
    sheet.refresh_from_db()
    assert sheet.total == D(total)


@pytest.mark.clause("APP-5", "APP-6", "APP-9", "APP-11", "APP-12", "APP-13", "APP-14", "APP-16",
                    "APP-17", "TRN-2", "MAN-6")  # fmt: skip
@pytest.mark.parametrize("name", STAFF_SHEETS)
def test_staff_sheet(name, butler, desk, cashier, manager, sheet_of, deduct):
    post, found, expected, total = STAFF_SHEETS[name]
    people = {"butler": butler, "front_desk": desk, "cashier": cashier}
    sheet = sheet_of(people[post], by=manager)
    for group, grade, points in found:
        deduct(sheet, group, Grade(grade), points=points and D(points))
    check(sheet, expected, total)


@pytest.mark.clause("APP-7", "APP-8", "APP-18", "APP-19", "APP-20")
@pytest.mark.parametrize("name", MANAGER_SHEETS)
def test_manager_sheet(name, manager, gm, sheet_of, deduct):
    found, expected, total = MANAGER_SHEETS[name]
    sheet = sheet_of(manager, by=gm, kind="weekly")
    for group, grade, points, causes in found:
        deduct(sheet, group, Grade(grade), points=points and D(points), causes=causes)
    check(sheet, expected, total)


@pytest.mark.clause("FEE-2")
@pytest.mark.parametrize(
    ("rate", "below", "left", "total"),
    [
        ("94.8", "3.2", "12", "97"),  # three full points below 98: 15 − 3
        ("97.4", "0.6", "15", "100"),  # no full point
        ("80", "18", "10", "95"),  # the fee's part of the item is five of the fifteen
    ],
)
def test_23_a_collection_rate_below_98(
    rate, below, left, total, cashier, assistant, sheet_of, deduct
):
    sheet = sheet_of(cashier, by=assistant)
    deduct(sheet, Group.FEE, Grade.RATE, shortfall=D(below), fact=f"收费率 {rate}%")
    check(sheet, {"service_and_collection": left}, total)


@pytest.mark.clause("MAN-10")
def test_24_a_serious_breach_flagged_for_the_handbook_takes_no_more_by_itself(
    butler, assistant, sheet_of, deduct, now
):
    """严重 on the manners of an item of 15: 10 left, with the flag as without it."""
    sheet = sheet_of(butler, by=assistant)
    deduct(sheet, C, Grade.SERIOUS)
    sheets.set_footer(sheet, improvement="", improve_by=None, by_handbook=True,
                      handbook_note="当众辱骂业户", by=assistant, now=now)  # fmt: skip
    check(sheet, {"service_and_collection": "10"}, "95")


def test_19_used_up_item_shows_what_no_longer_counts(butler, manager, sheet_of, deduct):
    sheet = sheet_of(butler, by=manager)
    for _count in range(3):
        deduct(sheet, H, Grade.SERIOUS)
    handover = next(each for each in sheet.scores() if each.item == "handover_quality")
    assert (handover.taken, handover.score, handover.lost) == (15, 0, 5)
    assert handover.is_used_up


@pytest.mark.clause("APP-5")
def test_20_a_month_without_a_kind_shares_its_weight():
    """日检 96 and 94 (mean 95), 月检 80; 周检 and 抽检 missing: (95×40 + 80×20) / 60 = 90."""
    weights = {"daily": D(40), "weekly": D(30), "monthly": D(20), "spot": D(10)}
    month = month_of({"daily": (D(190), 2), "monthly": (D(80), 1)}, weights)
    assert month.score == D("90.00")
    assert [(p.kind, p.mean, p.share) for p in month.parts] == [
        ("daily", D("95.00"), D("66.67")),
        ("monthly", D("80.00"), D("33.33")),
    ]


def test_21_all_four_kinds():
    """96×0.4 + 90×0.3 + 80×0.2 + 100×0.1 = 38.4 + 27 + 16 + 10 = 91.4."""
    weights = {"daily": D(40), "weekly": D(30), "monthly": D(20), "spot": D(10)}
    found = month_of(
        {"daily": (D(96), 1), "weekly": (D(90), 1), "monthly": (D(80), 1), "spot": (D(100), 1)},
        weights,
    )
    assert found.score == D("91.40")


def test_22_an_appeal_partly_upheld_flows_into_its_columns(
    manager, gm, engmanager, sheet_of, deduct, now
):
    """30 − 12, 10 − 12 → 0, 5 − 12 → 0: 73. A third of the 12 stands (4): 26, 6, 1: 88."""
    sheet = sheet_of(manager, by=gm, kind="weekly")
    line = deduct(sheet, J, Grade.CONSEQUENCE, points=D(12), causes=[Cause.TRAINING, Cause.DUTY])
    assert sheet.total == D(73)
    sheets.submit(sheet, by=gm, now=now)
    sheets.see(sheet, by=manager, now=now)
    row = appeals.appeal(sheet, text="已培训过", deductions=[line], by=manager, now=now)
    appeals.name_reviewer(row, reviewer=engmanager, by=gm, now=now)
    appeals.decide(row, kept={line.pk: D(4)}, decision="情节较轻", by=engmanager, now=now)
    sheet.refresh_from_db()
    check(sheet, {"sop_execution": "26", "training_quality": "6", "responsibility": "1"}, "88")
