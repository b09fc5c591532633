"""CMP-1 … CMP-7: each test fails when its rule is taken away."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import translation

from accounts import posts
from complaints import actions, followups
from complaints.actions.rising import raise_old, see_repairs
from complaints.followups import open_rows
from complaints.models import Complaint
from complaints.statuses import Status
from contacts import actions as contacts
from contacts.models import Contact, Outcome
from estates.models import Area
from followups.scan import scan
from notifications.models import Message
from repairs import actions as repairs
from repairs.models import Repair
from rulebook.grades import DEFINITIONS
from tests.conftest import at, hire
from tests.repairs.factories import Crew


def call_back(house, complaint, by, now, satisfaction="satisfied"):
    return actions.call_back(
        complaint, satisfaction=satisfaction, client_key=uuid4(), by=by, now=now
    )


@pytest.mark.clause("CMP-1")
@pytest.mark.parametrize("half", [{"grade": ""}, {"validity": ""}])
def test_work_on_a_complaint_without_grade_or_validity_is_refused_by_the_database(house, now, half):
    complaint = house.accepted(now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**half)


@pytest.mark.clause("CMP-6")
def test_handler_reads_the_grade_in_his_own_language(house, now):
    """Whoever graded it worked in English; the notice keeps a msgid, not an English word."""
    with translation.override("en"):
        house.accepted(now)
    notice = Message.objects.get(key__startswith="complaints.graded:")
    assert "定为轻微" in notice.text
    with translation.override("en"):
        assert "graded Minor" in notice.text


@pytest.mark.clause("CMP-1")
@pytest.mark.parametrize("field", ["content", "demand"])
def test_words_of_the_resident_are_closed_by_the_database(house, now, field):
    complaint = house.write(now, demand="道歉")
    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**{field: "改写"})
    actions.note(complaint, text="是二十二点", is_correction=True, by=house.desk, now=now)
    complaint.refresh_from_db()
    assert (complaint.content, complaint.demand) == (
        "楼上每天二十三点拖椅子, 打了三次电话没人管",
        "道歉",
    )
    assert complaint.notes.get().is_correction


@pytest.mark.clause("CMP-1")
def test_department_signs_for_what_it_is_passed_and_owes_an_answer(house, now, later, inbox):
    complaint = house.passed_on(now)
    rows = open_rows(complaint)
    assert rows[followups.RECEIVE].owner_post == posts.ENG_MANAGER
    assert rows[followups.ANSWER].due_at == complaint.promised_at
    assert rows[followups.SOLVE].owner_post == posts.CS_ASSISTANT  # the handler stays responsible
    assert "转到您部门" in inbox(house.engmanager)[0]
    with pytest.raises(ValidationError, match="先签收"):
        actions.finish(complaint, measures="修好了", by=house.engmanager, now=later(1))
    actions.receive(complaint, by=house.engmanager, now=later(1))
    assert followups.RECEIVE not in open_rows(complaint)
    assert open_rows(complaint)[followups.ANSWER].owner == house.engmanager
    with pytest.raises(ValidationError):
        actions.transfer(complaint, department=posts.CS_ASSISTANT, by=house.desk, now=later(1))
    actions.finish(complaint, measures="修好了", by=house.engmanager, now=later(2))
    assert complaint.transfers.get().answered_at == later(2)


def test_department_sends_back_what_is_not_its_own(house, now, later, inbox):
    complaint = house.passed_on(now)
    with pytest.raises(ValidationError):
        actions.send_back(complaint, reason=" ", by=house.engmanager, now=later(1))
    actions.send_back(complaint, reason="是秩序的事", by=house.engmanager, now=later(1))
    assert followups.ANSWER not in open_rows(complaint)
    assert "是秩序的事" in inbox(house.desk)[-1]
    assert "是秩序的事" in inbox(house.assistant)[-1]


@pytest.mark.clause("CMP-2")
def test_first_reply_is_owed_within_a_working_day(house, now):
    complaint = house.write(at("2026-11-20 16:00"))  # a Friday
    row = open_rows(complaint)[followups.FIRST_REPLY]
    assert row.due_at == at("2026-11-23 17:30")  # the end of the next working day
    assert row.owner == house.desk


@pytest.mark.clause("CMP-2")
@pytest.mark.parametrize(("grade", "days"), [("minor", 2), ("major", 3), ("critical", 10)])
def test_promise_follows_the_grade(house, now, grade, days):
    complaint = house.accepted(now, grade)
    assert complaint.promised_at == now + timedelta(days=days)
    row = open_rows(complaint)[followups.SOLVE]
    assert row.due_at == complaint.promised_at
    assert row.owner_post == followups.HANDLERS[grade]


@pytest.mark.clause("CMP-2")
def test_callback_is_owed_in_three_days_by_whoever_did_not_handle_it(house, now):
    complaint = house.replied(now, "minor")
    row = open_rows(complaint)[followups.CALLBACK]
    assert (row.owner_post, row.due_at) == (posts.FRONT_DESK, now + timedelta(days=3))
    with pytest.raises(ValidationError, match="处理过"):
        call_back(house, complaint, house.assistant, now)
    assert call_back(house, complaint, house.desk, now).status == Status.CALLED_BACK


@pytest.mark.clause("CMP-2")
def test_callback_of_a_grave_one_that_the_manager_handled_is_somebody_elses(house, now, inbox):
    complaint = house.replied(now, "critical")
    assert open_rows(complaint)[followups.CALLBACK].owner_post == posts.FRONT_DESK
    with pytest.raises(ValidationError, match="处理过"):
        call_back(house, complaint, house.manager, now)
    with pytest.raises(ValidationError, match="换一位"):
        actions.name_caller(complaint, caller=house.manager, by=house.gm, now=now)
    actions.name_caller(complaint, caller=house.desk2, by=house.gm, now=now)
    assert open_rows(complaint)[followups.CALLBACK].owner == house.desk2
    assert "指定您回访" in inbox(house.desk2)[-1]


def test_callback_of_a_grave_one_that_a_department_handled_is_the_managers(house, now):
    complaint = house.passed_on(now, "critical")
    actions.receive(complaint, by=house.engmanager, now=now)
    actions.finish(complaint, measures="修好了", by=house.engmanager, now=now)
    actions.reply(complaint, method="phone", words="修好了", by=house.butler, now=now)
    assert open_rows(complaint)[followups.CALLBACK].owner_post == posts.CS_MANAGER
    with pytest.raises(ValidationError, match="处理过"):
        call_back(house, complaint, house.engmanager, now)


def test_one_sheet_pressed_twice_is_one_callback(house, now):
    complaint, key = house.replied(now), uuid4()
    for _ in range(2):
        actions.call_back(
            complaint,
            satisfaction="dissatisfied",
            note="吵",
            client_key=key,
            by=house.desk,
            now=now,
        )
    assert complaint.reopenings == 1
    assert complaint.callbacks.count() == 1


def test_callback_nobody_answered_needs_two_tries_and_a_message(house, now, later):
    complaint = house.replied(now)
    for hour, message in enumerate((None, None, "王女士您好, 请回电")):
        with pytest.raises(ValidationError, match="再发一条消息"):
            call_back(house, complaint, house.desk, later(hour), satisfaction="")
        actions.no_answer(
            complaint, client_key=uuid4(), by=house.desk, now=later(hour), message=message
        )
    assert open_rows(complaint)[followups.CALLBACK].due_at == at("2026-11-24 10:00")
    call_back(house, complaint, house.desk, later(3), satisfaction="")
    assert (complaint.status, complaint.satisfaction) == (Status.CALLED_BACK, "")


@pytest.mark.clause("CMP-3")
def test_butler_watches_all_of_the_area_whoever_wrote_it(house, now, butler2):
    mine = house.write(now, by=house.desk)
    assert list(Complaint.objects.visible_to(house.butler)) == [mine]
    assert list(Complaint.objects.watched_by(house.butler)) == [mine]
    assert list(Complaint.objects.visible_to(butler2)) == []
    Area.objects.update(staff=butler2)  # the area changes hands
    fresh = type(butler2).objects.get(pk=butler2.pk)
    assert list(Complaint.objects.watched_by(fresh)) == [mine]
    assert list(Complaint.objects.watched_by(house.assistant)) == [mine]


@pytest.mark.clause("CMP-3", "CMP-5")
def test_month_unsolved_becomes_grave_by_itself(house, now, inbox):
    complaint = house.accepted(now, "minor")
    forgotten = house.write(now)
    done = house.closed(now)
    nearly = now + timedelta(days=30) - timedelta(seconds=1)
    assert raise_old(nearly) == 0
    after = now + timedelta(days=30)
    scan(after)
    for one in (complaint, forgotten, done):
        one.refresh_from_db()
    assert (complaint.grade, complaint.upgraded_at) == ("critical", after)
    assert (forgotten.grade, forgotten.status) == ("critical", Status.ACCEPTED)
    assert done.grade == "minor"
    for one in (complaint, forgotten):
        rows = open_rows(one)
        assert rows[followups.REPORT].owner_post == posts.GENERAL_MANAGER
        assert rows[followups.SOLVE].owner_post == posts.CS_MANAGER
        assert followups.GM_ANSWER in rows
    assert complaint.promised_at == now + timedelta(days=2)  # the broken promise stays broken
    assert sum("重大投诉 TS" in line for line in inbox(house.gm)) == 2
    assert raise_old(after) == 0
    with pytest.raises(ValidationError):
        actions.regrade(
            complaint, grade="minor", validity="valid", reason="小事", by=house.manager, now=after
        )


def test_invalid_one_does_not_rise(house, now):
    house.accepted(now, "minor", "invalid")
    assert raise_old(now + timedelta(days=60)) == 0


@pytest.mark.clause("CMP-4")
def test_butler_solves_at_once_what_is_light(house, now):
    complaint = house.write(now)
    actions.solve_at_once(complaint, measures="当场请楼上垫了椅脚", by=house.butler, now=now)
    assert (complaint.status, complaint.grade) == (Status.TO_REPLY, "minor")
    assert complaint.handled_by == house.butler
    assert set(open_rows(complaint)) == {followups.FIRST_REPLY, followups.REPLY}
    with pytest.raises(ValidationError, match="由经理处理"):
        actions.solve_at_once(
            house.accepted(now, "major"), measures="好了", by=house.butler, now=now
        )


@pytest.mark.clause("CMP-4", "CMP-5")
def test_butler_brings_up_what_he_cannot_solve(house, now, inbox):
    complaint = house.accepted(now)
    with pytest.raises(ValidationError):
        actions.escalate(complaint, words="", by=house.butler, now=now)
    actions.escalate(complaint, words="业主要见经理", by=house.butler, now=now)
    row = open_rows(complaint)[followups.LOOK]
    assert (row.owner_post, row.due_at) == (posts.CS_MANAGER, now + timedelta(hours=4))
    assert "业主要见经理" in inbox(house.manager)[-1]
    actions.give_view(complaint, words="我来约", by=house.manager, now=now)
    assert followups.LOOK not in open_rows(complaint)
    assert complaint.manager_opinion == "我来约"


@pytest.mark.clause("CMP-5")
def test_grave_one_is_with_the_general_manager_the_same_day(house, now, inbox):
    complaint = house.accepted(at("2026-11-23 18:00"), "critical")
    report = open_rows(complaint)[followups.REPORT]
    assert report.due_at == at("2026-11-23 23:59")
    assert "重大投诉 TS" in inbox(house.gm)[0]
    assert "重大投诉 TS" in inbox(house.butler)[-1]
    answer = open_rows(complaint)[followups.GM_ANSWER]
    assert answer.due_at == at("2026-11-25 18:00")
    actions.gm_seen(complaint, by=house.gm, now=now)
    assert followups.REPORT not in open_rows(complaint)
    actions.gm_answer(complaint, words="一周内换门禁", by=house.gm, now=now)
    assert followups.GM_ANSWER not in open_rows(complaint)
    assert complaint.gm_opinion == "一周内换门禁"
    assert "一周内换门禁" in inbox(house.manager)[-1]


@pytest.mark.clause("CMP-6")
def test_handler_is_set_by_the_grade(house, now):
    light, important = house.accepted(now, "minor"), house.accepted(now, "major")
    with pytest.raises(ValidationError, match="客服部经理处理"):
        actions.finish(important, measures="好了", by=house.assistant, now=now)
    with pytest.raises(ValidationError, match="客服助理处理"):
        actions.decide(light, plan="改", by=house.desk, now=now)
    actions.finish(light, measures="好了", by=house.assistant, now=now)
    actions.finish(important, measures="好了", by=house.manager, now=now)


@pytest.mark.clause("CMP-6")
@pytest.mark.parametrize(
    "field", ["cause", "cause_words", "responsibility", "corrective", "preventive"]
)
def test_review_asks_why_who_and_what_changes(house, now, field):
    complaint = house.called_back(now)
    with pytest.raises(ValidationError) as refused:
        house.close(complaint, now, **{field: ""})
    assert set(refused.value.error_dict) == {field}
    house.close(complaint, now)
    assert complaint.status == Status.CLOSED


@pytest.mark.clause("CMP-6")
def test_review_is_the_assistants_or_the_managers(house, now):
    important = house.called_back(now, "major")
    with pytest.raises(ValidationError, match="客服部经理审核"):
        house.close(important, now, by=house.assistant)
    grave = house.called_back(now, "critical")
    with pytest.raises(ValidationError, match="总经理答复"):
        house.close(grave, now)
    actions.gm_answer(grave, words="公司负责", by=house.gm, now=now)
    house.close(grave, now)


def test_review_sends_back_what_was_not_handled(house, now, later):
    complaint = house.called_back(now)
    actions.refuse_review(complaint, reason="没写预防", by=house.assistant, now=later(1))
    assert (complaint.status, complaint.reopenings) == (Status.PROCESSING, 1)
    assert set(open_rows(complaint)) == {followups.SOLVE, followups.FIRST_REPLY} - {
        followups.FIRST_REPLY
    }


@pytest.mark.clause("CMP-7")
def test_procedure_defines_the_three_grades_and_their_handlers():
    assert [each.code for each in DEFINITIONS] == ["minor", "major", "critical"]
    assert "一个月内没有解决" in str(DEFINITIONS[2].words)
    assert set(followups.HANDLERS) == {each.code for each in DEFINITIONS}
    for post in (posts.FRONT_DESK, posts.NIGHT_DUTY, posts.BUTLER):
        may = posts.post_of(post).permissions
        assert {"complaints.register", "complaints.reply", "complaints.call_back"} <= may


def test_invalid_one_is_explained_and_closed(house, now):
    complaint = house.accepted(now, "minor", "invalid")
    assert set(open_rows(complaint)) == {followups.FIRST_REPLY, followups.REPLY}
    with pytest.raises(ValidationError, match="无效"):
        actions.finish(complaint, measures="好", by=house.assistant, now=now)
    actions.explain(complaint, method="phone", words="是开发商的合同", by=house.desk, now=now)
    assert (complaint.status, open_rows(complaint)) == (Status.CLOSED, {})
    with pytest.raises(ValidationError, match="有效投诉"):
        actions.explain(house.accepted(now), method="phone", words="不管", by=house.desk, now=now)


def test_regrade_moves_handler_and_promise(house, now, later):
    complaint = house.accepted(now, "minor")
    actions.regrade(
        complaint,
        grade="critical",
        validity="valid",
        reason="有人受伤",
        by=house.desk,
        now=later(1),
    )
    rows = open_rows(complaint)
    assert rows[followups.SOLVE].owner_post == posts.CS_MANAGER
    assert rows[followups.SOLVE].due_at == complaint.promised_at == now + timedelta(days=10)
    assert followups.REPORT in rows
    with pytest.raises(ValidationError, match="降级"):
        actions.regrade(
            complaint, grade="minor", validity="valid", reason="x", by=house.desk, now=later(2)
        )
    actions.regrade(
        complaint, grade="minor", validity="valid", reason="没伤", by=house.manager, now=later(2)
    )
    assert set(open_rows(complaint)) == {followups.SOLVE, followups.FIRST_REPLY}
    assert complaint.promised_at == now + timedelta(days=2)


class TestExtension:
    def ask(self, house, complaint, now, **fields):
        terms = {"reason": "等配件", "new_promise": now + timedelta(days=9)} | fields
        return actions.ask_extension(complaint, by=house.assistant, now=now, **terms)

    @pytest.mark.clause("CMP-2")
    def test_clock_moves_only_when_approved_and_told(self, house, now, later, inbox):
        complaint = house.accepted(now)
        promised = complaint.promised_at
        extension = self.ask(house, complaint, now)
        assert open_rows(complaint)[followups.EXTENSION].owner == house.manager
        with pytest.raises(ValidationError, match="没有批准"):
            actions.tell_extension(complaint, told_at=later(1), by=house.assistant, now=later(1))
        actions.approve_extension(complaint, by=house.manager, now=later(1))
        assert "先告诉业户" in inbox(house.assistant)[-1]
        assert open_rows(complaint)[followups.SOLVE].due_at == promised
        with pytest.raises(ValidationError):
            actions.tell_extension(complaint, told_at=now, by=house.assistant, now=later(2))
        actions.tell_extension(complaint, told_at=later(2), by=house.assistant, now=later(2))
        assert complaint.promised_at == extension.new_promise
        assert open_rows(complaint)[followups.SOLVE].due_at == extension.new_promise
        assert followups.TELL_EXTENSION not in open_rows(complaint)

    def test_reason_and_later_moment_are_forced(self, house, now):
        complaint = house.accepted(now)
        for wrong in ({"reason": " "}, {"new_promise": now}):
            with pytest.raises(ValidationError):
                self.ask(house, complaint, now, **wrong)
        self.ask(house, complaint, now)
        with pytest.raises(ValidationError, match="已有一份"):
            self.ask(house, complaint, now)

    def test_only_a_superior_decides(self, house, now, estate):
        complaint = house.accepted(now)
        self.ask(house, complaint, now)
        peer = hire(
            "assistant2", "另一位", posts.CS_ASSISTANT, superior=house.manager, estates=[estate]
        )
        for nobody in (house.assistant, peer):
            with pytest.raises(ValidationError, match="上级审批"):
                actions.approve_extension(complaint, by=nobody, now=now)
        with pytest.raises(ValidationError):
            actions.refuse_extension(complaint, note="", by=house.manager, now=now)
        actions.refuse_extension(complaint, note="已经晚了", by=house.gm, now=now)
        assert complaint.promised_at == now + timedelta(days=2)
        self.ask(house, complaint, now)  # asked again after a refusal


class TestRepair:
    @pytest.fixture
    def crew(self, house):
        return Crew(house.estate, house.unit, house.desk, house.dispatcher, house.repairer,
                    house.engmanager)  # fmt: skip

    def test_complaint_waits_for_the_repair_that_it_opened(self, house, crew, now, later):
        complaint = house.accepted(now)
        repair = actions.open_repair(
            complaint,
            content="楼板异响",
            category="structure",
            priority="normal",
            by=house.desk,
            now=now,
        )
        assert (repair.unit, repair.contact_phone) == (complaint.unit, complaint.contact_phone)
        with pytest.raises(ValidationError, match="还没完工"):
            actions.finish(complaint, measures="好", by=house.assistant, now=later(1))
        assert see_repairs(later(1)) == 0
        repairs.dispatch(repair, by=house.desk, now=now)
        repairs.accept(repair, by=house.dispatcher, now=now)
        repairs.assign(repair, repairer=house.repairer, by=house.dispatcher, now=now)
        repairs.arrive(repair, by=house.repairer, now=now)
        repairs.finish(repair, cause="松动", work_done="加固", by=house.repairer, now=later(2))
        assert see_repairs(later(2)) == 1
        complaint.refresh_from_db()
        assert open_rows(complaint)[followups.REPAIRED].owner_post == posts.CS_ASSISTANT
        assert see_repairs(later(3)) == 0
        actions.finish(complaint, measures="加固了", by=house.assistant, now=later(3))
        assert followups.REPAIRED not in open_rows(complaint)

    def test_failed_callback_of_a_repair_becomes_a_complaint_once(self, house, crew, now):
        fine = crew.slip("called_back", now=now)
        with pytest.raises(ValidationError, match="不满意"):
            actions.register_from_repair(fine, uuid4(), content="漏", by=house.desk, now=now)
        failed = crew.slip("returned", now=now)
        repairs.call_back(failed, result="unsolved", note="还漏", by=house.desk, now=now)
        key = uuid4()
        one = actions.register_from_repair(failed, key, content="还漏", by=house.desk, now=now)
        again = actions.register_from_repair(failed, key, content="还漏", by=house.desk, now=now)
        assert one == again
        assert (one.origin, one.unit, one.contact_name) == (failed, failed.unit, "王秀梅")
        with pytest.raises(ValidationError, match=one.number):
            actions.register_from_repair(failed, uuid4(), content="还漏", by=house.desk, now=now)


class TestRegistering:
    def test_numbers_count_by_estate_and_day_beside_the_slips(self, house, now, other_estate, desk):
        desk.memberships.create(estate=other_estate)
        Crew(house.estate, house.unit, desk, None, None, None).slip(now=now)
        numbers = [house.write(now).number for _ in range(2)]
        far = house.write(
            now, estate=other_estate, unit=None, resident=None, contact_phone="13900000000"
        )
        tomorrow = house.write(now + timedelta(days=1))
        assert numbers == ["TS20261123-001", "TS20261123-002"]
        assert (far.number, tomorrow.number) == ("TS20261123-001", "TS20261124-001")
        assert Repair.objects.get().number == "WX20261123-0001"

    def test_rolled_back_one_gives_its_number_back(self, house, now):
        with transaction.atomic():
            house.write(now)
            transaction.set_rollback(True)
        assert house.write(now).number == "TS20261123-001"

    def test_one_key_is_one_complaint(self, house, now):
        key = uuid4()
        assert house.write(now, key=key) == house.write(now, key=key)

    @pytest.mark.parametrize(
        ("fields", "named"),
        [
            ({"content": " "}, "content"),
            ({"unit": None, "resident": None}, "contact_phone"),
            ({"complained_at": at("2026-11-24 08:00")}, "complained_at"),
            ({"complained_at": at("2026-11-22 08:00")}, "late_entry_reason"),
            ({"happened_at": at("2026-11-24 08:00")}, "happened_at"),
        ],
    )
    def test_refusals_name_the_field(self, house, now, fields, named):
        with pytest.raises(ValidationError) as refused:
            house.write(now, **fields)
        assert set(refused.value.error_dict) == {named}
        assert not Complaint.objects.exists()

    def test_unit_of_another_estate_is_refused(self, house, now, other_estate):
        with pytest.raises(ValidationError):
            house.write(now, estate=other_estate)

    def test_call_becomes_one_complaint_and_no_repair_after(self, house, now):
        contact = contacts.start(
            uuid4(), estate=house.estate, by=house.desk, now=now, phone="13912341234"
        )
        complaint = house.write(now, contact=contact)
        assert Contact.objects.get().outcome == Outcome.COMPLAINT
        assert house.write(now, contact=contact) == complaint
        with pytest.raises(ValidationError):
            repairs.register(contact, by=house.desk, now=now, content="漏水")
