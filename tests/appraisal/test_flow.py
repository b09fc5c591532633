"""From the proposal to the changed month: the rules that hold on the way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts import posts
from appraisal import inspectors, schemes
from appraisal.actions import appeals, clearing, lines, months, offers, rates, rounds, sheets
from appraisal.actions import schemes as scheme_actions
from appraisal.actions.opening import open_rounds
from appraisal.due import open_due
from appraisal.followups import INSPECT
from appraisal.items import Cause, Grade, Group
from appraisal.models import Deduction, MonthResult, Round, Sheet
from appraisal.replay import total_under
from appraisal.rules import BY_KEY
from appraisal.statuses import Status
from followups.actions import open_followup
from followups.evidence import collect
from followups.models import FollowUp
from tests.conftest import at

D = Decimal
OCTOBER = date(2026, 10, 1)


@pytest.mark.clause("APP-1")
def test_nobody_scores_himself(manager, now):
    with pytest.raises(ValidationError, match="自己"):
        sheets.open_sheet(manager, kind="daily", day=now.date(), by=manager, now=now)


@pytest.mark.clause("APP-3", "APP-4", "MGT-3")
def test_only_somebody_above_in_the_line_may_inspect(
    gm, manager, assistant, butler, cashier, desk, other_assistant, other_manager
):
    assert inspectors.may_inspect(assistant, butler)
    assert inspectors.may_inspect(assistant, cashier)
    assert inspectors.may_inspect(manager, desk)
    assert inspectors.may_inspect(gm, manager)
    assert not inspectors.may_inspect(other_assistant, butler)
    assert not inspectors.may_inspect(other_manager, butler)
    assert not inspectors.may_inspect(butler, assistant)
    assert not inspectors.may_inspect(assistant, manager)
    assert inspectors.DUTIES[posts.BUTLER, "monthly"] == (posts.CS_MANAGER, posts.CS_ASSISTANT)


@pytest.mark.clause("APP-2", "APP-5", "APP-7", "APP-21")
def test_every_post_of_the_department_has_a_sheet_of_a_hundred_marks():
    for post in inspectors.SCORED_POSTS:
        terms = schemes.shipped(post)
        assert sum(terms.full.values()) == 100
        assert len(terms.full) == (10 if post == posts.CS_MANAGER else 7)


@pytest.mark.clause("APP-10", "APP-15")
def test_a_post_may_be_charged_with_the_procedures_of_its_own_list():
    butler, desk = schemes.shipped(posts.BUTLER), schemes.shipped(posts.FRONT_DESK)
    job = {sop for sop in butler.sops if butler.may_cite(sop, "x", Group.JOB)}
    assert job == {"patrol", "repairs", "help", "complaints", "visits", "vacant", "violations",
                   "activities"}  # fmt: skip
    assert {sop for sop in desk.sops if desk.may_cite(sop, "x", Group.JOB)} == {
        "repairs", "help", "complaints", "visits", "keys", "activities", "storage",
        "service_requests", "archive",
    }  # fmt: skip
    assert not butler.may_cite("storage", "STO-1", Group.JOB)


@pytest.mark.clause("MAN-5", "MAN-6", "MAN-9", "MAN-11", "MGT-7")
def test_conduct_can_be_cited_with_its_wording(butler, assistant, sheet_of, deduct):
    for key in ("patience", "smile", "bearing"):
        assert BY_KEY[key] in schemes.shipped(posts.BUTLER).rules()
        assert str(BY_KEY[key].wording)
    line = deduct(sheet_of(butler, by=assistant), Group.CONDUCT)
    assert (line.sop.code, line.clause, line.item) == ("conduct", "MAN-6", "service_and_collection")
    assert deduct(line.sheet, Group.REST).item == "other_quality"  # MGT-7, the handbook itself


@pytest.mark.clause("APP-9")
@pytest.mark.parametrize("points", [None, "6", "41"])
def test_bad_consequences_need_points_in_range(butler, assistant, sheet_of, deduct, points):
    with pytest.raises(ValidationError, match="7 到 40"):
        deduct(sheet_of(butler, by=assistant), grade=Grade.CONSEQUENCE, points=points and D(points))


@pytest.mark.clause("APP-9")
def test_bad_consequences_need_a_reason(butler, assistant, sheet_of, deduct):
    with pytest.raises(ValidationError, match="理由"):
        deduct(sheet_of(butler, by=assistant), grade=Grade.CONSEQUENCE, points=D(8), reason=" ")


@pytest.mark.clause("MAN-10")
def test_the_handbook_flag_needs_its_note_and_does_nothing_by_itself(
    butler, assistant, sheet_of, now
):
    sheet = sheet_of(butler, by=assistant)
    terms = {"improvement": "", "improve_by": None, "by": assistant, "now": now}
    with pytest.raises(ValidationError):
        sheets.set_footer(sheet, by_handbook=True, handbook_note=" ", **terms)
    sheets.set_footer(sheet, by_handbook=True, handbook_note="辱骂业户", **terms)
    sheet.refresh_from_db()
    butler.refresh_from_db()
    assert sheet.by_handbook
    assert sheet.total == 100
    assert butler.is_active


def test_a_line_handed_in_is_never_taken_off_again(handed_in, assistant, manager, now):
    line = handed_in.deductions.first()
    line.sheet = handed_in
    with pytest.raises(ValidationError, match="申诉"):
        lines.remove(line, by=assistant, now=now)
    sheets.send_back(handed_in, reason="补证据", by=manager, now=now)
    line.refresh_from_db()
    line.sheet = handed_in
    with pytest.raises(ValidationError, match="申诉"):
        lines.remove(line, by=assistant, now=now)
    lines.add_evidence(line, label="单据", url="/repairs/1/", by=assistant, now=now)
    assert line.evidence.count() == 1
    with pytest.raises(ValidationError):
        lines.add_evidence(line, label="外", url="//evil.example/", by=assistant, now=now)


def test_one_click_accepts_the_proposed_linked_line(manager, gm, sheet_of, deduct, now):
    line = deduct(sheet_of(manager, by=gm, kind="weekly"))
    assert lines.proposed_cause(line) == Cause.DUTY
    lines.link(line, causes=[Cause.DUTY], by=gm, now=now)
    assert Sheet.objects.get(pk=line.sheet_id).total == 96


def test_an_appeal_goes_up_to_the_manager_then_the_general_manager(
    handed_in, butler, manager, gm, now
):
    sheets.see(handed_in, by=butler, now=now)
    found = list(handed_in.deductions.order_by("pk"))
    first = appeals.appeal(handed_in, text="已回访", deductions=found, by=butler, now=now)
    assert (first.decider, first.is_final) == (manager, False)
    keep = {line.pk: line.points for line in found}
    with pytest.raises(ValidationError):
        appeals.decide(first, kept=keep, decision="维持", by=gm, now=now)
    appeals.decide(first, kept=keep, decision="维持", by=manager, now=now)
    second = appeals.appeal(handed_in, text="仍不服", deductions=found, by=butler, now=now)
    assert (second.decider, second.is_final) == (gm, True)
    appeals.decide(second, kept=dict.fromkeys(keep, D(0)), decision="撤回", by=gm, now=now)
    handed_in.refresh_from_db()
    assert (handed_in.total, handed_in.status) == (100, Status.LOCKED)
    first.refresh_from_db()
    assert (first.text, first.decision) == ("已回访", "维持")


def test_an_appeal_is_too_late_after_three_days(handed_in, butler, now):
    sheets.see(handed_in, by=butler, now=now)
    late = now + timedelta(days=3, seconds=1)
    with pytest.raises(ValidationError, match="期限"):
        appeals.appeal(
            handed_in, text="晚了", deductions=handed_in.deductions.all(), by=butler, now=late
        )
    open_due(late)
    handed_in.refresh_from_db()
    assert handed_in.status == Status.LOCKED


def test_the_general_manager_names_a_reviewer_who_neither_scored_nor_is_scored(
    gm, manager, assistant, butler, engmanager, sheet_of, deduct, now
):
    sheet = sheet_of(manager, by=gm, kind="weekly")
    line = deduct(sheet)
    sheets.submit(sheet, by=gm, now=now)
    sheets.see(sheet, by=manager, now=now)
    row = appeals.appeal(sheet, text="不服", deductions=[line], by=manager, now=now)
    assert row.decider is None
    for wrong in (gm, manager, assistant, butler):  # who scored, is scored, or stands below
        with pytest.raises(ValidationError):
            appeals.name_reviewer(row, reviewer=wrong, by=gm, now=now)
    appeals.name_reviewer(row, reviewer=engmanager, by=gm, now=now)
    assert Sheet.objects.visible_to(engmanager).get() == sheet


@pytest.fixture
def october(butler, manager, assistant, sheet_of, deduct):
    """A locked 日检 of 95 and 周检 of 100 in October; the month published: 97.14."""
    moment = at("2026-10-12 16:00")
    daily = sheet_of(butler, by=assistant, moment=moment)
    line = deduct(daily, grade=Grade.SERIOUS, now=moment, happened_at=at("2026-10-12 10:00"))
    sheets.submit(daily, by=assistant, now=moment)
    sheets.see(daily, by=butler, now=moment)
    weekly = sheet_of(butler, by=manager, kind="weekly", moment=moment)
    sheets.submit(weekly, by=manager, now=moment)
    return daily, line


def publish(by, estate, now):
    months.review(OCTOBER, months.people_of(by, estate), estate=estate, by=by, now=now)
    return months.work_off(months.publish(OCTOBER, estate=estate, by=by, now=now), now=now)


def test_a_late_decision_flows_into_the_published_month(october, butler, manager, estate, now):
    daily, line = october
    moment = at("2026-10-13 09:00")
    row = appeals.appeal(daily, text="已回访", deductions=[line], by=butler, now=moment)
    publish(manager, estate, now)
    assert MonthResult.objects.get(staff=butler).score == 100  # the weekly sheet alone
    appeals.decide(row, kept={line.pk: D(2)}, decision="情节较轻", by=manager, now=now)
    sheets.accept(Sheet.objects.get(pk=daily.pk), opinion="", by=butler, now=now)
    result = MonthResult.objects.get(staff=butler)
    assert result.score == D("98.86")  # (98×40 + 100×30) / 70
    assert (result.revisions[-1]["before"], result.revisions[-1]["after"]) == ("100.00", "98.86")


def test_replaying_under_the_same_rules_gives_every_published_sheet(october, butler, now):
    sheets.accept(october[0], opinion="", by=butler, now=now)
    for sheet in Sheet.objects.all():
        assert total_under(sheet, sheet.rules_then) == sheet.total


def test_a_month_that_runs_cannot_be_reviewed(october, manager, estate, now):
    with pytest.raises(ValidationError, match="结束"):
        months.review(date(2026, 11, 1), [], estate=estate, by=manager, now=now)


def test_the_manager_never_publishes_his_own_month(manager, gm, estate):
    assert manager not in months.people_of(manager, estate)
    assert months.people_of(gm, estate) == [manager]


def test_a_round_without_findings_is_one_action(butler, foreman, cashier, assistant, manager, now):
    open_rounds(now)
    assert open_rounds(now) == 0  # once per period
    round_ = Round.objects.get(inspector=assistant, kind="daily")
    owed = FollowUp.objects.open().about(round_).get(kind=INSPECT)
    assert owed.owner == assistant
    # the foreman is in the manager's round
    assert clearing.clear(round_, [butler, foreman, cashier], by=assistant, now=now) == 2
    assert set(Sheet.objects.values_list("total", "status")) == {(D(100), "locked")}
    owed.refresh_from_db()
    assert owed.done_at == now


def test_a_spot_check_can_be_drawn_again_from_its_seed(butler, desk, night, manager, now):
    open_rounds(now)
    round_ = Round.objects.get(inspector=manager, kind="spot")
    row = rounds.draw(round_, count=2, by=manager, now=now)
    assert row.seed
    assert rounds.pick(row.pool, 2, row.seed) == row.picked


@pytest.fixture
def missed(butler, estate, resident, now):
    """A follow-up of the butler that was due yesterday and is still open."""
    return open_followup(
        resident, "repairs.callback", now=now - timedelta(days=2), owner=butler,
        owner_post=butler.post, estate=estate, due_at=now - timedelta(days=1),
        params={"place": "3-2-1102", "what": "漏水"}, url="/repairs/1/",
    )  # fmt: skip


@pytest.mark.clause("APP-14", "APP-16")
def test_a_missed_follow_up_is_offered_once_and_nothing_is_deducted_by_itself(
    missed, butler, assistant, sheet_of, now
):
    sheet = sheet_of(butler, by=assistant)
    (offered,) = offers.offers_for(sheet, now=now)
    assert offered.item == "efficiency"
    assert not Deduction.objects.exists()
    line = offers.take(sheet, offered.evidence[0].key, by=assistant, now=now)
    assert (line.sop.code, line.points) == ("repairs", 2)
    assert line.evidence.get().url == "/repairs/1/"
    assert offers.offers_for(sheet, now=now) == []


def test_a_proposal_put_aside_needs_a_reason_and_is_gone(missed, butler, assistant, sheet_of, now):
    sheet = sheet_of(butler, by=assistant)
    key = offers.offers_for(sheet, now=now)[0].evidence[0].key
    with pytest.raises(ValidationError):
        offers.put_aside(sheet, key, reason=" ", by=assistant, now=now)
    offers.put_aside(sheet, key, reason="业户出差", by=assistant, now=now)
    assert offers.offers_for(sheet, now=now) == []
    assert sheet.total == 100


@pytest.mark.clause("FEE-2")
def test_a_rate_below_target_is_offered_and_takes_a_mark_per_point(
    cashier, assistant, estate, sheet_of, now
):
    rates.enter_rate(estate, OCTOBER, receivable=D(1000), received=D(948), by=assistant,
                      now=now - timedelta(hours=1))  # fmt: skip
    sheet = sheet_of(cashier, by=assistant)
    (offered,) = offers.offers_for(sheet, now=now)
    line = offers.take(sheet, offered.evidence[0].key, by=assistant, now=now)
    assert (line.item, line.points) == ("service_and_collection", 3)  # 98 − 94.8 = 3.2


@pytest.mark.clause("FEE-2")
def test_a_rate_that_somebody_was_charged_for_is_not_entered_anew(
    cashier, assistant, estate, sheet_of, now
):
    entered = {"receivable": D(1000), "by": assistant, "now": now - timedelta(hours=1)}
    rates.enter_rate(estate, OCTOBER, received=D(900), **entered)
    rates.enter_rate(estate, OCTOBER, received=D(948), **entered)  # a slip, mended in time
    sheet = sheet_of(cashier, by=assistant)
    offers.take(sheet, offers.offers_for(sheet, now=now)[0].evidence[0].key, by=assistant, now=now)
    with pytest.raises(ValidationError, match="已经用于扣分"):
        rates.enter_rate(estate, OCTOBER, received=D(999), **entered)


@pytest.mark.clause("APP-9")
def test_a_proposal_can_be_taken_as_bad_consequences(missed, butler, assistant, sheet_of, as_, now):
    sheet = sheet_of(butler, by=assistant)
    (offered,) = offers.offers_for(sheet, now=now)
    assert (offered.minor, offered.serious, offered.least, offered.most) == (2, 5, 7, 10)
    key = offered.evidence[0].key
    terms = {"grade": Grade.CONSEQUENCE, "by": assistant, "now": now}
    for refused in ({"points": D(8), "reason": ""}, {"points": D(11), "reason": "漏水淹了楼下"}):
        with pytest.raises(ValidationError):
            offers.take(sheet, key, **refused, **terms)
    line = offers.take(sheet, key, points=D(8), reason="漏水淹了楼下", **terms)
    assert (line.points, line.grade, line.reason) == (8, "consequence", "漏水淹了楼下")
    assert offers.offers_for(sheet, now=now) == []


@pytest.mark.clause("APP-18")
def test_running_and_checking_the_procedures_is_a_rule_for_the_manager_alone(
    manager, gm, sheet_of, now
):
    rule = BY_KEY["supervise"]
    assert [
        post
        for post in (posts.CS_MANAGER, posts.CS_ASSISTANT, posts.FRONT_DESK, posts.BUTLER)
        if rule in schemes.shipped(post).rules()
    ] == [posts.CS_MANAGER]
    sheet = sheet_of(manager, by=gm, kind="weekly")
    line = lines.add_deduction(
        sheet, group=rule.group, sop=rule.sop, clause=rule.clause, fact="两周没有抽查巡视记录",
        happened_at=now, grade="minor", rule=rule.key, by=gm, now=now,
    )  # fmt: skip
    assert (line.item, sheet.total) == ("sop_execution", 98)


@pytest.mark.clause("MAN-10")
def test_handing_in_keeps_the_foot_of_the_sheet_as_it_was_typed(
    butler, assistant, sheet_of, deduct, as_
):
    sheet = sheet_of(butler, by=assistant)
    deduct(sheet)
    client, path = as_(assistant), f"/appraisal/{sheet.pk}/submit/"
    refused = client.post(path, {"improvement": "先看路线", "by_handbook": "on"})
    sheet.refresh_from_db()
    assert (refused.status_code, sheet.status) == (422, "draft")
    assert "先看路线" in refused.content.decode()
    assert "写明严重违反的是哪一条" in refused.content.decode()
    client.post(path, {"improvement": "先看路线", "improve_by": "2026-12-01"})
    sheet.refresh_from_db()
    assert (sheet.status, sheet.improvement) == ("submitted", "先看路线")
    assert sheet.improve_by.isoformat() == "2026-12-01"
    late = client.post(f"/appraisal/{sheet.pk}/footer/", {"improvement": "再看"})
    assert late.status_code == 422
    assert "考评表已提交" in late.content.decode()


def test_a_recorded_deduction_is_said_so_that_its_draft_is_forgotten(
    butler, assistant, sheet_of, as_, now
):
    sheet = sheet_of(butler, by=assistant)
    answer = as_(assistant).post(
        f"/appraisal/{sheet.pk}/deduct/",
        {"rule": "repair_callback", "fact": "未回访", "grade": "minor",
         "happened_at": "2026-11-23T08:00"}, follow=True,
    )  # fmt: skip
    assert "已记扣分: 岗位工作质量 -2" in answer.content.decode()


def test_a_room_adds_evidence_without_touching_the_appraisal(
    butler, assistant, sheet_of, now, settings
):
    settings.EVIDENCE_MODULES = ["tests.appraisal.exam_evidence", "a.room.not.built"]
    assert [each.key for each in collect(butler, now - timedelta(days=9), now)] == ["exam:1"]
    (offered,) = offers.offers_for(sheet_of(butler, by=assistant), now=now)
    assert offered.item == "training_quality"


@pytest.mark.clause("APP-5")
def test_a_scheme_whose_marks_do_not_make_a_hundred_is_refused(manager, now):
    terms = schemes.shipped(posts.BUTLER)
    draft = {"groups": terms.groups, "sops": list(terms.sops), "other_sops": [], "note": "",
             "by": manager, "now": now}  # fmt: skip
    with pytest.raises(ValidationError, match="101"):
        scheme_actions.save_draft(
            posts.BUTLER, full=dict(terms.full) | {"job_quality": D(41)}, **draft
        )
    changed = dict(terms.full) | {"job_quality": D(35), "handover_quality": D(15)}
    row = scheme_actions.save_draft(posts.BUTLER, full=changed, **draft)
    assert schemes.in_force(posts.BUTLER, now.date()).version == 0
    scheme_actions.publish_scheme(row, effective_on=now.date(), by=manager, now=now)
    assert schemes.in_force(posts.BUTLER, now.date()).full["handover_quality"] == 15
    assert schemes.in_force(posts.BUTLER, now.date() - timedelta(days=1)).version == 0


def test_the_pages_of_a_heads_day_open(october, manager, as_, estate, handed_in):
    client = as_(manager)
    for path in ("/appraisal/", "/appraisal/review/", "/appraisal/fairness/",
                 "/appraisal/months/2026-10/", "/appraisal/months/2026-10/replay/",
                 "/appraisal/schemes/butler/", f"/appraisal/{handed_in.pk}/",
                 f"/appraisal/{handed_in.pk}/print/", "/appraisal/rates/"):  # fmt: skip
        assert client.get(path).status_code == 200, path


def test_an_estate_hides_its_months_from_strangers(other_manager, butler):
    from appraisal.views.months import people_seen  # noqa: PLC0415

    assert butler not in people_seen(other_manager)
