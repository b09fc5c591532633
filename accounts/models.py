"""Staff, their reporting lines, and who stands in while they are away."""

import unicodedata
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.posts import POST_CHOICES, post_of


class StaffQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class StaffManager(BaseUserManager.from_queryset(StaffQuerySet)):
    def create_user(self, username, password=None, **fields):
        """Add a staff member; without a password the account cannot log in yet."""
        staff = self.model(username=self.model.normalize_username(username), **fields)
        staff.set_password(password)
        staff.save()
        return staff


class Staff(AbstractBaseUser):
    """A person who works here. What he may do follows from his post alone."""

    username = models.CharField(_("登录名"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    post = models.CharField(_("岗位"), max_length=20, choices=POST_CHOICES)
    superior = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="line",
        verbose_name=_("直接上级"),
    )
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    qualified_on = models.DateField(_("合格上岗日期"), null=True, blank=True)
    is_active = models.BooleanField(_("在职"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    single_key_shortcuts = models.BooleanField(_("单键快捷键"), default=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    objects = StaffManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "post"]

    class Meta:
        verbose_name = verbose_name_plural = _("员工")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(superior=models.F("id")), name="staff_not_own_superior"
            )
        ]

    def __str__(self):
        return self.name

    @classmethod
    def normalize_username(cls, username):
        """One person, one name: width, case and outer spaces make no second account."""
        return unicodedata.normalize("NFKC", username or "").strip().casefold()

    @property
    def duty(self):
        """The row of this person's post in the posts table."""
        return post_of(self.post)

    def has_perm(self, perm, obj=None):
        return self.is_active and perm in self.duty.permissions

    def has_perms(self, perms, obj=None):
        return all(self.has_perm(perm, obj) for perm in perms)

    @cached_property
    def permissions(self):
        """For templates: ``{% if "repairs.dispatch" in user.permissions %}``."""
        return self.duty.permissions if self.is_active else frozenset()


class LeaveQuerySet(models.QuerySet):
    def current(self, now: datetime):
        return self.filter(starts_at__lte=now, ends_at__gt=now)


class Leave(models.Model):
    """Time away; the deputy is told and owes meanwhile."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="leaves", verbose_name=_("员工"))
    deputy = models.ForeignKey(
        Staff, models.PROTECT, related_name="deputising", verbose_name=_("代理人")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    reason = models.CharField(_("事由"), max_length=100, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("请假")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="leave_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(staff=models.F("deputy")), name="leave_deputy_is_another"
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.starts_at:%Y-%m-%d}"
