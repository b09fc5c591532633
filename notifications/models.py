"""The message ledger: what was said to whom, once, and every try to send it outside."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from accounts.posts import POST_CHOICES
from estates.models import Estate, InEstateQuerySet
from notifications.wording import worded


class MessageQuerySet(models.QuerySet):
    def unread(self):
        """Neither read nor overtaken by events."""
        return self.filter(read_at__isnull=True, withdrawn_at__isnull=True)


class Message(models.Model):
    """One line in one person's inbox. ``key`` makes it exactly once.

    ``title`` is a Chinese msgid with named places, filled from ``params``, so that the same row
    reads in both languages. ``why`` says in data why this person was told.
    """

    key = models.CharField(_("唯一键"), max_length=120, unique=True)
    recipient = models.ForeignKey(
        Staff, models.CASCADE, related_name="messages", verbose_name=_("收件人")
    )
    estate = models.ForeignKey(Estate, models.CASCADE, null=True, related_name="+")
    title = models.CharField(_("内容"), max_length=200)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    rings = models.BooleanField(_("响铃"), default=False)
    why = models.JSONField(_("提醒原因"), default=dict)
    followup_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读"), null=True)
    # What it reminded of is done, moved or somebody else's: no longer worth anybody's attention.
    withdrawn_at = models.DateTimeField(_("已无须处理"), null=True)
    # When it was handed to the outside channels; null while that is still to be done.
    outside_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("提醒")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["recipient", "withdrawn_at"],
                name="message_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(fields=["recipient", "-created_at"], name="message_by_recipient"),
            models.Index(fields=["followup_id"], name="message_by_followup"),
            models.Index(
                fields=["created_at"],
                name="message_to_hand_outside",
                condition=models.Q(outside_at__isnull=True),
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        """The line in the reader's language."""
        return worded(self.title, self.params)


class Channel(models.TextChoices):
    EMAIL = "email", _("邮件")
    ROBOT = "robot", _("群机器人")


class Robot(models.Model):
    """A group robot of 企业微信, 钉钉 or 飞书 that posts what its post is reminded of."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("企业微信")
        DINGTALK = "dingtalk", _("钉钉")
        FEISHU = "feishu", _("飞书")

    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    url = models.URLField(_("Webhook 地址"), max_length=300)
    secret = models.CharField(_("签名密钥"), max_length=100, blank=True)
    estate = models.ForeignKey(
        Estate, models.CASCADE, related_name="robots", verbose_name=_("项目")
    )
    post = models.CharField(_("岗位"), max_length=20, choices=POST_CHOICES)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = InEstateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("群机器人")

    def __str__(self):
        return self.name


class Digest(models.Model):
    """All that one person, or one robot's group, is told outside by one scan, as one message."""

    class State(models.TextChoices):
        DUE = "due", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        WITHDRAWN = "withdrawn", _("已无须发送")

    recipient = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="digests")
    channel = models.CharField(max_length=10, choices=Channel)
    robot = models.ForeignKey(Robot, models.CASCADE, null=True, related_name="digests")
    address = models.CharField(max_length=320)
    slot = models.DateTimeField(_("扫描时刻"))
    messages = models.ManyToManyField(Message, related_name="digests")
    idempotency_key = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("外发提醒")
        indexes = [
            models.Index(
                fields=["try_at"],
                name="digest_to_send",
                condition=models.Q(state__in=["due", "sending"]),
            )
        ]

    def __str__(self):
        return f"{self.recipient or self.robot} {self.channel} {self.slot:%Y-%m-%d %H:%M}"


class Attempt(models.Model):
    """One try to send a digest, with what came back."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    ok = models.BooleanField()
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("发送记录")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.ok}"
