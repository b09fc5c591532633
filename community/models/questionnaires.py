"""The forms of a survey: one a household, carried by somebody, answered once (forms 4.15)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from community.models.surveys import Level, Question, Survey
from estates.models import Building, Unit, building_ids_of, estate_ids_of


class HandOut(models.Model):
    """A building of a survey and who carries its forms there and back (SUR-2)."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="hand_outs")
    building = models.ForeignKey(Building, models.PROTECT, related_name="+")
    butler = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("问卷发放")
        ordering = ["survey", "building__code"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "building"], name="one_hand_out_per_building")
        ]

    def __str__(self):
        return f"{self.survey.title} {self.building}"


class Channel(models.TextChoices):
    NONE = "", _("未回收")
    PAPER = "paper", _("纸质")
    ONLINE = "online", _("网上")
    PHONE = "phone", _("电话")


class QuestionnaireQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        rows = self.filter(survey__estate__in=estate_ids_of(staff))
        if staff.duty.scope == "area":
            return rows.filter(unit__building__in=building_ids_of(staff))
        return rows if staff.duty.scope == "all" else rows.none()

    def returned(self):
        return self.filter(returned_at__isnull=False)


class Questionnaire(models.Model):
    """The form of one household. ``nonce`` is part of its link's signature, never the link."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questionnaires")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="questionnaires", verbose_name=_("房屋")
    )
    nonce = models.CharField(max_length=32)
    sent_at = models.DateTimeField(_("发放时间"), null=True)
    sent_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("发放人")
    )
    returned_at = models.DateTimeField(_("回收时间"), null=True)
    channel = models.CharField(_("回收方式"), max_length=8, choices=Channel, blank=True, default="")
    entered_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("录入人")
    )
    opinion = models.TextField(_("意见"), max_length=1000, blank=True)
    suggestion = models.TextField(_("建议"), max_length=1000, blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("问卷")
        ordering = ["survey", "unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "unit"], name="one_form_per_household"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, channel="")
                | Q(Q(returned_at__isnull=False, sent_at__isnull=False) & ~Q(channel="")),
                name="form_returned_after_sent",
            ),
        ]

    def __str__(self):
        return f"{self.survey.number} {self.unit.code}"


class Answer(models.Model):
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    score = models.PositiveSmallIntegerField(_("评价"), choices=Level, null=True)
    text = models.CharField(_("文字"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("回答")
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "question"], name="one_answer_per_question"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5),
                name="answer_has_five_levels",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=False) | ~Q(text=""), name="answer_says_something"
            ),
        ]

    def __str__(self):
        return f"{self.question} {self.score or self.text}"


class LinkTry(models.Model):
    """How often one address tried wrong links, or sent answers, in one window of time."""

    digest = models.CharField(max_length=32)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("链接尝试")
        constraints = [
            models.UniqueConstraint(fields=["digest", "window"], name="one_count_per_window")
        ]

    def __str__(self):
        return f"{self.window} {self.count}"
