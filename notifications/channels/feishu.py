"""A group robot of 飞书, signed if it has a secret."""

import base64
import hashlib
import hmac
import time
from typing import Any

from notifications.channels.parcel import Parcel
from notifications.channels.webhook import expect, plain, post


def sign(secret: str, timestamp: str) -> str:
    """The signature 飞书 wants beside a timestamp in seconds: the secret is part of the key."""
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def send(parcel: Parcel) -> str:
    """Post plain text; timestamp and signature go into the body."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": plain(parcel.text)}}
    if parcel.secret:
        timestamp = str(int(time.time()))
        body |= {"timestamp": timestamp, "sign": sign(parcel.secret, timestamp)}
    return expect(post(parcel.address, body), "code", "StatusCode")
