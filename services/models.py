"""The catalogue of paid and free service items, with dated prices."""

from datetime import date

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class ServiceItemQuerySet(models.QuerySet):
    def offered(self):
        return self.filter(is_active=True)

    def matching(self, text: str):
        """By part of the name, code or category."""
        return self.filter(
            Q(name__icontains=text) | Q(code__icontains=text) | Q(category__icontains=text)
        )

    def with_price(self, day: date):
        """Each with ``price``: what it costs on ``day``, None while no price is set."""
        newest = Price.objects.filter(item=OuterRef("pk"), effective_on__lte=day)
        return self.annotate(price=Subquery(newest.order_by("-effective_on").values("amount")[:1]))


class ServiceItem(models.Model):
    code = models.CharField(_("项目编号"), max_length=20, unique=True)
    name = models.CharField(_("项目名称"), max_length=60)
    category = models.CharField(_("类别"), max_length=20)
    unit = models.CharField(_("单位"), max_length=10)
    is_paid = models.BooleanField(_("有偿"))
    includes_material = models.BooleanField(_("含材料"), default=False)
    promised_minutes = models.PositiveIntegerField(_("承诺时限(分钟)"), null=True, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    objects = ServiceItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务项目")
        ordering = ["category", "code"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("services:item_detail", args=[self.pk])

    @property
    def promised(self):
        """The promised time in words; blank when nothing is promised."""
        minutes = self.promised_minutes
        if not minutes:
            return ""
        if minutes % 60:
            return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
        return ngettext("%(n)s 小时", "%(n)s 小时", minutes // 60) % {"n": minutes // 60}


class Price(models.Model):
    """The price of an item from a day on; a past ticket keeps the price of its day."""

    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="prices")
    amount = models.DecimalField(_("单价(元)"), max_digits=10, decimal_places=2)
    effective_on = models.DateField(_("生效日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("收费标准")
        ordering = ["item", "-effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["item", "effective_on"], name="one_price_per_day"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="price_not_negative"),
        ]

    def __str__(self):
        return f"{self.item} {self.amount}"


class AnswerCardQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(is_active=True)

    def matching(self, text: str):
        """Every word of ``text`` is in the question, the answer or the key words."""
        rows = self
        for word in text.split()[:6]:
            rows = rows.filter(
                Q(question__icontains=word) | Q(answer__icontains=word) | Q(words__icontains=word)
            )
        return rows


class AnswerCard(models.Model):
    """What to say instead of "I don't know" (MAN-7): one question that residents ask.

    ``category`` is a category of repairs (water, power, …) whose intake shows the card, or blank
    for questions of any kind. ``never`` holds what may not be promised.
    """

    category = models.CharField(_("类别"), max_length=12, blank=True, db_index=True)
    question = models.CharField(_("业户常问"), max_length=80)
    answer = models.TextField(_("怎样答"), max_length=600)
    never = models.CharField(_("不要承诺"), max_length=200, blank=True)
    ask = models.CharField(_("不确定时请示谁"), max_length=60, blank=True)
    words = models.CharField(_("检索词"), max_length=120, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)
    is_sample = models.BooleanField(_("样例"), default=False, editable=False)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    objects = AnswerCardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("答复卡")
        ordering = ["category", "question"]
        constraints = [models.UniqueConstraint(fields=["question"], name="one_card_per_question")]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return reverse("services:answer_detail", args=[self.pk])
