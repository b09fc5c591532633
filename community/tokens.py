"""The personal link of a household's form: made from a random nonce and the house's own key.

Nothing in the database alone opens a form, a guess has one chance in 2^128, and a new nonce makes
every older link void.
"""

import base64
import re
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from community.models import Questionnaire

# What a chat window takes along behind an address (a full stop, a bracket, a slash) is left out.
_SHAPE = re.compile(r"([0-9a-z]{1,11})-([A-Za-z0-9_-]{22})[^A-Za-z0-9_-]{0,9}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_nonce() -> str:
    return secrets.token_hex(16)


def token_of(form: Questionnaire) -> str:
    """The token of a form: its number in base 36 and 128 bits of signature."""
    return f"{_base36(form.pk)}-{_signature(form)}"


def address_of(form: Questionnaire) -> str:
    """What the QR code on paper and the message to the resident hold: PUBLIC_URL/s/<token>."""
    return f"{settings.PUBLIC_URL}{reverse('community:answer', args=[token_of(form)])}"


def form_of(token: str) -> Questionnaire | None:
    """The form that a token opens; None for a foreign, mistyped or guessed one. One query."""
    shape = _SHAPE.fullmatch(token)
    if shape is None:
        return None
    form = (
        Questionnaire.objects.filter(pk=int(shape[1], 36))
        .select_related("survey__estate", "unit__building")
        .first()
    )
    # The same work for a missing form, so that time tells nothing.
    wanted = _signature(form or Questionnaire(pk=0, nonce=new_nonce()))
    return form if constant_time_compare(wanted, shape[2]) and form else None


def _signature(form: Questionnaire) -> str:
    digest = salted_hmac("community.survey", f"{form.pk}:{form.nonce}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
