"""What happened to an account, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from accounts.posts import BY_CODE
from history.models import Entry

LABELS = {
    "staff.added": gettext_lazy("开通账号"),
    "staff.edited": gettext_lazy("修改资料"),
    "staff.disabled": gettext_lazy("停用账号"),
    "staff.enabled": gettext_lazy("重新启用"),
    "staff.password_reset": gettext_lazy("重设密码"),
    "staff.password_changed": gettext_lazy("本人换密码"),
    "staff.leave_added": gettext_lazy("登记请假"),
    "staff.leave_ended": gettext_lazy("结束请假"),
}


def _shown(field: str, value) -> str:
    if field == "post" and value in BY_CODE:
        return str(BY_CODE[value].label)
    return str(value) if value else _("空")


def describe(entry: Entry) -> str:
    """The details of an entry in a line; empty when its label says all."""
    if "changes" in entry.detail:
        return "; ".join(
            _("%(field)s: %(old)s → %(new)s")
            % {
                "field": Staff._meta.get_field(field).verbose_name,
                "old": _shown(field, old),
                "new": _shown(field, new),
            }
            for field, (old, new) in entry.detail["changes"].items()
        )
    if entry.detail.get("deputy"):
        return _("代理人 %(name)s") % {"name": entry.detail["deputy"]}
    return ""


def lines(entries) -> list[dict]:
    """Entries for a page: at, label, text, by_name."""
    return [
        {
            "at": entry.at,
            "label": LABELS.get(entry.event, entry.event),
            "text": describe(entry),
            "by_name": entry.by_name,
        }
        for entry in entries
    ]
