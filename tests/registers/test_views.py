from datetime import date

import pytest
from django.urls import reverse

from registers import cells, followups
from registers.actions import cards, keys, records
from registers.catalogue import REGISTERS
from registers.models import (
    AccessCard,
    ArchiveCheck,
    ArchiveFile,
    Deposit,
    KeyCount,
    KeyCustody,
    Mail,
)
from registers.models.keys import KeyStatus

EVERY = pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.slug)
NEW = {
    "keys": {"unit": "3-2-1102", "owner_name": "王秀梅", "owner_phone": "13912341234",
             "kind": "door", "quantity": 1, "label": "K9", "cabinet": "甲1", "reason": "出国",
             "disclaimer_told": "on", "owner_signed": "on"},
    "cards": {"unit": "3-2-1102", "holder": "王秀梅", "kind": "lift", "card_number": "C9"},
    "mail": {"unit": "3-2-1102", "recipient": "王秀梅", "kind": "express",
             "tracking_number": "E9", "condition": "intact"},
    "storage": {"occasion": "left", "goods": "parcel", "unit": "3-2-1102", "depositor": "王秀梅",
                "phone": "13912341234", "item": "箱子", "quantity": 1, "place": "架1",
                "signed": "on"},
    "archive": {"unit": "3-2-1102", "volume": "1", "filed_on": "2026-11-23", "keeper": "张敏",
                "cabinet": "D1", "secrecy": "internal"},
    "papers": {"unit": "3-2-1102", "paper": "renovation", "title": "装修申请表", "pages": 3,
               "formality_at": "2026-11-23T10:00"},
}  # fmt: skip


@pytest.fixture
def post(as_, desk):
    """``post(path, **data)`` as the front desk."""

    def send(path, **data):
        return as_(desk).post(path, data)

    return send


@EVERY
def test_line_is_added_read_corrected_and_printed(register, as_, desk, unit, resident):
    client, url = as_(desk), reverse("registers:record_add", args=[register.slug])
    assert client.get(f"{url}?unit={unit.pk}").content.decode().count("3-2-1102") >= 2
    answer = client.post(url, NEW[register.slug])
    record = register.model.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, record.get_absolute_url())
    assert (record.unit, record.recorded_by) == (unit, desk)
    for path in ("", "change/", "print/"):
        page = client.get(f"{record.get_absolute_url()}{path}")
        assert page.status_code == 200
        assert record.number in page.content.decode()
    changes = {
        name: value for name, value in NEW[register.slug].items() if name in register.corrected
    }
    answer = client.post(
        f"{record.get_absolute_url()}change/", changes | {"note": "记一笔", "version": 1}
    )
    record.refresh_from_db()
    assert (answer.status_code, record.note, record.version) == (302, "记一笔", 2)


@EVERY
def test_empty_form_is_refused_with_what_was_typed(register, post):
    answer = post(f"/registers/{register.slug}/add/", unit="9-9-9999", note="别丢了")
    assert answer.status_code == 422
    assert "别丢了" in answer.content.decode()
    assert "9-9-9999" in answer.content.decode()
    assert not register.model.objects.exists()


@EVERY
def test_stale_correction_shows_both_and_keeps_what_was_typed(
    register, as_, desk, records_of_all, now
):
    record = records_of_all[register.slug]
    records.change(record, {"note": "同事写的"}, seen=1, by=desk, now=now)
    changes = {
        name: value for name, value in NEW[register.slug].items() if name in register.corrected
    }
    answer = as_(desk).post(
        f"{record.get_absolute_url()}change/", changes | {"note": "我写的", "version": 1}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "同事写的" in page
    assert "我写的" in page
    assert 'name="version" value="2"' in page
    record.refresh_from_db()
    assert record.note == "同事写的"


@EVERY
def test_search_and_state_narrow_the_list(register, as_, desk, records_of_all):
    client, record = as_(desk), records_of_all[register.slug]
    url = f"/registers/{register.slug}/"
    assert record.number in client.get(f"{url}?q=１１０２").content.decode()
    assert record.number not in client.get(f"{url}?q=9999").content.decode()
    over = next(key for key, _label in register.statuses if key not in register.model.OPEN)
    assert record.number not in client.get(f"{url}?state={over}").content.decode()
    rows = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert record.number in rows
    assert "<html" not in rows


def test_phones_and_names_are_masked_without_the_right_to_see_them(records_of_all):
    key = records_of_all["keys"]
    assert cells.value(key, "owner_phone", reveal=False) == "139****1234"
    assert cells.value(key, "owner_name", reveal=False) == "王**"
    assert cells.value(records_of_all["cards"], "holder", reveal=False) == "王**"
    assert cells.value(key, "owner_phone") == "13912341234"


@pytest.mark.clause("CRD-1")
def test_card_for_the_wrong_room_is_refused_on_the_page(post, a_card):
    card = a_card()
    answer = post(f"/registers/cards/{card.pk}/check_room/", room="3-2-1103", document="身份证")
    assert answer.status_code == 422
    assert "不要发卡" in answer.content.decode()
    answer = post(f"/registers/cards/{card.pk}/check_room/", room="3-2-1102", document="身份证")
    assert answer.status_code == 302
    assert AccessCard.objects.get().status == "checked"


def test_holder_who_is_not_of_the_home_is_answered_with_who_is(post, resident):
    answer = post("/registers/cards/add/", **NEW["cards"] | {"holder": "李四"})
    assert answer.status_code == 422
    assert "这一户登记的是: 王秀梅" in answer.content.decode()


@pytest.mark.clause("CRD-1")
def test_unknown_home_is_one_message_and_keeps_what_was_typed(post, resident):
    typed = {"unit": "3-2-9999", "holder": "王秀梅", "kind": "lift", "card_number": "C9"}
    answer = post("/registers/cards/add/", **typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["unit"]
    page = answer.content.decode()
    assert all(f'value="{typed[name]}"' in page for name in ("unit", "holder", "card_number"))


def test_home_may_be_written_as_it_is_said(post, resident, unit):
    post("/registers/cards/add/", **NEW["cards"] | {"unit": "3栋2单元01102"})
    assert AccessCard.objects.get().unit == unit


@pytest.mark.clause("KEY-1")
def test_key_without_approval_is_refused_on_the_page(post, a_key):
    key = a_key()
    answer = post(f"/registers/keys/{key.pk}/lend/", version=1)
    assert answer.status_code == 422
    assert "钥匙不能借出" in answer.content.decode()
    assert KeyCustody.objects.get().status == KeyStatus.HELD


def test_stale_step_keeps_what_was_typed(post, a_key, desk, now):
    key = a_key()
    keys.reseal(key, seal_number="F2", reason="开过", by=desk, now=now)
    answer = post(f"/registers/keys/{key.pk}/hand_back/", to="王秀梅", document="身份证", version=1)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="王秀梅"' in page
    assert 'name="version" value="2"' in page
    assert KeyCustody.objects.get().status == KeyStatus.HELD


def test_loan_is_asked_and_approved_by_two_people_on_their_pages(as_, desk, assistant, a_key):
    key = a_key()
    asked = {
        "borrower": "老马", "phone": "13800001111", "reason": "查漏水", "quantity": 1, "days": 1,
        "owner_contacted_at": "2026-11-01T10:00", "owner_answer": "同意", "version": 1,
    }  # fmt: skip
    assert as_(desk).post(f"/registers/keys/{key.pk}/ask_loan/", asked).status_code == 302
    assert as_(desk).post(f"/registers/keys/{key.pk}/approve_loan/").status_code == 403
    page = as_(assistant).get(key.get_absolute_url()).content.decode()
    assert "批准借用" in page
    assert as_(assistant).post(f"/registers/keys/{key.pk}/approve_loan/").status_code == 302
    assert as_(desk).post(f"/registers/keys/{key.pk}/lend/").status_code == 302
    assert KeyCustody.objects.get().status == KeyStatus.LENT


@pytest.mark.clause("STO-1")
def test_refused_goods_are_recorded_from_the_same_form(post, unit):
    form = NEW["storage"] | {"goods": "cash", "place": "", "signed": ""}
    answer = post("/registers/storage/add/", **form)
    assert answer.status_code == 422
    assert "写明拒收原因" in answer.content.decode()
    assert post("/registers/storage/add/", **form, refusal="请自己保管").status_code == 302
    assert Deposit.objects.get().status == "refused"


@pytest.mark.clause("STO-1")
def test_tag_prints_in_two_parts_with_its_number_on_both(as_, desk, a_deposit):
    deposit = a_deposit()
    page = as_(desk).get(f"{deposit.get_absolute_url()}print/").content.decode()
    assert page.count("</small> JC2026-0001</p>") == 2


@pytest.mark.clause("KEY-1")
def test_count_is_written_hook_by_hook(as_, desk, assistant, a_key, now):
    key = a_key()
    followups.open_due(now)
    count = KeyCount.objects.get()
    url = count.get_absolute_url()
    assert 'value="2"' in as_(desk).get(url).content.decode()
    answer = as_(desk).post(url, {f"n_{key.pk}": 1})
    assert answer.status_code == 422
    assert "写明差在哪里" in answer.content.decode()
    assert as_(desk).post(url, {f"n_{key.pk}": 1, "reason": "少一把"}).status_code == 302
    assert as_(desk).post(url, {f"n_{key.pk}": 2}).status_code == 409
    count.refresh_from_db()
    assert count.found == 1
    waiting = as_(desk).get(url).content.decode()
    assert "钥匙盘点不符" in waiting
    assert "记处理结果" not in waiting
    assert "待查" in as_(desk).get("/registers/key-counts/").content.decode()
    assert as_(assistant).post(f"{url}settle/", {"note": "找到了"}).status_code == 302
    page = as_(desk).get(url).content.decode()
    assert "<dd>少一把</dd>" in page
    assert "<dt>处理结果</dt><dd>找到了</dd>" in page
    assert "<dt>处理人</dt><dd>赵静" in page
    listed = as_(desk).get("/registers/key-counts/").content.decode()
    assert "找到了" in listed
    assert "待查" not in listed


@EVERY
def test_detail_costs_a_bounded_number_of_queries(
    register, as_, desk, records_of_all, django_assert_max_num_queries
):
    client = as_(desk)
    with django_assert_max_num_queries(13):
        client.get(records_of_all[register.slug].get_absolute_url())


def test_household_shows_what_the_desk_keeps(as_, desk, records_of_all, unit):
    page = as_(desk).get(f"/unit/{unit.pk}/").content.decode()
    assert f"/registers/mail/?unit={unit.pk}" in page
    assert "托管钥匙" in page
    assert (
        Mail.objects.get().number
        in as_(desk).get(f"/registers/mail/?unit={unit.pk}&state=all").content.decode()
    )


def test_lost_card_leads_to_the_card_that_replaces_it_and_back(post, as_, desk, issued_card, now):
    card = issued_card()
    cards.report_lost(card, said="王秀梅来电", by=desk, now=now)
    cards.block_done(card, by=desk, now=now)
    answer = post(f"{card.get_absolute_url()}replace/", card_number="C2")
    new = AccessCard.objects.get(card_number="C2")
    assert answer["Location"] == new.get_absolute_url()
    for one, other in ((card, new), (new, card)):
        page = as_(desk).get(one.get_absolute_url()).content.decode()
        assert f'href="{other.get_absolute_url()}"' in page


def test_list_says_who_has_the_key_and_finds_it_by_the_borrower(as_, desk, lent_key, a_key):
    a_key(label="K-08")
    client = as_(desk)
    page = client.get("/registers/keys/").content.decode()
    assert page.count("老马") == 1
    page = client.get("/registers/keys/?q=老马").content.decode()
    assert page.count("/registers/keys/") > 0
    assert (lent_key.number in page, "K-08" in page) == (True, False)


def test_list_of_one_home_says_so_and_adds_for_it(as_, desk, unit, resident, a_key):
    a_key()
    client = as_(desk)
    page = client.get(f"/registers/keys/?unit={unit.pk}").content.decode()
    assert f'<input type="hidden" name="unit" value="{unit.pk}">' in page
    assert f"/registers/keys/add/?unit={unit.pk}" in page
    page = client.get(f"/registers/keys/add/?unit={unit.pk}").content.decode()
    assert 'value="王秀梅"' in page


def test_loan_shows_the_approver_what_is_asked_for(as_, assistant, desk, a_key, loan_terms, now):
    key = a_key()
    keys.ask_loan(key, **loan_terms, by=desk, now=now)
    page = as_(assistant).get(key.get_absolute_url()).content.decode()
    for said in ("老马", "13800001111", "1 把", "查漏水", "同意进屋"):
        assert said in page


@pytest.mark.clause("ARC-1")
def test_retention_is_changed_on_its_page_with_a_reason(post, a_file):
    file = a_file(keep_until=date(2026, 11, 22))
    url = f"{file.get_absolute_url()}keep_longer/"
    assert post(url, until="2099-01-01", reason="").status_code == 422
    assert post(url, until="2099-01-01", reason="诉讼").status_code == 302
    file.refresh_from_db()
    assert file.keep_until == date(2099, 1, 1)


@EVERY
def test_saving_a_line_costs_a_bounded_number_of_queries(
    register, as_, desk, unit, resident, django_assert_max_num_queries
):
    client = as_(desk)
    with django_assert_max_num_queries(25):
        client.post(f"/registers/{register.slug}/add/", NEW[register.slug])
    assert register.model.objects.exists()


def test_withdrawing_a_request_is_possible_but_not_the_next_step(as_, desk, a_key, loan_terms, now):
    key = a_key()
    keys.ask_loan(key, **loan_terms, by=desk, now=now)
    page = as_(desk).get(key.get_absolute_url()).content.decode()
    assert "撤回申请" in page
    assert "btn-lg" not in page
    assert "现在没有要您做的步骤" not in page


@pytest.mark.clause("ARC-1")
def test_papers_are_filed_from_their_page_into_a_new_volume(post, as_, assistant, some_papers):
    papers = some_papers()
    url = f"{papers.get_absolute_url()}enter/"
    answer = post(url, volume="1", cabinet="", version=1)
    assert answer.status_code == 422
    assert "写新卷放哪个柜位" in answer.content.decode()
    assert post(url, volume="1", cabinet="D7", version=1).status_code == 302
    file = ArchiveFile.objects.get()
    page = as_(assistant).get(papers.get_absolute_url()).content.decode()
    assert f'href="{file.get_absolute_url()}"' in page
    assert "装修申请表" in as_(assistant).get(file.get_absolute_url()).content.decode()


@pytest.mark.clause("ARC-1")
def test_archive_is_checked_cabinet_by_cabinet_on_its_page(as_, desk, assistant, a_file, now):
    a_file()
    followups.open_due(now)
    check = ArchiveCheck.objects.get()
    url = check.get_absolute_url()
    said = {"tidied": "已整齐", "backup": "移动硬盘"}
    assert 'name="n_D1" value="1"' in as_(desk).get(url).content.decode()
    answer = as_(desk).post(url, said | {"n_D1": 0})
    assert answer.status_code == 422
    assert "写明差在哪里" in answer.content.decode()
    assert as_(desk).post(url, said | {"n_D1": 0, "reason": "卷不在"}).status_code == 302
    assert as_(assistant).post(f"{url}settle/", {"note": "在会议室"}).status_code == 302
    page = as_(desk).get(url).content.decode()
    assert "<dd>卷不在</dd>" in page
    assert "<dt>处理结果</dt><dd>在会议室</dd>" in page
    assert "移动硬盘" in page
    assert "?q=D1" in page
