"""Ways a complaint can take that must not end in a wall: extensions, invalid ones, evidence."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from complaints import actions, followups
from complaints.actions.rising import see_repairs
from complaints.evidence import evidence
from complaints.followups import open_rows
from complaints.models import Complaint, Extension
from complaints.statuses import Status
from estates.lookup import index_place
from estates.models import PublicPlace
from repairs import actions as repairs


def ask(house, complaint, now, by=None, days=9):
    return actions.ask_extension(
        complaint, reason="等配件", new_promise=now + timedelta(days=days),
        by=by or house.assistant, now=now,
    )  # fmt: skip


def regrade(complaint, grade, by, now, validity="valid"):
    actions.regrade(complaint, grade=grade, validity=validity, reason="核实过", by=by, now=now)


class TestExtension:
    @pytest.mark.clause("CMP-2")
    @pytest.mark.parametrize("approved", [False, True])
    def test_one_left_over_does_not_block_the_next_round(self, house, now, later, approved):
        complaint = house.accepted(now)
        ask(house, complaint, now)
        if approved:
            actions.approve_extension(complaint, by=house.manager, now=now)
        actions.finish(complaint, measures="提前好了", by=house.assistant, now=later(1))
        assert Extension.objects.get().dropped_at == later(1)
        actions.reply(complaint, method="phone", words="好了", by=house.butler, now=later(2))
        house.ask(complaint, "dissatisfied", later(3))
        ask(house, complaint, later(4))
        assert open_rows(complaint)[followups.EXTENSION].owner == house.manager

    @pytest.mark.clause("CMP-3")
    def test_everybody_concerned_hears_of_it(self, house, now, later, inbox):
        complaint = house.passed_on(now, "major")
        actions.receive(complaint, by=house.engmanager, now=now)
        ask(house, complaint, now, by=house.manager)
        assert "请审批投诉延期到 12-02" in inbox(house.gm)[-1]
        actions.approve_extension(complaint, by=house.gm, now=later(1))
        assert "先告诉业户" in inbox(house.manager)[-1]
        actions.tell_extension(complaint, told_at=later(2), by=house.manager, now=later(2))
        for person in (house.butler, house.assistant, house.engmanager):
            assert "投诉延期到 12-02" in inbox(person)[-1]

    def test_page_offers_the_decision_only_above_whoever_asked(self, house, now, as_):
        complaint = house.accepted(now)
        ask(house, complaint, now)
        offered = {
            person.username: {
                verb.key for verb, _form in as_(person).get(address(complaint)).context["steps"]
            }
            for person in (house.assistant, house.manager, house.gm)
        }
        both = {"approve_extension", "refuse_extension"}
        assert [both & keys for keys in offered.values()] == [set(), both, both]

    def test_one_that_the_resident_was_told_outlives_another_grade(self, house, now, later):
        complaint = house.accepted(now)
        extension = ask(house, complaint, now)
        actions.approve_extension(complaint, by=house.manager, now=later(1))
        actions.tell_extension(complaint, told_at=later(2), by=house.assistant, now=later(2))
        regrade(complaint, "major", house.manager, later(3))
        assert complaint.promised_at == extension.new_promise
        regrade(complaint, "critical", house.manager, later(4))
        assert complaint.promised_at == now + timedelta(days=10)


@pytest.mark.clause("CMP-2")
def test_another_grade_after_a_reopening_counts_from_the_reopening(house, now, later):
    complaint = house.replied(now)
    house.ask(complaint, "dissatisfied", later(24))
    regrade(complaint, "major", house.manager, later(25))
    assert complaint.promised_at == later(24) + timedelta(days=3)
    assert open_rows(complaint)[followups.SOLVE].due_at == complaint.promised_at


class TestInvalid:
    def test_only_a_superior_of_the_desk_finds_a_valid_one_invalid(self, house, now):
        complaint = house.accepted(now)
        with pytest.raises(ValidationError, match="客服助理或经理"):
            regrade(complaint, "minor", house.desk, now, "invalid")
        regrade(complaint, "minor", house.assistant, now, "invalid")
        assert set(open_rows(complaint)) == {followups.FIRST_REPLY, followups.REPLY}

    @pytest.mark.clause("CMP-1")
    def test_work_on_it_stops_and_the_department_hears_why(self, house, now, later, inbox):
        complaint = house.passed_on(now)
        actions.receive(complaint, by=house.engmanager, now=now)
        ask(house, complaint, now)
        actions.escalate(complaint, words="看一下", by=house.butler, now=now)
        regrade(complaint, "minor", house.manager, later(1), "invalid")
        assert set(open_rows(complaint)) == {followups.FIRST_REPLY, followups.REPLY}
        for person in (house.engmanager, house.assistant):
            assert "改判无效, 不再处理: 核实过" in inbox(person)[-1]
        assert complaint.transfers.get().answered_at == later(1)
        regrade(complaint, "minor", house.manager, later(2))
        assert complaint.promised_at == now + timedelta(days=2)
        assert followups.SOLVE in open_rows(complaint)
        ask(house, complaint, later(2))  # the one that was dropped is not in the way

    @pytest.mark.clause("CMP-2", "CMP-3")
    def test_watchers_hear_that_it_was_explained_and_closed(self, house, now, inbox):
        complaint = house.accepted(now, "minor", "invalid")
        actions.explain(complaint, method="phone", words="合同约定", by=house.manager, now=now)
        for person in (house.desk, house.butler, house.assistant):
            assert "无效投诉已解释并结案" in inbox(person)[-1]

    def test_ended_repair_wakes_nobody_about_it(self, house, now, later):
        complaint = house.accepted(now)
        repair = actions.open_repair(
            complaint, content="异响", category="other", priority="normal", by=house.desk, now=now
        )
        regrade(complaint, "minor", house.manager, later(1), "invalid")
        repairs.cancel(repair, reason="不用修了", by=house.desk, now=later(1))
        assert see_repairs(later(2)) == 0


@pytest.mark.clause("CMP-2")
def test_whoever_handled_it_hears_of_the_dissatisfaction(house, now, later, inbox):
    complaint = house.passed_on(now)
    actions.receive(complaint, by=house.engmanager, now=now)
    actions.finish(complaint, measures="修好了", by=house.engmanager, now=later(1))
    actions.reply(complaint, method="phone", words="修好了", by=house.butler, now=later(2))
    house.ask(complaint, "dissatisfied", later(3))
    assert "第 1 次重开" in inbox(house.engmanager)[-1]


class TestEvidence:
    def found(self, staff, now):
        return evidence(staff, now - timedelta(days=1), now + timedelta(days=3))

    @pytest.mark.clause("CMP-2", "CMP-3")
    def test_each_dissatisfied_round_speaks_against_the_butler_of_the_area(self, house, now, later):
        complaint = house.replied(now)
        house.ask(complaint, "dissatisfied", later(1))
        actions.finish(complaint, measures="再改", by=house.assistant, now=later(2))
        actions.reply(complaint, method="phone", words="改了", by=house.butler, now=later(3))
        house.ask(complaint, "dissatisfied", later(4))
        found = self.found(house.butler, now)
        assert [row.at for row in found] == [later(1), later(4)]
        assert {row.url for row in found} == {address(complaint)}
        assert len({row.key for row in found}) == 2
        assert self.found(house.assistant, now) == []

    def test_without_a_butler_it_is_the_handler_of_that_round(self, house, now, later):
        complaint = house.replied(now, unit=None, resident=None, contact_phone="13900000000")
        house.ask(complaint, "dissatisfied", later(1))
        assert len(self.found(house.assistant, now)) == 1
        assert self.found(house.manager, now) == []

    def test_satisfied_one_is_none(self, house, now):
        house.called_back(now)
        assert self.found(house.butler, now) == []


def address(complaint):
    return reverse("complaints:complaint_detail", args=[complaint.pk])


class TestPage:
    def test_earlier_complaints_of_the_unit_are_said_at_the_top(self, house, now, as_):
        first, second = house.write(now), house.write(now + timedelta(hours=1))
        assert "这里以前投诉过" not in as_(house.desk).get(address(first)).content.decode()
        shown = as_(house.desk).get(address(second))
        assert "这里以前投诉过 1 件" in shown.content.decode()
        assert shown.context["repeats"] == [first]

    def test_manager_is_not_offered_to_bring_it_up_to_himself(self, house, now, as_):
        complaint = house.accepted(now)
        for person, offered in ((house.manager, False), (house.assistant, True)):
            steps = as_(person).get(address(complaint)).context["steps"]
            assert ("escalate" in {verb.key for verb, _form in steps}) is offered

    def test_end_is_not_offered_before_the_repair_it_waits_for(self, house, now, as_):
        complaint = house.accepted(now)
        repair = actions.open_repair(
            complaint, content="异响", category="other", priority="normal", by=house.desk, now=now
        )
        client = as_(house.assistant)

        def offered():
            return {verb.key for verb, _form in client.get(address(complaint)).context["steps"]}

        assert "finish" not in offered()
        assert f"等维修单 {repair.number} 完工" in client.get(address(complaint)).content.decode()
        repairs.cancel(repair, reason="不用修了", by=house.desk, now=now)
        assert "finish" in offered()

    def test_history_names_the_department_in_the_readers_language(self, house, now, as_):
        complaint = house.passed_on(now)
        client = as_(house.manager)
        client.post("/i18n/setlang/", {"language": "en", "next": "/"})
        shown = client.get(address(complaint)).content.decode()
        assert "Passed to department" in shown
        assert "工程部" not in shown

    def test_public_place_and_person_are_found_by_what_was_written(
        self, house, now, as_, estate, time_machine
    ):
        time_machine.move_to(now, tick=False)
        place = PublicPlace.objects.create(estate=estate, name="东门岗亭")
        index_place(place)
        typed = {"estate": estate.pk, "content": "没人", "category": "order", "source": "visit"}
        for room, name in (("东门岗亭", ""), ("3-2-1102", house.resident.name)):
            fields = typed | {"client_key": uuid4(), "room": room, "contact_name": name}
            assert as_(house.desk).post("/complaints/add/", fields).status_code == 302
        known, at_place = Complaint.objects.order_by("-pk")
        assert (at_place.place, at_place.unit) == (place, None)
        assert (known.resident, known.contact_phone) == (house.resident, house.resident.phone)


@pytest.mark.parametrize(
    ("status", "verb", "typed", "most"),
    [
        # Grave: three things are owed anew, one is met, and four posts hear of it.
        (Status.REGISTERED, "accept", {"grade": "critical", "validity": "valid", "category": "fees"}, 30),
        (Status.ACCEPTED, "transfer", {"department": "eng_manager"}, 25),
        (Status.PROCESSING, "finish", {"measures": "好了"}, 25),
        (Status.TO_REPLY, "reply", {"method": "phone", "words": "好了"}, 25),
        (Status.REPLIED, "call_back", {"outcome": "dissatisfied", "method": "phone", "note": "差"}, 25),
        (
            Status.CALLED_BACK,
            "close",
            {"cause": "skill", "cause_words": "差", "responsibility": "维修", "corrective": "改",
             "preventive": "训", "opinion": "同意"},
            25,
        ),
    ],
)  # fmt: skip
def test_saving_a_step_stays_within_its_queries(
    house, now, as_, time_machine, django_assert_max_num_queries, status, verb, typed, most
):
    time_machine.move_to(now, tick=False)
    complaint = house.at(status, now, grade="major") if status != "registered" else house.write(now)
    client = as_(house.desk if verb == "call_back" else house.manager)
    if verb == "call_back":
        typed = typed | {"client_key": uuid4()}
    where = reverse(f"complaints:complaint_{verb}", args=[complaint.pk])
    client.get(where)  # the session and the caches are warm, as in the middle of a day
    with django_assert_max_num_queries(most + 2):  # a test's own transaction adds a savepoint
        assert client.post(where, typed).status_code == 302


@pytest.mark.clause("CMP-2")
def test_complaint_without_a_phone_is_taken_and_asks_how_to_reach_the_resident(as_, house, now):
    complaint = house.write(now, resident=None)
    at = f"/complaints/{complaint.pk}/"
    client = as_(house.desk)
    assert "信息待补" in client.get(at).content.decode()
    assert "信息待补" in client.get("/complaints/").content.decode()
    answer = client.post(f"{at}add_contact/", {"version": complaint.version})
    assert (answer.status_code, "写电话, 或写怎么联系业户" in answer.content.decode()) == (
        422,
        True,
    )
    client.post(f"{at}add_contact/", {"version": complaint.version, "phone": "139 1234 1234"})
    complaint.refresh_from_db()
    assert complaint.contact_phone == "13912341234"
    row = open_rows(complaint)[followups.FIRST_REPLY]
    assert row.params["phone"] == "13912341234"
    body = client.get(at).content.decode()
    assert "信息待补" not in body
    assert f"{at}add_contact/" not in body


def test_words_say_how_a_resident_without_a_phone_is_reached(as_, house, estate, unit):
    data = {"client_key": str(uuid4()), "estate": estate.pk, "room": unit.code, "category": "other",
            "source": "visit", "content": "楼道堆纸箱", "how_to_reach": "晚上在家"}  # fmt: skip
    body = as_(house.desk).post("/complaints/add/", data, follow=True).content.decode()
    assert "晚上在家" in body
    assert "信息待补" not in body
