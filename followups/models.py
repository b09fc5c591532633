"""A follow-up (跟进) is one thing that one person, or one post, owes about one record by one moment."""

from datetime import datetime

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from accounts.posts import POST_CHOICES, post_of
from estates.models import Estate, Unit, building_ids_of, estate_ids_of
from notifications.wording import worded

OPEN = Q(done_at__isnull=True, cancelled_at__isnull=True)


class FollowUpQuerySet(models.QuerySet):
    def open(self):
        return self.filter(OPEN)

    def overdue(self, now: datetime):
        """Open, not waiting, and past its moment."""
        return self.open().filter(paused_at__isnull=True, due_at__lt=now)

    def about(self, subject):
        return self.filter(
            content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk
        )

    def visible_to(self, staff: Staff):
        """What a person may see: his own, his post's, his area's; supervisors their estates'."""
        rows = self.filter(estate__in=estate_ids_of(staff))
        if staff.has_perm("followups.supervise"):
            return rows
        mine = Q(owner=staff) | Q(taken_by=staff) | Q(owner__isnull=True, owner_post=staff.post)
        if staff.duty.scope == "area":
            mine |= Q(unit__building__in=building_ids_of(staff))
        if staff.duty.scope == "all" and staff.has_perm("contacts.take"):
            return rows
        return rows.filter(mine)


class FollowUp(models.Model):
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey()
    kind = models.CharField(_("事项"), max_length=40)
    title = models.CharField(_("内容"), max_length=200)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    # No index of its own: every list of an estate is of open rows, and those have theirs below.
    estate = models.ForeignKey(
        Estate, models.CASCADE, related_name="+", verbose_name=_("项目"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    place_label = models.CharField(_("地点"), max_length=60, blank=True)

    owner = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="followups", verbose_name=_("责任人")
    )
    owner_post = models.CharField(_("责任岗位"), max_length=20, choices=POST_CHOICES)
    started_at = models.DateTimeField(_("开始"))
    # What the ladder measures the limit from: later than started_at after a move or a pause.
    counted_from = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("期限"))
    generation = models.PositiveSmallIntegerField(_("第几次期限"), default=1)
    urgent = models.BooleanField(_("急"), default=False)
    limit_key = models.CharField(max_length=60, blank=True)
    limit_seconds = models.PositiveIntegerField(_("时限(秒)"), default=0)
    limit_version = models.PositiveIntegerField(default=0)

    paused_at = models.DateTimeField(_("暂停于"), null=True)
    paused_seconds = models.PositiveIntegerField(_("已暂停秒数"), default=0)
    pause_reason = models.CharField(_("暂停原因"), max_length=200, blank=True)
    look_again_at = models.DateTimeField(_("再查看时间"), null=True)

    done_at = models.DateTimeField(_("完成于"), null=True)
    done_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(_("取消于"), null=True)

    # The ladder. alert_at is the next moment at which somebody must be told; null once nobody is.
    alert_at = models.DateTimeField(null=True)
    level = models.SmallIntegerField(
        default=-1
    )  # highest told: 0 warned, 1 due, 2 and up: the line
    repeat = models.PositiveSmallIntegerField(default=0)
    taken_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    fault = models.CharField(max_length=300, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("跟进")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["owner", "due_at"], name="followup_mine", condition=OPEN),
            models.Index(
                fields=["estate", "owner_post", "due_at"], name="followup_posts", condition=OPEN
            ),
            models.Index(fields=["estate", "due_at"], name="followup_estate", condition=OPEN),
            models.Index(fields=["unit", "due_at"], name="followup_unit", condition=OPEN),
            models.Index(
                fields=["alert_at"],
                name="followup_to_alert",
                condition=OPEN & Q(alert_at__isnull=False),
            ),
            models.Index(fields=["content_type", "object_id"], name="followup_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "kind"],
                condition=OPEN,
                name="one_open_followup_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("started_at")), name="followup_due_after_start"
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True)
                | (~Q(pause_reason="") & Q(look_again_at__isnull=False)),
                name="followup_pause_has_reason_and_date",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="followup_ends_once",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        """What is owed, in the reader's language."""
        return worded(self.title, self.params)

    def get_owner_post_display(self) -> str:
        """As Django's own, which would translate every post for each row of a list."""
        return str(post_of(self.owner_post).label)

    def is_owed_by(self, staff: Staff) -> bool:
        """Whether this person answers for it: by name, by having taken it over, or by post."""
        if staff.pk in (self.owner_id, self.taken_by_id):
            return True
        return self.owner_id is None and self.owner_post == staff.post

    @property
    def is_open(self):
        return self.done_at is None and self.cancelled_at is None

    @property
    def was_kept(self):
        """Kept or missed, from the timestamps alone; None while it is still open and in time."""
        if self.cancelled_at:
            return None
        if self.done_at:
            return self.done_at <= self.due_at
        return None


class Scan(models.Model):
    """The heartbeat: one row per installation, rewritten by every scan."""

    name = models.CharField(max_length=20, unique=True, default="scan")
    at = models.DateTimeField(_("最近一次扫描"))
    looked = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    # Modules whose open_due raised in the newest scan, with the text of the exception.
    faults = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("扫描")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
