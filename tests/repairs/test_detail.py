"""The page of one slip, and the door of every verb."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts import actions as contacts
from followups.models import FollowUp
from repairs import actions
from repairs.models import Repair, Viewing
from repairs.permissions import VERBS
from repairs.statuses import Status
from tests.repairs.factories import take_call, write_slip


def page(client, repair, name="repair_detail"):
    return client.get(reverse(f"repairs:{name}", args=[repair.pk]))


@pytest.fixture
def recent():
    return timezone.now() - timedelta(minutes=2)


@pytest.mark.parametrize("status", list(Status))
def test_page_of_every_state_opens_for_every_post(crew, recent, as_, engmanager, gm, status):
    repair = crew.slip(status, now=recent)
    for staff in (crew.desk, repair.butler, crew.dispatcher, engmanager, gm):
        answer = page(as_(staff), repair)
        assert answer.status_code == 200
        assert repair.number in answer.content.decode()


def test_out_of_scope_is_404_and_out_of_role_403(crew, recent, as_, outsider, sysadmin):
    repair = crew.slip(now=recent)
    assert page(as_(outsider), repair).status_code == 404
    assert page(as_(sysadmin), repair).status_code == 403
    assert page(as_(outsider), repair, "repair_viewers").status_code == 404


@pytest.mark.parametrize("verb", [verb.key for verb in VERBS if verb.key != "no_answer"])
def test_doors_of_verbs_keep_scope_and_role(crew, recent, as_, outsider, sysadmin, verb):
    repair = crew.slip(now=recent)
    where = reverse(f"repairs:repair_{verb}", args=[repair.pk])
    before = Repair.objects.values().get(pk=repair.pk)
    assert as_(outsider).post(where).status_code in (403, 404)
    assert as_(sysadmin).post(where).status_code == 403
    assert Repair.objects.values().get(pk=repair.pk) == before


def test_page_asks_the_same_number_of_questions_for_more_rows(
    crew, recent, as_, django_assert_max_num_queries
):
    client = as_(crew.desk)
    one = crew.slip(Status.ARRIVED, now=recent)
    many = crew.slip(Status.ARRIVED, now=recent)
    for number in range(3):
        actions.add_material(
            many, name=f"件{number}", quantity=1, unit_price=1, by=crew.repairer, now=recent
        )
        contact = take_call(crew.estate, by=crew.desk, now=recent, phone=f"1380000000{number}")
        actions.attach_caller(many, contact, by=crew.desk, now=recent)
        actions.note(many, text="催了", by=crew.desk, now=recent)
    page(client, one)
    for repair in (one, many):
        with django_assert_max_num_queries(15):
            assert page(client, repair).status_code == 200


def test_the_chain_shows_every_clock_with_its_owner(crew, recent, as_):
    repair = crew.slip(Status.ACCEPTED, now=recent)
    html = page(as_(crew.desk), repair).content.decode()
    chain = re.search(r'<ol class="chain".*?</ol>', html, re.S)[0]
    labels = re.findall(r'chain-label">(?:<svg.*?</svg>)?(\w+)', chain)
    assert labels == ["受理", "转单", "接单", "到场", "完成", "回访"]
    assert chain.count("is-now") == 2  # arrival and the promise run together
    assert "工程部接单人员" in chain


def test_dispatch_by_its_button_offers_undo(crew, recent, as_):
    repair = crew.slip(now=recent)
    client = as_(crew.desk)
    assert 'data-key="F8"' in page(client, repair).content.decode()
    answer = client.post(
        reverse("repairs:repair_dispatch", args=[repair.pk]),
        {"version": repair.version},
        follow=True,
    )
    html = answer.content.decode()
    assert "已转工程" in html
    assert reverse("repairs:repair_recall", args=[repair.pk]) in html
    repair.refresh_from_db()
    assert repair.status == Status.DISPATCHED
    client.post(reverse("repairs:repair_recall", args=[repair.pk]))
    repair.refresh_from_db()
    assert repair.status == Status.TO_DISPATCH


def test_stale_version_is_409_keeps_the_text_and_shows_what_is_there_now(crew, recent, as_, desk2):
    repair = crew.slip(Status.ACCEPTED, now=recent)
    seen = repair.version
    tomorrow = timezone.localtime() + timedelta(days=1)
    actions.change_promise(
        repair, promised_at=tomorrow, reason="业户改期", by=desk2, now=timezone.now()
    )
    answer = as_(crew.desk).post(
        reverse("repairs:repair_change_promise", args=[repair.pk]),
        {"version": seen, "promised_at": "2099-01-01T09:00", "reason": "我写的原因"},
    )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "李倩" in html
    assert "我写的原因" in html
    assert 'value="2099-01-01T09:00"' in html
    assert f"{tomorrow:%H:%M}" in html
    assert f'name="version" value="{repair.version}"' in html
    repair.refresh_from_db()
    assert repair.promised_at == tomorrow


def test_faster_colleague_is_named_and_the_form_is_422(crew, recent, as_):
    repair = crew.slip(Status.DISPATCHED, now=recent)
    actions.accept(repair, by=crew.dispatcher, now=timezone.now())
    answer = as_(crew.desk).post(reverse("repairs:repair_recall", args=[repair.pk]))
    assert answer.status_code == 422
    assert "老马" in answer.content.decode()


def test_missing_reason_is_422_beside_its_field(crew, recent, as_):
    repair = crew.slip(now=recent)
    answer = as_(crew.desk).post(reverse("repairs:repair_cancel", args=[repair.pk]), {"reason": ""})
    assert answer.status_code == 422
    assert "写明原因" in answer.content.decode()


@pytest.mark.clause("REP-5")
def test_desk_form_asks_for_both_notices_and_engineering_does_not(crew, recent, as_):
    repair = crew.slip(Status.ACCEPTED, now=recent)
    where = reverse("repairs:repair_cannot_come", args=[repair.pk])
    assert b"resident_told_at" in as_(crew.desk).get(where).content
    assert b"resident_told_at" not in as_(crew.dispatcher).get(where).content
    refused = as_(crew.desk).post(where, {"reason": "雨", "new_promise": "2099-01-01T09:00"})
    assert refused.status_code == 422
    assert "先告诉业户" in refused.content.decode()


def test_going_back_never_leaves_the_house(crew, recent, as_):
    repair = crew.slip(now=recent)
    answer = as_(crew.desk).post(
        reverse("repairs:repair_dispatch", args=[repair.pk]), {"next": "https://evil.example/"}
    )
    assert answer["Location"] == reverse("repairs:repair_detail", args=[repair.pk])


def test_merge_by_the_last_digits_of_its_number(crew, recent, as_, desk):
    first, second = crew.slip(now=recent), crew.slip(now=recent)
    where = reverse("repairs:repair_merge", args=[second.pk])
    assert as_(desk).post(where, {"into": "9999"}).status_code == 422
    as_(desk).post(where, {"into": first.number[-4:]})
    second.refresh_from_db()
    assert second.merged_into == first


def test_a_slip_of_another_estate_is_not_found_for_merging(
    crew, recent, as_, desk, other_estate, outsider
):
    mine = crew.slip(now=recent)
    write_slip(other_estate, by=outsider, now=recent)
    write_slip(other_estate, by=outsider, now=recent)
    strange = Repair.objects.filter(estate=other_estate).latest("pk")
    answer = as_(desk).post(
        reverse("repairs:repair_merge", args=[mine.pk]), {"into": strange.number}
    )
    assert answer.status_code == 422
    mine.refresh_from_db()
    assert mine.status == Status.TO_DISPATCH


def test_who_else_is_looking(crew, recent, as_, desk, desk2):
    repair = crew.slip(now=recent)
    assert page(as_(desk), repair, "repair_viewers").status_code == 204
    html = page(as_(desk2), repair, "repair_viewers").content.decode()
    assert "张敏 也在看这张单" in html
    Viewing.objects.filter(staff=desk).update(seen_at=timezone.now() - timedelta(minutes=2))
    assert page(as_(desk2), repair, "repair_viewers").status_code == 204


@pytest.mark.clause("REP-9")
def test_callback_sheet_is_two_taps_and_done(crew, recent, as_, butler):
    repair = crew.slip(Status.RETURNED, now=recent)
    client = as_(butler)
    where = reverse("repairs:repair_callback_sheet", args=[repair.pk])
    sheet = client.get(where, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in sheet
    key = re.search(r'name="client_key" value="([^"]+)"', sheet)[1]
    version = re.search(r'name="version" value="(\d+)"', sheet)[1]
    sent = {"outcome": "solved:satisfied", "method": "phone", "client_key": key, "version": version}
    for _ in range(2):
        assert client.post(where, sent).status_code == 302
    repair.refresh_from_db()
    assert (repair.status, repair.satisfaction) == (Status.CALLED_BACK, "satisfied")
    assert "<html" in client.get(where).content.decode()


def test_callback_without_a_result_is_422_and_no_answer_is_counted(crew, recent, as_, desk):
    repair = crew.slip(Status.RETURNED, now=recent)
    client = as_(desk)
    where = reverse("repairs:repair_call_back", args=[repair.pk])
    key = "6f1d1d0e-0d0f-4a51-8f3f-0d6d2b1d8a11"
    assert client.post(where, {"client_key": key, "method": "phone"}).status_code == 422
    client.post(where, {"client_key": key, "method": "phone", "outcome": "no_answer:"})
    assert repair.call_tries.count() == 1
    repair.refresh_from_db()
    assert repair.status == Status.RETURNED


def test_contact_page_ends_a_contact_and_records_the_call_back(estate, desk, as_, recent, outsider):
    contact = take_call(estate, by=desk, now=recent, phone="13800000001")
    where = reverse("contacts:contact_detail", args=[contact.pk])
    assert as_(outsider).get(where).status_code == 404
    client = as_(desk)
    assert client.post(where, {"outcome": "answered", "answer": ""}).status_code == 422
    assert client.post(where, {"outcome": "call_back"}).status_code == 302
    door = reverse("visits:contact_callback", args=[contact.pk])
    assert door in client.get(where).content.decode()
    said = {"client_key": str(uuid4()), "outcome": "answered", "answer": "说清楚了"}
    assert client.post(door, said).status_code == 302
    contact.refresh_from_db()
    assert contact.outcome == "called_back"
    assert not FollowUp.objects.open().about(contact).exists()
    assert contacts.owed_call_back(contact) is None


def test_a_line_of_material_is_taken_off_by_its_button(crew, recent, as_):
    repair = crew.slip(Status.ARRIVED, now=recent)
    row = actions.add_material(
        repair, name="阀芯", quantity=1, unit_price=25, by=crew.repairer, now=recent
    )
    client = as_(crew.repairer)
    where = reverse("repairs:repair_remove_material", args=[repair.pk])
    assert where in page(client, repair).content.decode()
    assert where not in page(as_(crew.desk), repair).content.decode()
    client = as_(crew.repairer)
    client.post(where, {"material": row.pk, "version": repair.version})
    repair.refresh_from_db()
    assert (repair.materials.count(), repair.material_fee) == (0, 0)


@pytest.mark.parametrize(
    ("status", "who", "key"),
    [
        (Status.TO_DISPATCH, "desk", "dispatch"),
        (Status.DISPATCHED, "desk", "urge"),
        (Status.DISPATCHED, "dispatcher", "accept"),
        (Status.ACCEPTED, "dispatcher", "assign"),
        (Status.ASSESSING, "engmanager", "quote"),
        (Status.DELAYED, "desk", "resident_told"),
        (Status.IN_PROGRESS, "repairer", "arrive"),
        (Status.ARRIVED, "repairer", "finish"),
        (Status.WAITING_PARTS, "repairer", "resume"),
        (Status.FINISHED, "dispatcher", "return_slip"),
        (Status.RETURNED, "desk", "callback"),
        (Status.CALLED_BACK, "desk", "archive"),
    ],
)
def test_the_next_step_is_the_large_one(crew, recent, as_, status, who, key):
    repair = crew.slip(status, now=recent)
    html = page(as_(getattr(crew, who)), repair).content.decode()
    steps = re.search(r'ticket-steps">(.*?)</section>', html, re.S)[1]
    large = re.findall(r'class="btn btn-primary btn-lg"', steps)
    assert len(large) == 1
    first = re.search(r'(?:action|href)="/repairs/\d+/(\w+)/"', steps)[1]
    assert first == key
