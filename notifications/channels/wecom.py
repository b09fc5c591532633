"""A group robot of 企业微信."""

from notifications.channels.parcel import Parcel
from notifications.channels.webhook import expect, plain, post


def send(parcel: Parcel) -> str:
    """Post plain text; the key is part of the address."""
    body = {"msgtype": "text", "text": {"content": plain(parcel.text)}}
    return expect(post(parcel.address, body), "errcode")
