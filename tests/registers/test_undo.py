"""A workbook that was read in by mistake is taken back as a whole, except what somebody used since."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from followups.models import FollowUp
from history.models import Entry
from registers.actions import mail
from registers.models import ArchiveFile, Mail, RegisterImport
from spreadsheets.reader import cell_text, read_sheets
from spreadsheets.writer import Column, write_workbook

HEADS = ("房号", "收件人", "电话", "邮件类型", "单号", "完好情况")


def letter(number):
    return ("3-2-1102", "王秀梅", "13912341234", "特快专递", number, "完好")


@pytest.fixture
def read_in(as_, assistant, estate, unit, resident):
    """Upload a workbook of those rows and write it; returns the batch."""

    def upload(*rows, heads=HEADS, slug="mail"):
        file = BytesIO()
        columns = [Column(head) for head in heads]
        write_workbook(file, sheet_title="a", columns=columns, rows=rows, notes=[])
        answer = as_(assistant).post(
            f"/registers/{slug}/import/",
            {"estate": estate.pk, "file": SimpleUploadedFile("a.xlsx", file.getvalue())},
        )
        as_(assistant).post(f"{answer['Location']}start/")
        return RegisterImport.objects.latest("pk")

    return upload


@pytest.fixture
def undo(as_, assistant):
    """Press the button; returns the page that follows."""

    def press(batch):
        url = batch.get_absolute_url()
        as_(assistant).post(f"{url}undo/")
        batch.refresh_from_db()
        return as_(assistant).get(url).content.decode()

    return press


def test_new_lines_go_with_what_they_made_people_owe_and_their_numbers(
    read_in, undo, a_mail, as_, assistant
):
    a_mail(tracking_number="E0")
    batch = read_in(letter("E1"), letter("E2"))
    assert FollowUp.objects.open().count() == 3
    shown = as_(assistant).get(batch.get_absolute_url()).content.decode()
    assert all(f">{record.number}</a>" in shown for record in Mail.objects.all()[:2])
    page = undo(batch)
    assert "写入的 2 条已于" in page
    assert list(Mail.objects.values_list("number", flat=True)) == ["YJ2026-0001"]
    assert FollowUp.objects.open().count() == 1
    assert a_mail(tracking_number="E3").number == "YJ2026-0002"
    entry = Entry.objects.get(event="register.import_undone")
    assert entry.detail["numbers"] == ["YJ2026-0003", "YJ2026-0002"]


def test_line_that_was_used_since_stays_with_the_reason(read_in, undo, desk, now):
    batch = read_in(letter("E1"), letter("E2"))
    used = Mail.objects.get(tracking_number="E1")
    mail.tell(used, told_how="phone", by=desk, now=now)
    page = undo(batch)
    assert list(Mail.objects.all()) == [used]
    assert batch.kept == [{"line": 2, "problem": f"{used.number}导入以后办过步骤或改过, 保留"}]
    assert batch.kept[0]["problem"] in page


def test_changed_line_gets_its_old_words_back(read_in, undo, a_file, as_, assistant):
    file = a_file(title="旧名", cabinet="D1")
    answer = as_(assistant).get("/registers/archive/export/?state=all")
    heads, row = read_sheets(BytesIO(b"".join(answer.streaming_content)))[0].rows
    new = {"卷名": "新名", "柜位": "D9", "密级": "一般"}
    batch = read_in(
        [new.get(head, cell_text(cell)) for head, cell in zip(heads, row, strict=True)],
        heads=heads, slug="archive",
    )  # fmt: skip
    file.refresh_from_db()
    assert (file.title, file.cabinet, file.secrecy) == ("新名", "D9", "open")
    undo(batch)
    file.refresh_from_db()
    assert (file.title, file.cabinet, file.secrecy) == ("旧名", "D1", "internal")
    assert ArchiveFile.objects.count() == 1


def test_import_is_undone_once_and_within_a_day(read_in, undo, as_, assistant):
    batch = read_in(letter("E1"))
    RegisterImport.objects.update(written_at=timezone.now() - timedelta(hours=25))
    page = undo(batch)
    assert "只能撤销 24 小时内写入的导入" in page
    assert "撤销整批导入" not in page
    assert Mail.objects.count() == 1
    RegisterImport.objects.update(written_at=timezone.now())
    undo(batch)
    assert batch.state == "undone"
    assert "只能撤销 24 小时内写入的导入" in undo(batch)
    assert Entry.objects.filter(event="register.import_undone").count() == 1


def test_only_who_may_import_may_undo(read_in, as_, desk):
    batch = read_in(letter("E1"))
    assert as_(desk).post(f"{batch.get_absolute_url()}undo/").status_code == 403
    assert Mail.objects.count() == 1
