"""A group robot of 钉钉, signed if it has a secret."""

import base64
import hashlib
import hmac
import time

from notifications.channels.parcel import Parcel
from notifications.channels.webhook import expect, plain, post


def sign(secret: str, timestamp: str) -> str:
    """The signature 钉钉 wants beside a timestamp in milliseconds."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def send(parcel: Parcel) -> str:
    """Post plain text; timestamp and signature go into the address."""
    params = {}
    if parcel.secret:
        timestamp = str(time.time_ns() // 1_000_000)
        params = {"timestamp": timestamp, "sign": sign(parcel.secret, timestamp)}
    body = {"msgtype": "text", "text": {"content": plain(parcel.text)}}
    return expect(post(parcel.address, body, params=params), "errcode")
