"""A survey as workbooks: what the households answered with the figures, and their links."""

from datetime import date, datetime
from typing import BinaryIO

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Staff
from community.charts import shown
from community.figures import figures_of
from community.models import Level, Questionnaire, Survey
from community.tokens import address_of
from estates.models import Relation, Residence
from spreadsheets.writer import Column, write_workbook


def write_report(file: BinaryIO, *, survey: Survey, by: Staff, now: datetime) -> int:
    """Write what came back, in the order of the rooms; return the number of rows.

    A butler gets the forms of the own area, with the figures of the whole survey beside them.
    """
    questions = list(survey.questions.all())
    figures = figures_of(survey)
    rows = (
        Questionnaire.objects.visible_to(by)
        .filter(survey=survey)
        .returned()
        .select_related("unit__building", "entered_by")
        .prefetch_related("answers")
        .order_by("unit__code", "pk")
    )
    notes = [
        (_("名称"), survey.title),
        (_("编号"), survey.number),
        (_("时间"), f"{survey.starts_on:%Y-%m-%d} – {survey.ends_on:%Y-%m-%d}"),
        (_("已入住户数"), figures.occupied),
        (_("应发"), figures.drawn),
        (_("实发"), figures.sent),
        (_("回收"), figures.returned),
        (_("发放率"), shown(figures.sent_share)),
        (_("回收率"), shown(figures.returned_share)),
        (_("满意率"), shown(figures.whole.rate)),
        *((tally.label, _rate(tally)) for tally in figures.questions),
        *((each.label, _rate(each.tally)) for each in figures.buildings),
        (_("满意算哪几级"), "、".join(str(Level(score).label) for score in _counted(survey))),
        (_("导出时间"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
        (_("导出人"), by.name),
    ]
    return write_workbook(
        file,
        sheet_title=_("意见征询"),
        columns=[
            Column(_("房号"), "text", 14),
            Column(_("楼栋"), "text", 10),
            Column(_("回收时间"), "moment", 17),
            Column(_("方式"), "text", 8),
            Column(_("录入人"), "text", 10),
            *(
                Column(question.text, "text" if question.is_free else "number", 12)
                for question in questions
            ),
            Column(_("意见"), "text", 40),
            Column(_("建议"), "text", 40),
        ],
        rows=(_cells(form, questions) for form in rows),
        notes=notes,
        notes_title=_("统计"),
    )


def write_links(
    file: BinaryIO, forms: list[Questionnaire], *, survey: Survey, by: Staff, now: datetime
) -> int:
    """Write one row a household: the room, whom to send it to, the link and how long it works."""
    names = _names(forms, timezone.localdate(now))
    return write_workbook(
        file,
        sheet_title=_("问卷链接"),
        columns=[
            Column(_("房号"), "text", 14),
            Column(_("姓名"), "text", 12),
            Column(_("链接"), "text", 60),
            Column(_("有效到(当日 24 点)"), "date", 20),
            Column(_("发放时间"), "moment", 17),
        ],
        rows=(
            (form.unit.code, names.get(form.unit_id, ""), address_of(form), survey.ends_on,
             form.sent_at)
            for form in forms
        ),
        notes=[
            (_("名称"), survey.title),
            (_("编号"), survey.number),
            (_("注意"), _("每户一条链接, 只发给这一户; 用完请删除本文件")),
            (_("导出时间"), f"{timezone.localtime(now):%Y-%m-%d %H:%M}"),
            (_("导出人"), by.name),
        ],
    )  # fmt: skip


def links_name(survey: Survey) -> str:
    return _("问卷链接_%(number)s.xlsx") % {"number": survey.number}


def _names(forms: list[Questionnaire], today: date) -> dict[int, str]:
    """Whom of a home the link is for: who lives there before who owns it. One query."""
    first = {Relation.TENANT: 0, Relation.OWNER: 1}
    names: dict[int, tuple[int, str]] = {}
    rows = (
        Residence.objects.filter(Q(until=None) | Q(until__gt=today))
        .filter(unit__questionnaires__in=forms)
        .order_by("pk")
        .values_list("unit_id", "relation", "resident__name")
    )
    for unit, relation, name in rows:
        rank = first.get(relation, 2)
        if unit not in names or rank < names[unit][0]:
            names[unit] = rank, name
    return {unit: name for unit, (_rank, name) in names.items()}


def report_name(survey: Survey) -> str:
    return _("意见征询_%(number)s.xlsx") % {"number": survey.number}


def _counted(survey: Survey) -> list[int]:
    return [int(level) for level in Level if level >= survey.least_satisfied]


def _rate(tally) -> str:
    return _("%(rate)s (满意 %(satisfied)s / 回答 %(answered)s)") % {
        "rate": shown(tally.rate),
        "satisfied": tally.satisfied,
        "answered": tally.answered,
    }


def _cells(form: Questionnaire, questions) -> tuple:
    said = {answer.question_id: answer for answer in form.answers.all()}
    cells = []
    for question in questions:
        answer = said.get(question.pk)
        cells.append(None if answer is None else answer.text if question.is_free else answer.score)
    return (
        form.unit.code,
        str(form.unit.building),
        form.returned_at,
        str(form.get_channel_display()),
        form.entered_by.name if form.entered_by else "",
        *cells,
        form.opinion,
        form.suggestion,
    )
