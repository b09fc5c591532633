"""Clocks, moments, lengths and masks, as every page writes them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.conftest import at
from yamei.templatetags.clock import state_of, words_of
from yamei.templatetags.moments import (
    duration_text,
    exact,
    masked_name,
    masked_phone,
    moment_text,
    money,
    planned_text,
)

NOW = at("2026-11-23 15:00")


def owed(*, started=-10, due=10, done=None, paused=None, reason=""):
    def moment(minutes):
        return None if minutes is None else NOW + timedelta(minutes=minutes)

    return SimpleNamespace(
        started_at=moment(started), due_at=moment(due), done_at=moment(done),
        paused_at=moment(paused), pause_reason=reason,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("followup", "state", "words"),
    [
        (owed(started=-5, due=-8), "late", "已超 8 分钟"),
        (owed(started=-20, due=5), "risk", "还剩 5 分钟"),
        (owed(started=0, due=42), "ok", "还剩 42 分钟"),
        (owed(started=-1, due=1), "risk", "还剩 1 分钟"),
        (owed(started=0, due=0), "risk", "还剩 不到 1 分钟"),
        (owed(due=-8, paused=-9, reason="待料"), "paused", "暂停 · 待料"),
        (owed(due=10, done=5), "done", "按时完成"),
        (owed(started=-30, due=-20, done=-8), "done", "超时 12 分钟完成"),
        (owed(started=-5, due=-(24 * 60 + 180)), "late", "已超 1 天 3 小时"),
        (owed(started=0, due=2 * 24 * 60), "ok", "11月25日 周三 15:00"),
    ],
)
def test_clock_says(followup, state, words):
    assert (state_of(followup, NOW), words_of(followup, NOW)) == (state, words)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-23 15:02", "15:02"),
        ("2026-11-22 23:59", "昨天 23:59"),
        ("2026-11-24 00:00", "明天 00:00"),
        ("2026-11-20 15:02", "11月20日 15:02"),
        ("2025-11-20 15:02", "2025年11月20日"),
    ],
)
def test_moment_in_a_list(moment, text):
    assert moment_text(at(moment), NOW) == text


def test_moment_elsewhere():
    assert planned_text(at("2026-11-25 09:00")) == "11月25日 周三 09:00"
    assert exact(at("2026-11-23 15:02")) == "2026-11-23 15:02"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "不到 1 分钟"), (59, "不到 1 分钟"), (60, "1 分钟"), (3600, "1 小时"),
     (4800, "1 小时 20 分"), (86400, "1 天"), (97200, "1 天 3 小时"), (8 * 86400 + 7200, "8 天")],
)  # fmt: skip
def test_duration(seconds, text):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13912341234", "139****1234"), ("029-88881234", "029-****1234"), ("", ""), (None, ""),
     ("110", "****"), ("95598", "**5598")],
)  # fmt: skip
def test_phone_is_masked(phone, masked):
    assert masked_phone(phone) == masked


def test_name_is_masked():
    assert [masked_name(name) for name in ("王秀梅", "欧阳娜", "", None)] == [
        "王**",
        "欧阳**",
        "",
        "",
    ]


def test_money():
    assert (money(1280), money(None)) == ("¥1,280.00", "")
