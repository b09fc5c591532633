"""Text and moments as they are typed at the desk; now is Monday 2026-11-23 15:00."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from estates.typed import clean_text, parse_moment
from tests.conftest import at

NOW = at("2026-11-23 15:00")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("15", "2026-11-24 15:00"),
        ("16", "2026-11-23 16:00"),
        ("1530", "2026-11-23 15:30"),
        ("15:30", "2026-11-23 15:30"),
        ("１５：３０", "2026-11-23 15:30"),
        ("9.5", "2026-11-24 09:30"),
        ("9.30", "2026-11-24 09:30"),
        ("明天9点", "2026-11-24 09:00"),
        ("mt9", "2026-11-24 09:00"),
        ("周六上午", "2026-11-28 09:00"),
        ("周一16", "2026-11-23 16:00"),
        ("周一上午", "2026-11-30 09:00"),
        ("下周三下午3点半", "2026-12-02 15:30"),
        ("九点半", "2026-11-24 09:30"),
        ("下午三点一刻", "2026-11-23 15:15"),
        ("今晚8点", "2026-11-23 20:00"),
        ("今天", "2026-11-23 18:00"),
        ("晚上12点", "2026-11-24 00:00"),
        ("11月25日 9:00", "2026-11-25 09:00"),
        ("2026-11-24T09:00", "2026-11-24 09:00"),
        ("2小时后", "2026-11-23 17:00"),
        ("后天", "2026-11-25 09:00"),
        ("20号", "2026-12-20 09:00"),
        ("明天9点前", "2026-11-24 09:00"),
    ],
)
def test_moment_is_read_as_said(typed, moment):
    assert parse_moment(typed, NOW) == at(moment)


@pytest.mark.parametrize("typed", ["", "尽快", " 马上 ", None])
def test_as_soon_as_possible_is_no_moment(typed):
    assert parse_moment(typed, NOW) is None


def test_past_moment_is_refused_with_what_to_do():
    with pytest.raises(ValidationError) as refused:
        parse_moment("今天14:00", NOW)
    assert refused.value.messages == ["预约时间 14:00 已经过了。改为今天 16:00 之后, 或选“尽快”"]


def test_past_moment_late_at_night_points_to_tomorrow():
    with pytest.raises(ValidationError, match="改为明天 00:00 之后"):
        parse_moment("今天14:00", at("2026-11-23 23:30"))


@pytest.mark.parametrize("typed", ["下辈子", "25", "2500", "13月2日", "2月30日", "9999999", "😀"])
def test_unreadable_moment_is_refused_with_examples(typed):
    with pytest.raises(ValidationError, match="看不懂时间"):
        parse_moment(typed, NOW)


def test_moment_is_bounded():
    with pytest.raises(ValidationError, match="超过一年"):
        parse_moment("2028-01-01", NOW)


@given(
    st.text()
    | st.text(
        alphabet="0123456789:.点半上下午晚今明后天周一六日下号月后小时 -/mtws十二两", max_size=14
    )
)
def test_any_text_is_a_moment_ahead_or_refused(text):
    try:
        moment = parse_moment(text, NOW)
    except ValidationError:
        return
    assert moment is None or moment > NOW


@given(st.text())
def test_clean_text_holds_nothing_that_breaks_a_record(text):
    cleaned = clean_text(text)
    assert "\x00" not in cleaned
    assert cleaned == clean_text(cleaned)
    cleaned.encode()


def test_clean_text_keeps_lines_emoji_and_chinese_signs():
    assert clean_text(" 漏水\r\n，很大👨‍👩‍👧\x00\u202e ") == "漏水\n，很大👨‍👩‍👧"
