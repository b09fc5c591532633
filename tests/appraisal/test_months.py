"""A month: computed, reviewed, published, filed (forms 4.5); and replayed under other rules."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from accounts import posts
from appraisal import schemes
from appraisal.actions import appeals, months, sheets
from appraisal.actions import schemes as scheme_actions
from appraisal.items import Grade
from appraisal.models import MonthResult, Sheet
from appraisal.replay import Trial, replay
from history.models import Entry
from notifications.models import Message
from rulebook.models import NumberVersion
from spreadsheets.reader import read_sheets
from tests.conftest import at

D = Decimal
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def october(butler, butler2, manager, assistant, sheet_of, deduct):
    """October of two butlers: 刘洋 has a 日检 of 95 that he may still appeal against and a 周检 of
    100, 王倩 a 周检 of 100. Returns the 日检 and its line.
    """
    moment = at("2026-10-30 16:00")
    daily = sheet_of(butler, by=assistant, moment=moment)
    line = deduct(daily, grade=Grade.SERIOUS, now=moment, happened_at=at("2026-10-30 10:00"))
    sheets.submit(daily, by=assistant, now=moment)
    sheets.see(daily, by=butler, now=moment)
    for person in (butler, butler2):
        weekly = sheet_of(person, by=manager, kind="weekly", moment=moment)
        sheets.submit(weekly, by=manager, now=moment)
    return daily, line


@pytest.fixture
def sign(manager, estate, now):
    """``sign(butler)``: the manager reviews these people's October."""
    return lambda *people: months.review(OCTOBER, people, estate=estate, by=manager, now=now)


@pytest.fixture
def publish(manager, estate, now):
    def run():
        row = months.publish(OCTOBER, estate=estate, by=manager, now=now)
        return months.work_off(row, now=now)

    return run


def status_of(person):
    return MonthResult.objects.get(staff=person, month=OCTOBER).status


def own_month(client, person):
    page = client.get("/appraisal/months/2026-10/")
    return next(row.score for row in page.context["rows"] if row.staff == person)


@pytest.mark.clause("APP-1")
def test_a_month_is_reviewed_then_published_then_filed(
    october, sign, publish, butler, manager, estate, as_, now
):
    with pytest.raises(ValidationError, match="先审核"):
        publish()
    sign(butler)
    assert status_of(butler) == "reviewed"
    assert own_month(as_(butler), butler) is None  # nobody told, nothing shown
    assert not Message.objects.filter(recipient=butler, key__startswith="appraisal.month").exists()
    publish()
    assert status_of(butler) == "published"
    assert own_month(as_(butler), butler) == 100
    assert Message.objects.filter(recipient=butler, key__startswith="appraisal.month").count() == 1
    assert months.archive(OCTOBER, estate=estate, by=manager, now=now) == 1
    assert status_of(butler) == "archived"
    events = Entry.objects.about(MonthResult.objects.get(staff=butler)).values_list("event", flat=1)
    assert list(events) == ["appraisal.published", "appraisal.month_reviewed"]


def test_only_those_who_were_reviewed_are_published(october, sign, publish, butler, butler2):
    sign(butler2)
    assert publish().total == 1
    assert not MonthResult.objects.filter(staff=butler).exists()
    with pytest.raises(ValidationError, match="先审核"):
        publish()


def test_what_changes_after_its_review_has_to_be_reviewed_again(
    october, sign, publish, butler, butler2, now
):
    daily, _line = october
    sign(butler, butler2)
    sheets.accept(daily, opinion="", by=butler, now=now)
    row = MonthResult.objects.get(staff=butler)
    assert (row.status, row.reviewed_by, row.score) == ("computed", None, D("97.14"))
    assert row.revisions[0]["before"] == "100.00"
    assert publish().total == 1  # 王倩 alone
    assert status_of(butler) == "computed"
    sign(butler)
    publish()
    assert status_of(butler) == "published"


def test_a_result_that_falls_back_while_it_is_published_is_left_out(
    october, sign, manager, butler, butler2, estate, now
):
    daily, _line = october
    sign(butler, butler2)
    row = months.publish(OCTOBER, estate=estate, by=manager, now=now)
    assert row.total == 2
    sheets.accept(daily, opinion="", by=butler, now=now)
    months.work_off(row, now=now)
    assert (status_of(butler), status_of(butler2)) == ("computed", "published")


def test_publishing_goes_on_slice_by_slice(october, sign, manager, butler, butler2, estate, now):
    sign(butler, butler2)
    row = months.publish(OCTOBER, estate=estate, by=manager, now=now)
    row = months.work_off(row, now=now, most=1)
    assert (row.done, row.total, row.finished_at) == (1, 2, None)
    with pytest.raises(ValidationError, match="正在公布"):
        months.publish(OCTOBER, estate=estate, by=manager, now=now)
    row = months.work_off(row, now=now, most=1)
    assert (row.done, row.finished_at) == (2, now)
    assert months.work_off(row, now=now + timedelta(hours=1)).finished_at == now


def test_reviewing_twice_changes_nothing(october, sign, butler):
    sign(butler)
    with pytest.raises(ValidationError, match="已全部审核"):
        sign(butler)


def test_a_month_reviewed_by_nobody_cannot_be_stored(butler, estate, now):
    from django.db import IntegrityError, transaction  # noqa: PLC0415

    terms = {"estate": estate, "staff": butler, "month": OCTOBER, "score": 90, "band": "excellent"}
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthResult.objects.create(status="published", published_at=now, **terms)


@pytest.mark.parametrize("who", ["assistant", "butler", "other_manager", "gm"])
def test_nobody_else_reviews_or_publishes_the_department(
    who, october, butler, estate, request, now
):
    by = request.getfixturevalue(who)
    with pytest.raises(ValidationError):
        months.review(OCTOBER, [butler], estate=estate, by=by, now=now)
    with pytest.raises(ValidationError):
        months.publish(OCTOBER, estate=estate, by=by, now=now)
    assert not MonthResult.objects.exists()


def test_the_page_offers_the_next_step_only(october, as_, manager, butler, butler2, estate):
    client = as_(manager)
    address = "/appraisal/months/2026-10/"
    page = client.get(address).content.decode()
    assert "待审核" in page
    assert f"{address}replay/" in page
    assert "replay/" not in as_(butler).get(address).content.decode()
    client = as_(manager)
    assert f"{address}publish/" not in page
    # 刘洋 has a sheet that is not in force yet: he is left unticked until the manager ticks him
    assert f'value="{butler2.pk}" form="signing"' in page
    ticked = [row.staff for row in client.get(address).context["rows"]
              if row.to_review and not row.waiting]  # fmt: skip
    assert ticked == [butler2]
    client.post(f"{address}review/", {"estate": estate.pk, "people": [butler2.pk]})
    assert f"{address}publish/" in client.get(address).content.decode()
    client.post(f"{address}publish/", {"estate": estate.pk})
    assert status_of(butler2) == "published"


@pytest.fixture
def published(october, sign, publish, butler, butler2, now):
    sheets.accept(october[0], opinion="", by=butler, now=now)
    sign(butler, butler2)
    publish()


def trial_of(now, **changed):
    marks, month = schemes.marks_at(now), schemes.month_terms(now)
    weights = dict(month.weights) | {k: D(v) for k, v in changed.items() if k in month.weights}
    points = {k: D(v) for k, v in changed.items() if hasattr(marks, k)}
    return Trial(
        type(marks)(**(marks.__dict__ | points)), schemes.MonthTerms(weights, month.floors)
    )


def replayed(people, now, **changed):
    rows = replay(
        OCTOBER,
        people,
        on=now.date(),
        terms=months.terms_at(OCTOBER),
        trial=trial_of(now, **changed),
    )
    return {row.staff: row for row in rows}


@pytest.mark.parametrize(
    ("changed", "then"),
    [
        ({}, "97.14"),  # (95×40 + 100×30) / 70
        ({"serious": "10"}, "94.29"),  # (90×40 + 100×30) / 70
        ({"daily": "100", "weekly": "0"}, "95.00"),
    ],
)
def test_a_replay_says_what_the_month_would_be(changed, then, published, butler, now):
    row = replayed([butler], now, **changed)[butler]
    assert (row.now.score, row.then.score) == (D("97.14"), D(then))
    assert MonthResult.objects.get(staff=butler).score == D("97.14")


def test_a_replay_follows_a_drafted_scheme(published, butler, manager, now):
    terms = schemes.shipped(posts.BUTLER)
    full = dict(terms.full) | {"job_quality": D(4), "other_quality": D(41)}
    scheme_actions.save_draft(
        posts.BUTLER, full=full, groups=terms.groups, sops=list(terms.sops), other_sops=[],
        note="", by=manager, now=now,
    )  # fmt: skip
    row = replayed([butler], now)[butler]
    assert row.then.score == D("98.29")  # 严重 takes 3 of an item of four: (97×40 + 100×30) / 70
    assert Sheet.objects.get(staff=butler, kind="daily").total == 95


def test_the_replay_page_tries_numbers_and_stores_none(published, manager, butler, as_):
    client = as_(manager)
    address = "/appraisal/months/2026-10/replay/"
    page = client.get(address)
    typed = {field.name: field.value() for field in page.context["form"]}
    assert [row.difference for row, _now, _then in page.context["rows"]] == [0, 0]
    assert not page.context["is_trial"]
    page = client.get(address, typed | {"serious": "20", "band_excellent": "99"})
    assert page.context["is_trial"]
    found = {row.staff: (row.then.score, str(band)) for row, _now, band in page.context["rows"]}
    assert found[butler] == (D("88.57"), "良")  # (80×40 + 100×30) / 70
    assert (page.context["changed"], page.context["moved"]) == (1, 1)
    assert not NumberVersion.objects.exists()
    assert MonthResult.objects.get(staff=butler).score == D("97.14")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"weight_daily": "0", "weight_weekly": "0", "weight_monthly": "0", "weight_spot": "0"},
         "不能都是 0"),
        ({"band_good": "95"}, "从高到低"),
        ({"minor": "999"}, "20"),
        ({"minor": ""}, "必填"),
    ],
)  # fmt: skip
def test_a_trial_that_makes_no_sense_is_refused(changed, said, published, manager, as_):
    client = as_(manager)
    address = "/appraisal/months/2026-10/replay/"
    typed = {field.name: field.value() for field in client.get(address).context["form"]}
    page = client.get(address, typed | changed)
    assert page.status_code == 422
    assert said in page.content.decode()


@pytest.mark.clause("APP-1")
def test_a_decision_after_publication_is_told_and_keeps_the_earlier_score(
    october, sign, publish, butler, manager, now, as_
):
    daily, line = october
    moment = at("2026-10-31 09:00")
    row = appeals.appeal(daily, text="已回访", deductions=[line], by=butler, now=moment)
    sign(butler)
    publish()
    appeals.decide(row, kept={line.pk: D(0)}, decision="撤回", by=manager, now=now)
    result = MonthResult.objects.get(staff=butler)
    assert (result.status, result.score, result.band) == ("published", 100, "excellent")
    assert not Message.objects.filter(title__contains="已改").exists()
    assert [(each["before"], each["after"], each["reason"]) for each in result.revisions] == [
        ("100.00", "100.00", "appeal")  # now of two kinds; nobody is told of a score that stays
    ]


@pytest.fixture
def revised(october, sign, publish, butler, butler2, manager, now):
    """刘洋 was published with 100 of his 周检 alone; the appeal decided afterwards leaves 2 of 5
    on the 日检: (98×40 + 100×30) / 70 = 98.857… → 98.86.
    """
    daily, line = october
    moment = at("2026-10-31 09:00")
    row = appeals.appeal(daily, text="已回访", deductions=[line], by=butler, now=moment)
    sign(butler, butler2)
    publish()
    assert MonthResult.objects.get(staff=butler).score == 100
    appeals.decide(row, kept={line.pk: D(2)}, decision="情节较轻", by=manager, now=now)
    sheets.accept(Sheet.objects.get(pk=daily.pk), opinion="", by=butler, now=now)
    return daily


@pytest.mark.clause("APP-1", "APP-9")
@pytest.mark.parametrize("who", ["butler", "manager", "assistant", "gm"])
def test_a_revised_month_shows_old_and_new_and_why_to_everybody_who_sees_it(
    who, revised, request, butler, butler2, as_, manager
):
    reader = request.getfixturevalue(who)
    client = as_(reader)
    listed = client.get("/appraisal/months/2026-10/")
    row = next(row for row in listed.context["rows"] if row.staff == butler)
    assert (row.before, row.score) == (100, D("98.86"))
    page = client.get(f"/appraisal/months/2026-10/{butler.pk}/")
    for text in (listed.content.decode(), page.content.decode()):
        for word in ("100", "98.86", "申诉裁定", revised.number):
            assert word in text
    assert " ÷ (40 + " in page.content.decode()  # the sum as one can do it again by hand
    (change,) = page.context["row"].changes
    assert (change.before, change.after, change.sheet) == (100, D("98.86"), revised.pk)
    assert change.by == manager.name  # who decided, not who locked the sheet afterwards
    ((month, band, changes),) = page.context["earlier"]
    assert (month.score, str(band), len(changes)) == (D("98.86"), "优", 1)
    if who != "butler":
        other = next(row for row in listed.context["rows"] if row.staff == butler2)
        assert (other.before, other.changes) == (None, [])


def test_a_revised_month_is_told_to_the_person_and_to_whoever_published_it(
    revised, butler, manager
):
    said = Message.objects.filter(key__startswith="appraisal.month:", title__contains="已改")
    assert {each.recipient for each in said} == {butler, manager}
    assert {each.text for each in said} == {"2026-10 考评得分已改: 刘洋 100.00 → 98.86"}


def test_the_workbook_of_a_month_has_the_earlier_score(revised, manager, as_):
    answer = as_(manager).get("/appraisal/months/2026-10/xlsx/")
    rows = read_sheets(BytesIO(answer.content))[0].rows
    head = next(row for row in rows if "姓名" in row)
    mine = next(row for row in rows if "刘洋" in row)
    said = dict(zip(head, mine, strict=True))
    assert (float(said["得分"]), float(said["原得分"])) == (98.86, 100)
    assert said["改动原因"] == f"申诉裁定 {revised.number}"
