"""What an item costs on a day: a past ticket keeps the price of its day (SRV-2)."""

from datetime import date
from decimal import Decimal

from services.models import ServiceItem


def price_on(item: ServiceItem, day: date) -> Decimal | None:
    """The price in yuan per unit on ``day``: zero for a free item, None while none is set."""
    if not item.is_paid:
        return Decimal("0.00")
    newest = item.prices.filter(effective_on__lte=day).order_by("-effective_on").first()
    return newest.amount if newest else None
