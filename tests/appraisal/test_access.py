"""Who may open and do what: every address × every post, inspectors of another line, strangers."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts import posts
from appraisal.actions import appeals, lines, rounds, sheets
from appraisal.actions.opening import open_rounds
from appraisal.inspectors import may_inspect
from appraisal.models import Evidence, MonthResult, Publication, Round
from appraisal.urls import urlpatterns
from tests.conftest import hire

PEOPLE = ("gm", "manager", "assistant", "butler", "butler2", "cashier", "desk", "night", "foreman",
          "engmanager", "dispatcher", "repairer", "contact", "sysadmin", "other_assistant",
          "other_manager", "outsider")  # fmt: skip
READERS = ("gm", "manager", "assistant", "butler", "butler2", "cashier", "desk", "night", "foreman",
           "other_assistant", "other_manager", "outsider")  # fmt: skip
HEADS = ("gm", "manager", "other_manager")
INSPECTING = ("gm", "manager", "assistant", "other_assistant", "other_manager")
LINE = ("gm", "manager", "assistant", "butler")  # who sees the butler's sheet
OK, NO, HIDDEN, DONE, BAD, GET_ONLY = 200, 403, 404, 302, 422, 405

# address → (method, {person: status}); whoever is not named: 404 for readers, 403 for the rest.
# Steps that would change the sheet are posted empty or by whoever has no part in them, so that
# one sheet serves the whole table; what the rightful person can do is in test_flow and below.
TABLE = {
    "sheet_list": ("get", dict.fromkeys(READERS, OK)),
    "sheet_new": ("get", dict.fromkeys(("gm", "manager", "assistant", "other_assistant",
                                        "other_manager"), OK)),
    "review": ("get", dict.fromkeys(HEADS, OK)),
    "appeal_list": ("get", dict.fromkeys(READERS, OK)),
    "appeal_detail": ("get", dict.fromkeys(LINE, OK)),
    "appeal_decide": ("post", {"gm": NO, "manager": BAD, "assistant": NO, "butler": NO}),
    "appeal_name": ("post", {"gm": BAD, "manager": NO, "assistant": NO, "butler": NO}),
    "round_detail": ("get", {"assistant": OK}),
    "round_clear": ("post", {"assistant": DONE}),
    "round_draw": ("post", {"assistant": BAD}),
    "round_excuse": ("post", {"assistant": HIDDEN}),  # no person named
    "month_latest": ("get", dict.fromkeys(READERS, DONE)),
    "month_detail": ("get", dict.fromkeys(READERS, OK)),
    "month_review": ("post", {"gm": BAD, "manager": BAD, "other_manager": HIDDEN}),
    "month_publish": ("post", dict.fromkeys(("other_manager",), HIDDEN) | {"gm": BAD, "manager": BAD}),
    "month_work": ("post", dict.fromkeys(HEADS, HIDDEN) | {"manager": DONE}),
    "month_archive": ("post", {"gm": DONE, "manager": DONE, "other_manager": HIDDEN}),
    "month_export": ("get", dict.fromkeys(READERS, OK)),
    "month_replay": ("get", dict.fromkeys(HEADS, OK)),
    "month_person": ("get", dict.fromkeys(LINE, OK)),
    "rate_list": ("get", dict.fromkeys(READERS, OK)),
    "fairness": ("get", dict.fromkeys(HEADS, OK)),
    "scheme_list": ("get", dict.fromkeys(HEADS, OK)),
    "scheme_edit": ("get", dict.fromkeys(("manager", "other_manager"), OK)),
    "scheme_publish": ("post", dict.fromkeys(("manager", "other_manager"), HIDDEN)),
    "scheme_drop": ("get", {}),
    "photo": ("get", dict.fromkeys(LINE, HIDDEN)),
    "sheet_detail": ("get", dict.fromkeys(LINE, OK)),
    "sheet_deduct": ("post", {"gm": NO, "manager": NO, "butler": NO, "assistant": BAD}),
    "sheet_footer": ("post", {"gm": NO, "manager": NO, "butler": NO, "assistant": BAD}),
    "offer_answer": ("post", {"gm": NO, "manager": NO, "butler": NO, "assistant": BAD}),
    "sheet_appeal": ("post", {"gm": NO, "manager": NO, "assistant": NO, "butler": BAD}),
    "sheet_records": ("get", {"gm": NO, "manager": NO, "assistant": OK, "butler": OK}),
    "sheet_print": ("get", dict.fromkeys(LINE, OK)),
    "sheet_export": ("get", dict.fromkeys(LINE, OK)),
    "line_link": ("post", {"gm": NO, "manager": NO, "butler": NO, "assistant": 409}),
    "line_remove": ("post", {"gm": NO, "manager": NO, "butler": NO, "assistant": 409}),
    "line_evidence": ("get", dict.fromkeys(LINE, OK)),
    "sheet_submit": ("post", {"gm": NO, "manager": NO, "butler": NO, "assistant": 409}),
    "sheet_discard": ("post", {"gm": NO, "manager": NO, "butler": NO, "assistant": 409}),
    "sheet_see": ("post", {"gm": NO, "manager": NO, "assistant": NO, "butler": BAD}),
    "sheet_accept": ("post", {"gm": NO, "manager": NO, "assistant": NO, "butler": BAD}),
    "sheet_approve": ("post", {"butler": NO, "assistant": NO, "gm": DONE, "manager": BAD}),
    "sheet_send_back": ("post", {"butler": NO, "assistant": NO, "gm": BAD, "manager": BAD}),
}  # fmt: skip
RATES = ("assistant", "other_assistant", "manager", "other_manager")
# Pages that show a form and take it too: what they answer to an empty one that is sent.
SENT = {
    "sheet_new": dict.fromkeys(INSPECTING, BAD),
    "scheme_edit": dict.fromkeys(("manager", "other_manager"), BAD),
    "rate_list": dict.fromkeys(READERS, NO) | dict.fromkeys(RATES, BAD),
    "line_evidence": {"gm": NO, "manager": NO, "butler": NO, "assistant": BAD},
}
# Pages about no record: out of role is 403, never 404.
OF_THE_POST = {"sheet_new", "review", "month_review", "month_publish", "month_work", "month_archive",
               "month_replay",
               "fairness", "scheme_list", "scheme_edit", "scheme_publish", "scheme_drop",
               "sheet_list", "appeal_list"}  # fmt: skip
BY_INSPECTORS = {"round_detail", "round_clear", "round_draw", "round_excuse"}
INSPECTORS = ("gm", "manager", "assistant", "other_assistant", "other_manager")


@pytest.fixture
def people(request, estate):
    found = {name: request.getfixturevalue(name) for name in PEOPLE if name != "contact"}
    return found | {"contact": hire("contact", "联系人", posts.PUBLIC_AFFAIRS, estates=[estate])}


@pytest.fixture
def world(people, handed_in, estate, now):
    """An appealed sheet of the butler, a round of the assistant, a published month, a draft."""
    open_rounds(now)
    moment = timezone.now()
    sheets.see(handed_in, by=people["butler"], now=moment)
    line = handed_in.deductions.order_by("pk").first()
    row = appeals.appeal(
        handed_in, text="已回访", deductions=[line], by=people["butler"], now=moment
    )
    MonthResult.objects.create(estate=estate, staff=people["butler"], month=date(2026, 10, 1),
                               status="published", score=95, band="excellent",
                               reviewed_by=people["manager"], reviewed_at=now,
                               published_by=people["manager"], published_at=now)  # fmt: skip
    publication = Publication.objects.create(estate=estate, month=date(2026, 10, 1),
                                             by=people["manager"], at=now, total=0)  # fmt: skip
    round_ = Round.objects.get(inspector=people["assistant"], kind="daily")
    assert rounds.pick([1, 2, 3], 2, "x") == rounds.pick([3, 2, 1], 2, "x")
    return {"pk": handed_in.pk, "line_pk": line.pk, "appeal": row.pk, "round": round_.pk,
            "publication": publication.pk, "person": people["butler"].pk, "estate": estate.pk}  # fmt: skip


def address(name, world):
    month = "2026-10"
    args = {
        "appeal_detail": [world["appeal"]], "appeal_decide": [world["appeal"]],
        "appeal_name": [world["appeal"]], "round_detail": [world["round"]],
        "round_clear": [world["round"]], "round_draw": [world["round"]],
        "round_excuse": [world["round"]],
        "month_work": [month, world["publication"]], "month_person": [month, world["person"]],
        "photo": [10**9],
    }  # fmt: skip
    if name in args:
        return reverse(f"appraisal:{name}", args=args[name])
    if name.startswith("month_") and name != "month_latest":
        return reverse(f"appraisal:{name}", args=[month])
    if name.startswith("scheme_") and name != "scheme_list":
        return reverse(f"appraisal:{name}", args=[posts.CASHIER])
    if name.startswith("line_"):
        return reverse(f"appraisal:{name}", args=[world["pk"], world["line_pk"]])
    if name.startswith("sheet_") and name not in ("sheet_list", "sheet_new"):
        return reverse(f"appraisal:{name}", args=[world["pk"]])
    if name == "offer_answer":
        return reverse(f"appraisal:{name}", args=[world["pk"]])
    return reverse(f"appraisal:{name}")


def expected(name, person, known=None):
    known = TABLE[name][1] if known is None else known
    if person in known:
        return known[person]
    if name == "scheme_drop":
        return GET_ONLY
    if name in OF_THE_POST or person not in READERS:
        return NO
    if name in BY_INSPECTORS and person not in INSPECTORS:
        return NO
    return HIDDEN


def test_the_table_names_every_address_of_the_room():
    """A new address without a row fails here, and one that takes a form needs a row in ``SENT``."""
    names = [pattern.name for pattern in urlpatterns]
    assert len(names) == len(set(names))
    assert set(TABLE) == set(names)


@pytest.mark.clause("APP-1", "APP-2", "APP-3", "APP-4")
def test_every_address_answers_every_post_as_the_table_says(people, world, client):
    found, wanted = {}, {}
    for name, (method, _known) in TABLE.items():
        for person, staff in people.items():
            client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
            answer = getattr(client, method)(address(name, world), {"estate": world["estate"]})
            found[name, person] = answer.status_code
            wanted[name, person] = expected(name, person)
    assert {key: (found[key], wanted[key]) for key in found if found[key] != wanted[key]} == {}


def test_a_form_is_taken_from_nobody_but_whose_it_is(people, world, client):
    found, wanted = {}, {}
    for name, known in SENT.items():
        for person, staff in people.items():
            client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
            found[name, person] = client.post(address(name, world)).status_code
            wanted[name, person] = expected(name, person, known)
    assert {key: (found[key], wanted[key]) for key in found if found[key] != wanted[key]} == {}


def test_every_other_address_takes_one_method_only(people, world, client):
    """What is only shown cannot be sent to, what is only sent cannot be opened."""
    client.force_login(people["manager"], backend="django.contrib.auth.backends.ModelBackend")
    other = {"get": "post", "post": "get"}
    for name, (method, _known) in TABLE.items():
        if name not in SENT and name != "scheme_drop":  # that one's row is about opening it
            status = getattr(client, other[method])(address(name, world)).status_code
            assert status == GET_ONLY, name


DRAFTS = {
    "sheet_detail": "get", "sheet_print": "get", "sheet_records": "get", "sheet_export": "get", "sheet_deduct": "post",
    "sheet_footer": "post", "offer_answer": "post", "sheet_submit": "post", "sheet_see": "post",
    "sheet_accept": "post", "sheet_approve": "post", "sheet_send_back": "post",
    "sheet_appeal": "post", "line_link": "post", "line_remove": "post", "line_evidence": "get",
    "sheet_discard": "post",
}  # fmt: skip


def test_a_draft_is_nobodys_business_but_its_inspectors(people, sheet_of, deduct, client):
    sheet = sheet_of(people["butler"], by=people["assistant"])
    line = deduct(sheet)
    world = {"pk": sheet.pk, "line_pk": line.pk, "appeal": 0, "round": 0, "publication": 0,
             "person": 0}  # fmt: skip
    for name, method in DRAFTS.items():
        for person, staff in people.items():
            if person == "assistant":
                continue
            client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
            status = getattr(client, method)(address(name, world)).status_code
            assert status == (HIDDEN if person in READERS else NO), (name, person)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.deductions.count()) == ("draft", 1)


@pytest.mark.clause("APP-1")
def test_every_step_is_refused_to_everybody_but_whose_step_it_is(
    people, sheet_of, deduct, engmanager, now
):
    """The actions themselves, whatever the pages let through; then whose step it is takes it."""
    butler, assistant, manager = people["butler"], people["assistant"], people["manager"]
    sheet = sheet_of(butler, by=assistant)
    line = deduct(sheet)
    line.sheet = sheet
    footer = {"improvement": "x", "improve_by": None, "by_handbook": False, "handbook_note": ""}
    terms = {"group": "job", "sop": "repairs", "clause": "REP-6", "fact": "x", "happened_at": now,
             "grade": "minor"}  # fmt: skip

    def only(rightful, step):
        for name, staff in people.items():
            if staff not in rightful:
                with pytest.raises(ValidationError):
                    step(staff)
                assert name  # named when it fails
        return step(rightful[0])

    only([assistant], lambda by: lines.add_deduction(sheet, **terms, by=by, now=now))
    only([assistant], lambda by: lines.link(line, causes=[], by=by, now=now))
    only(
        [assistant],
        lambda by: lines.add_evidence(line, label="x", url="/repairs/1/", by=by, now=now),
    )
    only([assistant], lambda by: sheets.set_footer(sheet, **footer, by=by, now=now))
    only([assistant], lambda by: sheets.submit(sheet, by=by, now=now))
    only([manager, people["gm"]], lambda by: sheets.approve(sheet, by=by, now=now))
    only([butler], lambda by: sheets.see(sheet, by=by, now=now))
    row = only(
        [butler], lambda by: appeals.appeal(sheet, text="不服", deductions=[line], by=by, now=now)
    )
    only(
        [manager],
        lambda by: appeals.decide(
            row, kept={line.pk: line.points}, decision="维持", by=by, now=now
        ),
    )
    only([butler], lambda by: sheets.accept(sheet, opinion="", by=by, now=now))
    assert sheet.status == "locked"


@pytest.mark.clause("APP-3", "APP-4", "MGT-3")
def test_who_may_inspect_whom_is_this_table_and_nothing_else(people):
    """Rows score, columns are scored; every other pair is refused."""
    department = {"assistant", "butler", "butler2", "cashier", "desk", "night", "foreman",
                  "other_assistant"}  # fmt: skip
    table = {
        "gm": {"manager", *department},
        "manager": department,
        "other_manager": {"outsider"},
        "assistant": {"butler", "butler2", "cashier", "desk", "night"},
    }
    found = {
        (by, staff) for by in people for staff in people if may_inspect(people[by], people[staff])
    }
    assert found == {(by, staff) for by, scored in table.items() for staff in scored}


def test_a_photo_is_shown_to_whoever_may_see_its_sheet(
    people, handed_in, client, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path
    row = Evidence(deduction=handed_in.deductions.first(), label="照片",
                   added_at=handed_in.created_at, added_by=people["assistant"])  # fmt: skip
    row.file.save("a.jpg", ContentFile(b"jpeg"))
    for person, staff in people.items():
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        status = client.get(reverse("appraisal:photo", args=[row.pk])).status_code
        wanted = OK if person in LINE else HIDDEN if person in READERS else NO
        assert status == wanted, person
