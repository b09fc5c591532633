"""Shapes of what is typed about staff; rights and truth are checked in actions."""

import re

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import rights
from accounts.models import Leave, Staff
from accounts.posts import post_of

LONGEST_PASSWORD = 128  # longer ones are refused before hashing, which would cost seconds


class LoginForm(forms.Form):
    username = forms.CharField(
        label=_("登录名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("写登录名"), "max_length": _("登录名最长 40 个字")},
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("写密码"), "max_length": _("密码最长 128 个字")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # After a refusal the name stays and the password is typed again.
        first = "password" if self.is_bound else "username"
        self.fields[first].widget.attrs["autofocus"] = True

    def clean_username(self):
        return Staff.normalize_username(self.cleaned_data["username"])


class NewPasswordForm(forms.Form):
    """Replace one's own password; the old one is always asked for."""

    old = forms.CharField(
        label=_("现在的密码"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("写现在的密码")},
    )
    password = forms.CharField(
        label=_("新密码"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=_("至少 10 个字符, 不用常见密码, 不含自己的姓名或登录名"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("写新密码"), "max_length": _("密码最长 128 个字")},
    )
    again = forms.CharField(
        label=_("新密码再写一遍"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("新密码再写一遍")},
    )

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_old(self):
        if not self.staff.check_password(self.cleaned_data["old"]):
            raise ValidationError(gettext("现在的密码不对"))
        return self.cleaned_data["old"]

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.staff)
        if self.staff.check_password(password):
            raise ValidationError(gettext("新密码要和现在的不同"))
        return password

    def clean(self):
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if password and again and password != again:
            self.add_error("again", gettext("两遍新密码不一样"))
        return self.cleaned_data


class SuperiorField(forms.ModelChoiceField):
    def label_from_instance(self, staff):
        return f"{staff.name} · {staff.duty.label}"


class StaffForm(forms.ModelForm):
    """Fields that ``by`` may set; the posts are those he may give."""

    superior = SuperiorField(
        queryset=Staff.objects.none(), required=False, label=_("直接上级"), empty_label=_("没有")
    )

    class Meta:
        model = Staff
        fields = ("name", "post", "superior", "phone", "email", "qualified_on")
        widgets = {
            "qualified_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }
        error_messages = {
            "name": {"required": _("写姓名")},
            "post": {"required": _("选一个岗位")},
        }

    def __init__(self, *args, by: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        codes = rights.assignable_posts(by)
        self.fields["post"].choices = [("", _("选岗位")), *((c, post_of(c).label) for c in codes)]
        # The present superior stays choosable, even where ``by`` sees nothing of him.
        seen = rights.visible_staff(by).filter(is_active=True)
        if self.instance.pk:
            seen = seen.exclude(pk=self.instance.pk)
        chosen = Staff.objects.filter(pk=self.instance.superior_id or 0)
        self.fields["superior"].queryset = Staff.objects.filter(
            pk__in=[*seen.values_list("pk", flat=True), *chosen.values_list("pk", flat=True)]
        )

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_phone(self):
        # Staff numbers may be short internal ones, so only their shape is checked.
        phone = self.cleaned_data["phone"].translate(
            str.maketrans("０１２３４５６７８９－＋", "0123456789-+")
        )
        phone = phone.replace(" ", "")
        if phone and not re.fullmatch(r"\+?\d[\d-]{2,18}", phone):
            raise ValidationError(gettext("电话只写数字, 如 13912341234、029-88881234 或内线 8021"))
        return phone


class NewStaffForm(StaffForm):
    username = forms.CharField(
        label=_("登录名"),
        max_length=40,
        help_text=_("字母、数字或拼音, 如 zhangmin; 以后不能改"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("写登录名"), "max_length": _("登录名最长 40 个字")},
    )

    field_order = ("username", "name", "post", "superior", "phone", "email", "qualified_on")


class LeaveForm(forms.ModelForm):
    deputy = SuperiorField(
        queryset=Staff.objects.none(),
        label=_("代理人"),
        empty_label=_("选代理人"),
        error_messages={"required": _("选一位代理人: 请假期间的跟进由他负责")},
    )

    class Meta:
        model = Leave
        fields = ("starts_at", "ends_at", "deputy", "reason")
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("starts_at", "ends_at")
        }
        error_messages = {
            "starts_at": {"required": _("写开始时间")},
            "ends_at": {"required": _("写结束时间")},
        }

    def __init__(self, *args, staff: Staff, by: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        visible = rights.visible_staff(by).filter(is_active=True).exclude(pk=staff.pk)
        self.fields["deputy"].queryset = visible

    def clean(self):
        # The order of the two moments is the action's rule, in the house's words.
        return self.cleaned_data

    def _post_clean(self):
        """Nothing of the model is built here: the action makes the row."""


class StaffFilter(forms.Form):
    q = forms.CharField(label=_("姓名、登录名或电话"), required=False, max_length=40)
    post = forms.ChoiceField(label=_("岗位"), required=False)
    estate = forms.ChoiceField(label=_("项目"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("在用")), ("disabled", _("已停用")), ("all", _("全部"))],
    )

    def __init__(self, *args, estates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [
            ("", _("全部岗位")),
            *((code, label) for code, label in Staff._meta.get_field("post").choices),
        ]
        self.fields["estate"].choices = [("", _("全部项目")), *((str(pk), n) for pk, n in estates)]
