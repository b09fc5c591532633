"""Opinion surveys (意见征询, forms 4.15): the questions, one form per household, the measures."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Staff
from community.statuses import MeasureStatus, SurveyStatus
from estates.models import Building, Estate, InEstateQuerySet, Unit, building_ids_of, estate_ids_of
from incidents.models import Department


class Topic(models.TextChoices):
    """What a question, a measure or a suggestion is about."""

    SERVICE = "service", _("客服")
    REPAIR = "repair", _("维修")
    CLEANING = "cleaning", _("保洁")
    GREENING = "greening", _("绿化")
    ORDER = "order", _("秩序")
    FEES = "fees", _("收费")
    ATTITUDE = "attitude", _("态度")
    OTHER = "other", _("其他")


class Level(models.IntegerChoices):
    """The five levels, best first as on the form."""

    VERY_SATISFIED = 5, _("很满意")
    SATISFIED = 4, _("满意")
    RATHER_SATISFIED = 3, _("较满意")
    FAIR = 2, pgettext_lazy("评价", "一般")
    DISSATISFIED = 1, _("不满意")


LEVELS = tuple(Level)


class Survey(models.Model):
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="surveys", verbose_name=_("项目")
    )
    number = models.CharField(_("编号"), max_length=20, editable=False)
    # "2026-11": the rulebook's month that this survey answers for; blank for one of its own.
    term = models.CharField(_("期次"), max_length=7, blank=True)
    title = models.CharField(_("名称"), max_length=60)
    purpose = models.CharField(_("目的"), max_length=300, blank=True)
    audience = models.CharField(_("对象"), max_length=120, blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("截止日期"))
    share = models.PositiveSmallIntegerField(
        _("抽取比例(%)"), default=100, help_text=_("占已入住户; 100 即全部发放")
    )
    status = models.CharField(
        _("状态"), max_length=12, choices=SurveyStatus, default=SurveyStatus.PLANNED
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_at = models.DateTimeField(_("建立时间"))
    planned_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("策划人")
    )
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    opinion = models.CharField(_("审批意见"), max_length=300, blank=True)
    # Frozen when the forms are drawn, so that a later change of a number rewrites no past survey.
    occupied = models.PositiveIntegerField(_("已入住户数"), default=0)
    seed = models.BigIntegerField(_("抽取种子"), null=True)
    satisfied_levels = models.PositiveSmallIntegerField(_("前几级算满意"), default=3)
    opened_at = models.DateTimeField(_("开始发放"), null=True)
    counted_at = models.DateTimeField(_("统计时间"), null=True)
    shortfall = models.CharField(_("未达标说明"), max_length=300, blank=True)
    analysis = models.TextField(_("分析报告"), max_length=5000, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True)
    publicised_where = models.CharField(_("公示方式"), max_length=120, blank=True)
    publicised_at = models.DateTimeField(_("公示时间"), null=True)
    archived_at = models.DateTimeField(_("归档时间"), null=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("意见征询")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="survey_number_in_estate"),
            models.UniqueConstraint(
                fields=["estate", "term"],
                condition=~Q(term="") & ~Q(status="cancelled"),
                name="one_survey_per_term",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="survey_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=100), name="survey_share_is_percent"
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("community:survey_detail", args=[self.pk])

    @property
    def least_satisfied(self) -> int:
        """The lowest level that still counts as satisfied."""
        return Level.VERY_SATISFIED + 1 - self.satisfied_levels


class Question(models.Model):
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("序号"))
    topic = models.CharField(_("项目"), max_length=10, choices=Topic)
    text = models.CharField(_("问题"), max_length=120)
    is_free = models.BooleanField(_("文字回答"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("征询问题")
        ordering = ["survey", "position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "position"], name="question_position")
        ]

    def __str__(self):
        return self.text


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


class MeasureQuerySet(models.QuerySet):
    def visible_to(self, staff: Staff):
        """Who may see the survey sees its measures; anybody sees what he himself owes."""
        rows = self.filter(survey__estate__in=estate_ids_of(staff))
        if staff.has_perm("community.view"):
            return rows
        return rows.filter(owner=staff)


class Measure(models.Model):
    """A measure after a survey (整改): who does what by when."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="measures")
    topic = models.CharField(_("项目"), max_length=10, choices=Topic)
    problem = models.CharField(_("问题"), max_length=300)
    what = models.CharField(_("措施"), max_length=300)
    owner = models.ForeignKey(
        Staff, models.PROTECT, related_name="measures", verbose_name=_("责任人")
    )
    due_on = models.DateField(_("完成时间"))
    status = models.CharField(
        _("状态"), max_length=10, choices=MeasureStatus, default=MeasureStatus.OPEN
    )
    version = models.PositiveIntegerField(_("版本"), default=1)
    given_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("派单人"))
    given_at = models.DateTimeField(_("派单时间"))
    result = models.CharField(_("结果"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("完成于"), null=True)
    done_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("整改措施")
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("community:measure_detail", args=[self.pk])

    @property
    def department(self):
        """责任部门: where its owner works."""
        return Department(self.owner.duty.department).label


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
