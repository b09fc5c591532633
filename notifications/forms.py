"""The form of a group robot; the secret and the address are not shown again once stored."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Staff
from estates.models import Estate
from notifications.channels.parcel import NotSentError
from notifications.channels.webhook import check_address
from notifications.models import Robot


class RobotForm(forms.ModelForm):
    url = forms.URLField(label=_("Webhook 地址"), max_length=300, assume_scheme="https")
    secret = forms.CharField(
        label=_("签名密钥"),
        max_length=100,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("钉钉、飞书开启“加签”时填写; 留空保持原来的"),
    )

    class Meta:
        model = Robot
        fields = ["name", "kind", "url", "secret", "estate", "post", "is_active"]
        help_texts = {"post": _("这个岗位的人收到的提醒, 也发到群里")}

    def __init__(self, *args, by: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["estate"].queryset = Estate.objects.visible_to(by)
        self.stored_secret = self.instance.secret

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        try:
            check_address(url)
        except NotSentError as error:
            raise ValidationError(str(error)) from error
        return url

    def clean_secret(self) -> str:
        return self.cleaned_data["secret"] or self.stored_secret
