"""LOG-1 and SUM-1: opened by the calendar, figures taken by the system, signed, kept."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Leave
from followups.models import FollowUp
from history.models import Entry
from office import followups
from office.actions import logs
from office.figures import filled
from office.models import ButlerCheck, DailyLog, MonthlySummary
from office.statuses import LOG_MOVES, SUMMARY_MOVES, LogStatus, SummaryStatus
from office.tables import monthly, monthly_tables
from repairs.models import Repair
from spreadsheets.reader import read_sheets
from tests.conftest import at
from tests.office.conftest import SUMMED, WRITTEN
from tests.repairs.factories import write_slip


def owed(paper, kind):
    return FollowUp.objects.open().about(paper).filter(kind=kind)


@pytest.mark.clause("LOG-1")
def test_log_is_owed_by_the_assistant_each_working_day_once(assistant, butler, estate, now):
    for minutes in range(3):
        followups.open_due(now + timedelta(minutes=minutes))
    log = DailyLog.objects.get()
    row = owed(log, "office.daily_log").get()
    assert (row.owner_post, row.due_at) == ("cs_assistant", at("2026-11-23 18:00"))
    followups.open_due(at("2026-11-24 00:01"))
    assert DailyLog.objects.count() == 2


@pytest.mark.clause("LOG-1")
@pytest.mark.parametrize("day", ["2026-11-22 09:00", "2026-10-01 09:00"])  # Sunday, holiday
def test_log_is_not_owed_on_days_off(assistant, butler, estate, day):
    followups.open_due(at(day))
    assert not DailyLog.objects.exists()
    assert not ButlerCheck.objects.exists()


@pytest.mark.clause("LOG-1")
def test_log_of_a_day_off_is_written_when_somebody_works(estate, assistant):
    sunday = at("2026-11-22 10:00")
    log = logs.open_log(estate=estate, day=sunday.date(), by=assistant, now=sunday)
    assert owed(log, "office.daily_log").get().due_at == at("2026-11-22 18:00")
    assert logs.open_log(estate=estate, day=sunday.date(), by=assistant, now=sunday) == log
    with pytest.raises(ValidationError):
        logs.open_log(estate=estate, day=date(2026, 11, 23), by=assistant, now=sunday)


def test_log_page_begins_the_log_of_a_day(as_, estate, assistant):
    day = timezone.localdate() - timedelta(days=1)
    url = reverse("office:log_add")
    answer = as_(assistant).post(url, {"estate": estate.pk, "day": f"{day}"})
    assert answer.url == DailyLog.objects.get(day=day).get_absolute_url()


def test_log_of_one_day_is_one_row(log, estate, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        DailyLog.objects.create(estate=estate, day=log.day, opened_at=now)


def test_log_opened_by_another_scan_meanwhile_is_no_error(log, estate, now):
    again = DailyLog(estate=estate, day=log.day, opened_at=now)
    assert not followups._open_once(again, followups.DAILY_LOG, due_at=now, now=now)
    assert owed(log, "office.daily_log").count() == 1


@pytest.mark.clause("LOG-1")
def test_submitting_takes_the_figures_and_owes_the_signature(log, estate, desk, assistant, now):
    for minutes in (1, 2):
        write_slip(estate, by=desk, now=now - timedelta(minutes=minutes))
    write_slip(estate, by=desk, now=now - timedelta(days=3))
    logs.submit_log(log, by=assistant, now=now, **WRITTEN)
    assert log.figures["repairs.reported"] == 2
    assert log.figures["repairs.open"] == 3
    write_slip(estate, by=desk, now=now + timedelta(minutes=1))
    log.refresh_from_db()
    assert log.figures["repairs.reported"] == 2  # kept as it was
    assert not owed(log, "office.daily_log").exists()
    assert owed(log, "office.sign_log").get().owner_post == "cs_manager"


@pytest.mark.parametrize("missing", ["attendance", "important", "tomorrow"])
def test_submitting_without_the_words_is_refused(log, assistant, now, missing):
    with pytest.raises(ValidationError) as refused:
        logs.submit_log(log, by=assistant, now=now, **(WRITTEN | {missing: " "}))
    assert missing in refused.value.error_dict
    log.refresh_from_db()
    assert log.status == LogStatus.DRAFT


def test_submitting_a_day_to_come_is_refused(estate, assistant, now):
    log = DailyLog.objects.create(estate=estate, day=date(2026, 11, 24), opened_at=now)
    with pytest.raises(ValidationError):
        logs.submit_log(log, by=assistant, now=now, **WRITTEN)


@pytest.mark.clause("LOG-1")
def test_manager_signs_and_nobody_signs_his_own(submitted, manager, assistant, now):
    with pytest.raises(ValidationError, match="上级"):
        logs.sign_log(submitted, by=assistant, now=now)
    logs.sign_log(submitted, by=manager, now=now, opinion="好")
    assert submitted.status == LogStatus.SIGNED
    assert not FollowUp.objects.open().about(submitted).exists()
    assert Entry.objects.about(submitted).filter(event="log.signed").count() == 1


def test_log_written_by_the_manager_is_signed_by_the_general_manager(log, manager, now):
    logs.submit_log(log, by=manager, now=now, **WRITTEN)
    assert owed(log, "office.sign_log").get().owner_post == "general_manager"


def test_returned_log_is_owed_again_by_its_old_moment(submitted, manager, now):
    logs.return_log(submitted, by=manager, now=now + timedelta(days=1), reason="写明夜里的事")
    assert submitted.status == LogStatus.DRAFT
    assert owed(submitted, "office.daily_log").get().due_at == at("2026-11-23 18:00")
    assert submitted.important == WRITTEN["important"]


def test_signing_twice_says_who_was_faster(submitted, manager, gm, now):
    stale = DailyLog.objects.get(pk=submitted.pk)
    logs.sign_log(submitted, by=manager, now=now)
    with pytest.raises(ValidationError, match="周经理"):
        logs.sign_log(stale, by=gm, now=now)


@pytest.mark.clause("SUM-1")
def test_summary_of_the_month_before_is_owed_by_its_day(assistant, butler, estate):
    followups.open_due(at("2026-12-01 00:05"))
    followups.open_due(at("2026-12-01 00:06"))
    summary = MonthlySummary.objects.get()
    assert summary.month == date(2026, 11, 1)
    assert owed(summary, "office.monthly_summary").get().due_at == at("2026-12-05 18:00")


@pytest.mark.clause("SUM-1")
@pytest.mark.parametrize("missing", list(SUMMED))
def test_summary_needs_suggestions_and_measures(summary, assistant, now, missing):
    with pytest.raises(ValidationError) as refused:
        logs.report_summary(summary, by=assistant, now=now, **(SUMMED | {missing: ""}))
    assert missing in refused.value.error_dict


def test_summary_of_a_running_month_is_refused(estate, assistant, now):
    summary = logs.open_summary(estate=estate, month=date(2026, 11, 1), by=assistant, now=now)
    with pytest.raises(ValidationError, match="还没有过完"):
        logs.report_summary(summary, by=assistant, now=now, **SUMMED)


@pytest.mark.clause("SUM-1")
def test_summary_goes_up_the_line_and_keeps_its_figures(
    summary, estate, desk, assistant, manager, gm, now
):
    write_slip(estate, by=desk, now=at("2026-10-05 09:00"))
    logs.report_summary(summary, by=assistant, now=now, **SUMMED)
    assert {each.key for each in monthly()} == set(summary.figures) == set(summary.rows)
    assert summary.figures["repairs.reported"] == 1
    Repair.objects.update(reported_at=at("2026-09-05 09:00"))
    logs.review_summary(summary, by=manager, now=now, review="同意")
    assert owed(summary, "office.read_summary").get().owner_post == "general_manager"
    logs.read_summary(summary, by=gm, now=now)
    summary.refresh_from_db()
    assert summary.status == SummaryStatus.READ
    assert summary.figures["repairs.reported"] == 1
    assert not FollowUp.objects.open().about(summary).exists()


def test_returned_summary_counts_anew(summary, assistant, manager, now):
    logs.report_summary(summary, by=assistant, now=now, **SUMMED)
    logs.return_summary(summary, by=manager, now=now, reason="补夜班")
    assert summary.figures == {}
    assert owed(summary, "office.monthly_summary").exists()


def test_moves_name_every_state():
    assert set(LOG_MOVES) == set(LogStatus)
    assert set(SUMMARY_MOVES) == set(SummaryStatus)


@pytest.mark.clause("LOG-1")
def test_log_page_begins_with_who_is_there_and_who_is_on_leave(
    as_, log, assistant, desk, desk2, now
):
    client, url = as_(assistant), reverse("office:log_detail", args=[log.pk])
    assert "应到 5 人, 无人请假" in client.get(url).content.decode()
    Leave.objects.create(staff=desk2, deputy=desk, starts_at=at("2026-11-23 08:00"),
                         ends_at=at("2026-11-24 08:00"))  # fmt: skip
    Leave.objects.create(staff=desk, deputy=desk2, starts_at=at("2026-11-24 08:00"),
                         ends_at=at("2026-11-25 08:00"))  # fmt: skip
    assert "应到 5 人, 请假 1 人: 李倩" in client.get(url).content.decode()
    logs.save_log(log, by=assistant, now=now, attendance="写过的")
    assert "写过的" in client.get(url).content.decode()


@pytest.mark.clause("LOG-1")
def test_log_page_saves_submits_and_prints(as_, log, assistant, manager):
    DailyLog.objects.update(day=timezone.localdate())
    client = as_(assistant)
    url = reverse("office:log_detail", args=[log.pk])
    assert "由系统按现在的记录填" in client.get(url).content.decode()
    saved = client.post(f"{url}save/", WRITTEN | {"version": log.version})
    assert saved.status_code == 302
    log.refresh_from_db()
    sent = client.post(f"{url}submit/", WRITTEN | {"version": log.version})
    assert sent.status_code == 302
    sheet = client.get(f"{url}print/").content.decode()
    for words in (WRITTEN["important"], WRITTEN["tomorrow"], "赵静", "a4-portrait", "天气"):
        assert words in sheet


def test_log_page_stale_version_is_409_with_both_texts(as_, log, assistant, now):
    logs.save_log(log, by=assistant, now=now, important="同事写的")
    url = reverse("office:log_submit", args=[log.pk])
    answer = as_(assistant).post(url, WRITTEN | {"important": "我写的", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "同事写的" in page
    assert "我写的" in page
    log.refresh_from_db()
    assert log.important == "同事写的"


def test_log_page_refused_keeps_what_was_typed(as_, log, assistant):
    url = reverse("office:log_submit", args=[log.pk])
    answer = as_(assistant).post(url, {"attendance": "全到", "version": log.version})
    assert answer.status_code == 422
    assert "全到" in answer.content.decode()


@pytest.mark.clause("SUM-1")
def test_summary_export_holds_every_figure_of_the_page(as_, summary, estate, desk, assistant, now):
    write_slip(estate, by=desk, now=at("2026-10-05 09:00"))
    logs.report_summary(summary, by=assistant, now=now, **SUMMED)
    answer = as_(assistant).get(reverse("office:summary_export", args=[summary.pk]))
    figures, notes = read_sheets(BytesIO(b"".join(answer.streaming_content)))
    written = {tuple(row[:3]): row[3] for row in figures.rows[1:]}
    shown = {
        (str(table.title), str(row.label), str(column)): "" if cell.value is None else cell.value
        for table, rows in filled(monthly_tables(), summary.figures)
        for row in rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    }
    assert written == shown
    assert written["报修与回访", "报修", "件数"] == 1
    assert len(written) > 60
    assert set(SUMMED.values()) < {row[1] for row in notes.rows}


def test_summary_prints_its_tables_and_words(as_, summary, assistant, now):
    logs.report_summary(summary, by=assistant, now=now, **SUMMED)
    sheet = as_(assistant).get(reverse("office:summary_print", args=[summary.pk])).content.decode()
    for words in (*SUMMED.values(), "报修及时率", "投诉按等级", "走访覆盖", "培训", "各岗位跟进"):
        assert words in sheet
