from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from followups.models import FollowUp
from history.models import Entry
from registers import cells, workbooks
from registers.actions import mail, records
from registers.catalogue import BY_SLUG, REGISTERS
from registers.models import FilingPapers, Mail, RegisterImport, RegisterNumber
from registers.models.mail import MailKind
from spreadsheets.reader import cell_text, read_sheets
from spreadsheets.writer import Column, write_workbook
from tests.conftest import at

EVERY = pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.slug)
HEADS = ("房号", "收件人", "电话", "邮件类型", "单号", "完好情况")
GOOD = ("3-2-1102", "王秀梅", "13912341234", "特快专递", "E1", "完好")


def book(*rows, heads=HEADS):
    file = BytesIO()
    write_workbook(
        file, sheet_title="邮件", columns=[Column(head) for head in heads], rows=rows, notes=[]
    )
    return SimpleUploadedFile("邮件.xlsx", file.getvalue())


@pytest.fixture
def send(as_, assistant, unit, resident):
    def upload(*rows, slug="mail", **options):
        return as_(assistant).post(
            f"/registers/{slug}/import/", {"estate": unit.estate_id, "file": book(*rows, **options)}
        )

    return upload


def test_upload_writes_nothing_and_sorts_the_rows(send, as_, assistant):
    answer = send(GOOD, ("9-9-9999", *GOOD[1:4], "E2", "完好"), GOOD)
    batch = RegisterImport.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    assert not Mail.objects.exists()
    assert not RegisterNumber.objects.exists()
    assert [row["line"] for row in batch.good_rows] == [2]
    assert [(row["line"], row["problem"]) for row in batch.bad_rows] == [
        (3, "房号: 亚美花园没有“9-9-9999”这套房, 写成 3-2-1102 这样"),
        (4, "这个单号已登记, 还没领走"),
    ]
    page = as_(assistant).get(batch.get_absolute_url()).content.decode()
    assert "新登记 1 条" in page
    assert "第 3 行" in page


def test_confirmed_rows_are_entered_once_as_if_typed(send, as_, assistant, unit):
    send(GOOD)
    url = RegisterImport.objects.get().get_absolute_url()
    for _twice in range(2):
        as_(assistant).post(f"{url}start/")
    record = Mail.objects.get()
    assert (record.unit, record.kind, record.number) == (unit, "express", "YJ2026-0001")
    assert Entry.objects.about(record).get().event == "record.imported"
    assert RegisterImport.objects.get().written == 1


def test_row_that_became_impossible_since_the_preview_comes_back(send, as_, assistant, a_mail):
    send(GOOD)
    batch = RegisterImport.objects.get()
    a_mail(tracking_number="E1")
    as_(assistant).post(f"{batch.get_absolute_url()}start/")
    batch.refresh_from_db()
    assert (batch.written, len(batch.bad_rows)) == (0, 1)


def test_bad_rows_come_back_as_a_workbook_that_can_be_sent_again(send, as_, assistant):
    send(("", *GOOD[1:]), ("3-2-1102", "=1+1", "1", "鸽子", "E3", "完好"))
    url = RegisterImport.objects.get().get_absolute_url()
    answer = as_(assistant).get(f"{url}bad-rows/")
    rows = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows
    assert rows[0] == [*HEADS, "问题"]
    assert rows[1][-1] == "第 2 行: 房号: 写房号, 如 3-2-1102"
    assert "邮件类型: 没有“鸽子”这一种, 写成: 挂号信、特快专递、包裹、汇款单、电报" in rows[2][-1]
    assert rows[2][1] == "'=1+1"


def test_discarded_batch_writes_nothing(send, as_, assistant):
    send(GOOD)
    url = RegisterImport.objects.get().get_absolute_url()
    as_(assistant).post(f"{url}discard/")
    as_(assistant).post(f"{url}start/")
    assert not Mail.objects.exists()
    assert RegisterImport.objects.get().state == "discarded"


def test_strange_and_torn_files_are_refused_in_words(send, as_, assistant, estate):
    answer = send(GOOD, heads=("a", "b", "c", "d", "e", "f"))
    assert answer.status_code == 422
    assert "没有认得的列名" in answer.content.decode()
    torn = SimpleUploadedFile("x.xlsx", b"PK\x03\x04")
    answer = as_(assistant).post("/registers/mail/import/", {"estate": estate.pk, "file": torn})
    assert answer.status_code == 422
    assert send().status_code == 422
    assert not RegisterImport.objects.exists()


@pytest.mark.clause("CRD-1")
def test_cards_for_the_wrong_room_do_not_come_in_by_workbook(send):
    send(("3-2-1102", "李四", "C1"), slug="cards", heads=("房号", "持卡人", "卡号"))
    batch = RegisterImport.objects.get()
    assert (batch.good_rows, len(batch.bad_rows)) == ([], 1)


@EVERY
def test_export_can_be_read_back_and_says_who_took_it(register, as_, assistant, records_of_all):
    client = as_(assistant)
    answer = client.get(f"/registers/{register.slug}/export/?q=1102")
    rows = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows
    assert len(rows) == 2
    assert rows[1][0] == records_of_all[register.slug].number
    entry = Entry.objects.about(assistant).get(event="register.exported")
    assert entry.detail == {"register": register.slug, "rows": 1}


@EVERY
def test_template_has_the_columns_that_the_import_reads(register, as_, assistant):
    answer = as_(assistant).get(f"/registers/{register.slug}/import/template/")
    heads = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows[0]
    model = BY_SLUG[register.slug].model
    assert heads == [str(model._meta.get_field(name).verbose_name) for name in register.fields]


# --- out, changed, in again ---------------------------------------------------------------------


@pytest.fixture
def written_out(as_, assistant):
    """``written_out("mail")``: the headings and the rows of the exported workbook, as texts."""

    def download(slug):
        answer = as_(assistant).get(f"/registers/{slug}/export/?state=all")
        rows = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows
        return [[cell_text(cell) for cell in row] for row in rows]

    return download


@pytest.fixture
def read_in(as_, assistant, estate):
    """Upload a workbook of those rows and write it; returns the batch."""

    def upload(heads, *rows, slug="mail"):
        answer = as_(assistant).post(
            f"/registers/{slug}/import/", {"estate": estate.pk, "file": book(*rows, heads=heads)}
        )
        as_(assistant).post(f"{answer['Location']}start/")
        return RegisterImport.objects.get()

    return upload


def changed(heads, row, **cells):
    return [cells.get(head, cell) for head, cell in zip(heads, row, strict=True)]


@EVERY
def test_register_read_in_as_it_was_written_out_changes_nothing(
    register, written_out, read_in, records_of_all
):
    heads, *rows = written_out(register.slug)
    batch = read_in(heads, *rows, slug=register.slug)
    assert (batch.bad_rows, batch.unchanged, batch.written) == ([], 1, 0)
    assert register.model.objects.get().version == 1


def test_row_with_a_number_corrects_its_line_and_one_without_is_new(
    written_out, read_in, a_mail, assistant, as_
):
    letter = a_mail(sent_from="西安", phone="13912341234")
    heads, row = written_out("mail")
    new = changed(heads, row, 编号="", 单号="E7", 版本="")
    batch = read_in(heads, changed(heads, row, 收件人="王秀兰", 完好情况="破损"), new)
    assert (batch.bad_rows, batch.written, batch.changed[0]["says"]) == (
        [], 2, "收件人 王秀梅 → 王秀兰; 完好情况 完好 → 破损",
    )  # fmt: skip
    letter.refresh_from_db()
    assert (letter.recipient, letter.condition, letter.version) == ("王秀兰", "damaged", 2)
    entry = Entry.objects.about(letter).first()
    assert (entry.event, entry.by_name) == ("record.changed", assistant.name)
    assert Mail.objects.get(tracking_number="E7").number == "YJ2026-0002"
    page = as_(assistant).get(batch.get_absolute_url()).content.decode()
    assert "收件人 王秀梅 → 王秀兰" in page


@pytest.mark.clause("CRD-1")
def test_workbook_tells_deposit_from_fee_both_ways(written_out, read_in, a_card):
    card = a_card(fee_kind="deposit", fee=50, receipt="S1")
    heads, row = written_out("cards")
    assert dict(zip(heads, row, strict=True))["收的是"] == "押金"
    batch = read_in(heads, changed(heads, row, 收的是="工本费"), slug="cards")
    assert batch.changed[0]["says"] == "收的是 押金 → 工本费"
    card.refresh_from_db()
    assert card.fee_kind == "cost"


@pytest.mark.clause("ARC-1")
def test_papers_come_in_by_workbook_and_are_owed(read_in, unit):
    heads = ("房号", "材料种类", "内容", "办完手续时间")
    batch = read_in(heads, ("3-2-1102", "装修", "装修申请", "2026-11-20 10:00"), slug="papers")
    assert (batch.bad_rows, batch.written) == ([], 1)
    papers = FilingPapers.objects.get()
    assert papers.formality_at == at("2026-11-20 10:00")
    assert FollowUp.objects.open().about(papers).get().due_at == at("2026-11-21 10:00")


def test_what_a_step_decides_is_not_changed_in_a_workbook(written_out, read_in, a_key):
    key = a_key()
    heads, row = written_out("keys")
    batch = read_in(heads, changed(heads, row, 状态="业主领回", 数量="9", 柜位="乙9"), slug="keys")
    assert batch.bad_rows[0]["problem"] == ("“状态、数量”不能在表里改, 打开 YS2026-0001 按步骤办")
    key.refresh_from_db()
    assert (key.status, key.quantity, key.cabinet) == ("held", 2, "甲3")


def test_row_older_than_the_line_is_refused_and_names_the_colleague(
    written_out, read_in, a_mail, desk, now
):
    letter = a_mail()
    heads, row = written_out("mail")
    records.change(letter, {"sent_from": "北京"}, seen=1, by=desk, now=now)
    batch = read_in(heads, changed(heads, row, 收件人="王秀兰"))
    assert batch.bad_rows[0]["problem"] == (
        "导出以后张敏改过这一条(11-23 15:00 修改)。重新导出再改"
    )
    letter.refresh_from_db()
    assert (letter.recipient, letter.sent_from) == ("王秀梅", "北京")


def test_row_that_was_not_touched_stays_out_of_the_way_when_the_line_moved_on(
    written_out, read_in, a_mail, desk, now
):
    letter = a_mail()
    heads, row = written_out("mail")
    mail.tell(letter, told_how="phone", by=desk, now=now)
    batch = read_in(heads, row)
    assert (batch.bad_rows, batch.unchanged) == ([], 1)


def test_unknown_number_wrong_choice_and_closed_line_come_back_with_the_reason(
    written_out, read_in, a_mail, desk, now
):
    mail.send_back(a_mail(), reason="查无此人", by=desk, now=now)
    a_mail(tracking_number="E2")
    heads, open_row, closed_row = written_out("mail")
    batch = read_in(
        heads,
        changed(heads, open_row, 编号="YJ2026-0099"),
        changed(heads, open_row, 邮件类型="鸽子"),
        changed(heads, closed_row, 收件人="别人"),
    )
    problems = [row["problem"] for row in batch.bad_rows]
    assert problems[0] == "没有编号 YJ2026-0099。新登记的行把编号空着"
    assert "鸽子" in problems[1]
    assert problems[2] == "YJ2026-0001已经结束, 不能再改"
    assert batch.written == 0


def test_line_of_another_estate_is_no_line_of_this_one(read_in, a_mail, other_estate):
    letter = a_mail()
    Mail.objects.filter(pk=letter.pk).update(estate=other_estate)
    batch = read_in(("编号", "收件人"), (letter.number, "王秀兰"))
    assert "没有编号" in batch.bad_rows[0]["problem"]


@EVERY
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_heading_of_a_register_is_its_own(register, language):
    with override(language):
        heads = [cells.heading(register, name) for name in workbooks.exported(register)]
        assert workbooks.names_of(heads, register) == list(workbooks.exported(register))


def test_workbook_written_in_english_is_read_in_chinese(read_in, a_mail):
    letter = a_mail()
    with override("en"):
        register = BY_SLUG["mail"]
        heads = [cells.heading(register, name) for name in ("number", "kind", "sent_from")]
        row = [letter.number, str(MailKind.REGISTERED.label), "北京"]
    batch = read_in(heads, row)
    letter.refresh_from_db()
    assert (batch.bad_rows, letter.kind, letter.sent_from) == ([], "registered", "北京")
