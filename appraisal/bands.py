"""The band (等级) of one sheet: a label, nothing follows from it."""

from django.utils.functional import Promise

from appraisal.arithmetic import band_of
from appraisal.items import BANDS, FAILING
from appraisal.models import Sheet
from appraisal.periods import month_bounds, month_start
from appraisal.schemes import month_terms


def band_of_sheet(sheet: Sheet) -> str | Promise:
    """By the floors of its month. One query."""
    floors = month_terms(month_bounds(month_start(sheet.day))[1]).floors
    return BANDS[band_of(sheet.total, floors, FAILING)]
