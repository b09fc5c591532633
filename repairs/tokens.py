"""The signed address on a printed slip: it names a repair and gives no right to it."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from repairs.models import Repair

_SIGNER = Signer(salt="repairs.slip")


def token_of(repair: Repair) -> str:
    """A short text that only this installation can make; it never expires, as paper does not."""
    return _SIGNER.sign(str(repair.pk))


def address_of(repair: Repair) -> str:
    """The address in the QR code: PUBLIC_URL/q/<token>."""
    return f"{settings.PUBLIC_URL}{reverse('repairs:open_by_token', args=[token_of(repair)])}"


def pk_in(token: str) -> int | None:
    """The repair a token names; None for a token that is not ours."""
    try:
        return int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
