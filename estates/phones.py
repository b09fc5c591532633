"""Phone numbers as staff and customers' files write them."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from estates.typed import clean_text, half_width

_MOBILE = re.compile(r"0?(1[3-9][0-9]{9})")
_COMPANY = re.compile(r"[48]00[0-9]{7}")
_SERVICE = re.compile(r"11[0-9]|12[0-2]|1[02][0-9]{3}|9[56][0-9]{3,4}")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|[#*,x])\s*([0-9]{1,5})$|(?<=[0-9]{7})-([0-9]{1,5})$")
PROBLEM = _("电话应为 11 位手机号, 或带区号的座机, 如 029-88881234")


def clean_phone(text: str | None) -> str:
    """Return the number in one spelling; empty stays empty.

    Mobile and 400/800 numbers are digits only, landlines ``029-88881234`` with an extension as
    ``029-88881234-801``, short service numbers as dialled, foreign ones ``+85251234567``.
    Full-width digits, +86, spaces and dashes are read. Raises ValidationError in the words of
    screens.md 3.5 for anything else.
    """
    typed = half_width(clean_text(text)).lower().replace("－", "-").replace("—", "-")
    if not typed:
        return ""
    if len(typed) > 40:
        raise ValidationError(PROBLEM, code="phone")
    typed = re.sub(r"\.0$", "", typed)  # a number cell of a spreadsheet
    extension = ""
    found = _EXTENSION.search(typed)
    if found:
        extension = "-" + (found[1] or found[2])
        typed = typed[: found.start()]
    digits = re.sub(r"[\s().\-·]", "", typed)
    if re.match(r"\+86|0086", digits):
        digits = re.sub(r"^(\+86|0086)", "", digits)
        if re.match(r"[2-9]", digits) and not _COMPANY.fullmatch(digits):
            digits = "0" + digits  # +86 29 8888 1234 leaves the trunk 0 out
    elif re.fullmatch(r"86(1[3-9][0-9]{9})", digits):
        digits = digits[2:]
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mobile[1]
    if _COMPANY.fullmatch(digits):
        return digits + extension
    if _SERVICE.fullmatch(digits):
        return digits
    number = _landline(digits) or _foreign(digits)
    if not number:
        raise ValidationError(PROBLEM, code="phone")
    return number + extension


def digits_of(phone: str) -> str:
    """The digits to look a number up by, without extension."""
    parts = phone.split("-")
    return re.sub(r"[^0-9]", "", "".join(parts[:2]) if phone.startswith("0") else parts[0])


def _parsed(text, region):
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _landline(digits):
    if not re.fullmatch(r"0[0-9]{9,11}", digits):
        return ""
    number = _parsed(digits, "CN")
    if not number or not phonenumbers.is_valid_number(number):
        return ""
    area_length = phonenumbers.length_of_national_destination_code(number)
    if not area_length:
        return ""
    national = str(number.national_number)
    return f"0{national[:area_length]}-{national[area_length:]}"


def _foreign(digits):
    if not re.fullmatch(r"(\+|00)[1-9][0-9]{6,14}", digits):
        return ""
    number = _parsed(re.sub(r"^00", "+", digits), None)
    if not number or number.country_code == 86 or not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(phone: str | None) -> str:
    """139****1234, 029-****1234: enough to recognise, not enough to call."""
    text = str(phone or "")
    if not text:
        return ""
    if "-" in text:
        area, _dash, number = text.partition("-")
        return f"{area}-{'*' * max(len(number) - 4, 3)}{number[-4:]}"
    if len(text) >= 11:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    return f"{'*' * max(len(text) - 4, 2)}{text[-4:]}" if len(text) > 4 else "****"
