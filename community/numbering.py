"""Numbers of surveys: ZXyyyy-nn per estate and year."""

from community.models import Survey
from estates.models import Estate


def next_survey_number(estate: Estate, year: int) -> str:
    """The next free number; two at the same moment are told apart by the unique constraint."""
    prefix = f"ZX{year}-"
    last = (
        Survey.objects.filter(estate=estate, number__startswith=prefix)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:02d}"
