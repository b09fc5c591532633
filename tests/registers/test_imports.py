from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from history.models import Entry
from registers.catalogue import BY_SLUG, REGISTERS
from registers.models import Mail, RegisterImport, RegisterNumber
from spreadsheets.reader import read_sheets
from spreadsheets.writer import Column, write_workbook

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
        (3, "亚美花园没有“9-9-9999”这套房, 写成 3-2-1102 这样"),
        (4, "这个单号已登记, 还没领走"),
    ]
    page = as_(assistant).get(batch.get_absolute_url()).content.decode()
    assert "可以写入 1 条" in page
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
    assert rows[1][-1] == "第 2 行: 写房号, 如 3-2-1102"
    assert "鸽子" in rows[2][-1]
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


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.slug)
def test_export_can_be_read_back_and_says_who_took_it(register, as_, assistant, records_of_all):
    client = as_(assistant)
    answer = client.get(f"/registers/{register.slug}/export/?q=1102")
    rows = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows
    assert len(rows) == 2
    assert rows[1][0] == records_of_all[register.slug].number
    entry = Entry.objects.about(assistant).get(event="register.exported")
    assert entry.detail == {"register": register.slug, "rows": 1}


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.slug)
def test_template_has_the_columns_that_the_import_reads(register, as_, assistant):
    answer = as_(assistant).get(f"/registers/{register.slug}/import/template/")
    heads = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows[0]
    model = BY_SLUG[register.slug].model
    assert heads == [str(model._meta.get_field(name).verbose_name) for name in register.fields]
