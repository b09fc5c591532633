"""考评 and 收费率 in the monthly summary of the department (SUM-1, FEE-2).

The manager's own sheets are the general manager's matter and are not counted. Marks are not listed:
a reader opens the sheets that he may see, and sees of the others that they were written.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.posts import CS_MANAGER
from appraisal.followups import INSPECT
from appraisal.items import Grade, Kind
from appraisal.models import Appeal, CollectionRate, Deduction, Sheet
from appraisal.statuses import Outcome, Status
from followups.drawers import Line as Drawn
from office.figures import (
    Base,
    Figure,
    Line,
    Table,
    averaged,
    kept_line,
    kept_or_missed,
    on_days,
    summed,
    within,
)
from office.tables import OWED, OWED_COLUMNS

GRADES = (Grade.MINOR, Grade.SERIOUS, Grade.CONSEQUENCE)


def _sheets(path: str):
    """Sheets of the period that were handed in, reached by ``path``."""
    draft = Q(**{f"{path}status": Status.DRAFT}) | Q(**{f"{path}post": CS_MANAGER})
    return lambda span: on_days(f"{path}day")(span) & ~draft


def _opens(name: str):
    return lambda reader: Q(**{f"{name}__in": Sheet.objects.visible_to(reader)})


def _sheet(row):
    return Drawn(row.get_kind_display(), row.staff.name, row.get_post_display(),
                 row.get_status_display(), None, row.day, row.get_absolute_url())  # fmt: skip


def _deduction(row):
    return Drawn(row.get_grade_display(), row.sheet.staff.name, row.sheet.get_kind_display(), "",
                 None, row.sheet.day, row.sheet.get_absolute_url())  # fmt: skip


def _appeal(row):
    return Drawn(row.sheet.staff.name, "", row.sheet.get_kind_display(), row.get_outcome_display(),
                 row.at, None, row.sheet.get_absolute_url())  # fmt: skip


def _rate(row):
    return Drawn(f"{row.month:%Y-%m}", "", f"{row.received} / {row.receivable} = {row.rate}%",
                 row.entered_by.name, row.entered_at, None, reverse("appraisal:rate_list"))  # fmt: skip


SHEETS = Base(Sheet, _sheets(""), _sheet, ("staff",), opens=_opens("pk"))
DEDUCTIONS = Base(Deduction, _sheets("sheet__"), _deduction, ("sheet__staff",),
                  estate="sheet__estate", opens=_opens("sheet"))  # fmt: skip
APPEALS = Base(Appeal, lambda span: within("at")(span) & ~Q(sheet__post=CS_MANAGER), _appeal,
               ("sheet__staff",), estate="sheet__estate", opens=_opens("sheet"))  # fmt: skip
RATES = Base(CollectionRate, lambda span: Q(month=span.first), _rate, ("entered_by",))

FIGURES = (
    *kept_or_missed("appraisal.inspect", _("检查"), OWED, Q(kind=INSPECT)),
    *(Figure(f"appraisal.{kind.value}", kind.label, SHEETS, Q(kind=kind)) for kind in Kind),
    Figure("appraisal.sheets", _("考评表"), SHEETS),
    Figure("appraisal.mean", _("平均分"), SHEETS, Q(),
           averaged("total"), None),
    *(Figure(f"appraisal.{grade.value}", grade.label, DEDUCTIONS, Q(grade=grade))
      for grade in GRADES),
    Figure("appraisal.appeals", _("申诉"), APPEALS),
    Figure("appraisal.upheld", _("申诉成立"), APPEALS,
           Q(outcome__in=[Outcome.UPHELD, Outcome.PARTLY])),
    Figure("fees.receivable", _("应收(元)"), RATES, Q(), summed("receivable"), None),
    Figure("fees.received", _("实收(元)"), RATES, Q(), summed("received"), None),
)  # fmt: skip
BY_KEY = {figure.key: figure for figure in FIGURES}


def _single(key: str, share: tuple[str, str] | None = None, target: str = "") -> Line:
    return Line(BY_KEY[key].label, (key,), share, target)


TABLES = (
    Table("inspections", _("考评检查"), OWED_COLUMNS,
          (kept_line("appraisal.inspect", _("检查")),), _("按时率")),
    Table("appraisal", _("考评"), (_("数量"),), tuple(
        _single(f"appraisal.{each}")
        for each in ("sheets", *Kind.values, *(grade.value for grade in GRADES), "appeals",
                     "upheld", "mean")
    )),
    Table("fees", _("物业费收费率"), (_("金额"),), (
        _single("fees.receivable"),
        _single("fees.received", ("fees.received", "fees.receivable"), "fees.collection_target"),
    ), _("收费率")),
)  # fmt: skip
