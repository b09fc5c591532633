"""Phones in every spelling that desks and files use."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from estates.phones import clean_phone, digits_of


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13912341234", "13912341234"),
        ("139 1234 1234", "13912341234"),
        ("+86 13812248789", "13812248789"),
        ("8613912341234", "13912341234"),
        ("１３９１２３４１２３４", "13912341234"),
        ("13824784691.0", "13824784691"),
        ("０２９-８８408641", "029-88408641"),
        ("02988881234", "029-88881234"),
        ("+86 29 88881234", "029-88881234"),
        ("0571-87654321", "0571-87654321"),
        ("029-88881234转801", "029-88881234-801"),
        ("400-800-1234", "4008001234"),
        ("110", "110"),
        ("10086", "10086"),
        ("+852 5123 4567", "+85251234567"),
        ("", ""),
        (None, ""),
    ],
)
def test_phone_is_kept_in_one_spelling(typed, number):
    assert clean_phone(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["1382146307", "88881234", "abc", "12345678901", "1" * 1000, "139123412345", "02912", "+8612"],
)
def test_wrong_phone_is_refused_in_the_words_of_the_screens(typed):
    with pytest.raises(ValidationError) as refused:
        clean_phone(typed)
    assert refused.value.messages == ["电话应为 11 位手机号, 或带区号的座机, 如 029-88881234"]


@given(st.text())
def test_any_text_is_a_phone_or_refused(text):
    try:
        number = clean_phone(text)
    except ValidationError:
        return
    assert clean_phone(number) == number
    assert len(number) <= 20


@given(st.text(alphabet="0123456789+-转 ０１", max_size=24))
def test_any_digits_are_a_phone_or_refused(text):
    test_any_text_is_a_phone_or_refused.hypothesis.inner_test(text)


def test_digits_of_leaves_the_extension_out():
    assert digits_of("029-88881234-801") == "02988881234"
    assert digits_of("13912341234") == "13912341234"
