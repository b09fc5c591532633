"""Posting to a group robot, and only to one: the address is checked before every request."""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from notifications.channels.parcel import NotSentError

TIMEOUT = 5  # seconds, to connect and between two bytes
LONGEST = 1900  # bytes of text; the strictest robot takes 2048


class AddressRefusedError(NotSentError):
    """The address is not one that this installation posts to."""


def check_address(url: str) -> None:
    """Refuse whatever is not an allowed robot's address; looks the host up.

    Only hosts of ``settings.ROBOT_HOSTS``, only https on its own port, without a login in the
    address, and nothing that resolves into the own network. A loopback host that is itself in
    the list may be posted to by http on any port: that is a relay on this machine.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefusedError(_("地址写错了")) from error
    host = (parts.hostname or "").lower()
    if host not in settings.ROBOT_HOSTS:
        raise AddressRefusedError(
            _("只能用这些服务器的机器人: %(hosts)s") % {"hosts": "、".join(settings.ROBOT_HOSTS)}
        )
    if parts.username or parts.password:
        raise AddressRefusedError(_("地址里不能带用户名和密码"))
    if _is_loopback(host) and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https" or port not in (None, 443):
        raise AddressRefusedError(_("地址须以 https:// 开头, 不带端口"))
    for address in _resolve(host):
        if not address.is_global:
            raise AddressRefusedError(_("%(host)s指向内网, 不发送") % {"host": host})


def post(url: str, body: dict[str, Any], *, params: dict[str, str] | None = None) -> dict[str, Any]:
    """Post JSON and return the JSON answer; NotSentError for anything but a clean one."""
    check_address(url)
    try:
        answer = requests.post(
            url, json=body, params=params, timeout=TIMEOUT, allow_redirects=False, stream=True
        )
        with answer:
            content = answer.raw.read(20_000, decode_content=True)
    except (requests.RequestException, OSError) as error:
        # The text of the exception holds the address, and that holds the robot's key.
        raise NotSentError(type(error).__name__) from error
    if answer.status_code != requests.codes.ok:
        raise NotSentError(f"HTTP {answer.status_code}")
    try:
        found = requests.models.complexjson.loads(content)
    except ValueError as error:
        raise NotSentError("answer is not JSON") from error
    if not isinstance(found, dict):
        raise NotSentError("answer is not an object")
    return found


def plain(text: str) -> str:
    """Text for a group: tags that would call everybody are defused, too long a text is cut."""
    text = text.replace("<", "＜").replace(">", "＞")
    content = text.encode()
    if len(content) <= LONGEST:
        return text
    return content[: LONGEST - 3].decode(errors="ignore").rsplit("\n", 1)[0] + "\n…"


def expect(answer: dict[str, Any], *codes: str) -> str:
    """The words of a robot that accepted; NotSentError with its code if it did not."""
    code = next((answer[name] for name in codes if name in answer), None)
    words = str(answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or "")
    if code != 0:
        raise NotSentError(f"{code} {words}"[:200])
    return words or "ok"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _resolve(host: str) -> Iterable[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotSentError(_("找不到服务器%(host)s") % {"host": host}) from error
    return [ipaddress.ip_address(entry[4][0]) for entry in found]
