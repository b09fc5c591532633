"""The ways out of the house, one file each: a function that sends one parcel or raises."""

from collections.abc import Callable

from notifications.channels import dingtalk, email, feishu, wecom
from notifications.channels.parcel import Parcel

CHANNELS: dict[str, Callable[[Parcel], str]] = {
    "email": email.send,
    "wecom": wecom.send,
    "dingtalk": dingtalk.send,
    "feishu": feishu.send,
}
