"""Robots and mail: a real server on this machine answers, the ledger keeps every try."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail

from accounts import posts
from history.models import Entry
from notifications import ledger
from notifications.channels import dingtalk, feishu, webhook
from notifications.models import Attempt, Digest, Message, Robot
from tests.conftest import hire

MINUTE = timedelta(minutes=1)


class Group(BaseHTTPRequestHandler):
    """A robot's server: keeps what it was sent, answers what the test wants."""

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        self.server.heard.append((self.path, json.loads(self.rfile.read(size))))
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def group(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Group)
    server.heard, server.answer = [], (200, {}, '{"errcode": 0, "errmsg": "ok", "code": 0}')
    server.url = f"http://127.0.0.1:{server.server_port}/send?key=k"
    settings.ROBOT_HOSTS = ["127.0.0.1", "qyapi.weixin.qq.com"]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def robot(group, estate):
    return Robot.objects.create(
        name="前台群", kind="wecom", url=group.url, estate=estate, post=posts.FRONT_DESK
    )


def tell(staff, estate, now, key="a", **fields):
    ledger.owe(key, to=staff, title="转工程: 3-2-1102", url="/r/", estate=estate, now=now, **fields)


def send(now):
    ledger.hand_outside(now)
    return ledger.deliver(now)


def test_robot_hears_once_what_two_of_its_post_are_told(robot, group, desk, desk2, estate, now):
    tell(desk, estate, now, "a", followup_id=7)
    tell(desk2, estate, now, "b", followup_id=7)
    assert send(now) == 1
    assert send(now) == 0
    [(_path, body)] = group.heard
    assert body["msgtype"] == "text"
    assert "转工程: 3-2-1102 (张敏、李倩)" in body["text"]["content"]
    assert "http://127.0.0.1:8000/r/" in body["text"]["content"]


def test_robot_hears_nothing_of_other_posts_or_estates(
    robot, group, butler, outsider, other_estate, estate, now
):
    tell(butler, estate, now, "a")
    tell(outsider, other_estate, now, "b")
    assert send(now) == 0
    assert group.heard == []


def test_everything_of_one_scan_is_one_mail(desk, estate, now):
    desk.email = "desk@example.org"
    desk.save()
    for n in range(3):
        tell(desk, estate, now, str(n))
    assert send(now) == 1
    assert [(m.to, m.subject) for m in mail.outbox] == [(["desk@example.org"], "3项提醒")]
    assert mail.outbox[0].extra_headers["Message-ID"].startswith("<email-p")


def test_mail_subject_cannot_add_headers(desk, now):
    desk.email = "desk@example.org"
    desk.save()
    ledger.owe("a", to=desk, title="漏水\r\nBcc: evil@example.org", now=now)
    assert send(now) == 1
    assert mail.outbox[0].subject == "漏水 Bcc: evil@example.org"
    assert mail.outbox[0].bcc == []


def test_a_refusing_robot_is_tried_five_times_and_given_up(robot, group, desk, estate, now):
    group.answer = (200, {}, '{"errcode": 93000, "errmsg": "invalid webhook url"}')
    tell(desk, estate, now)
    ledger.hand_outside(now)
    for minutes in range(200):
        ledger.deliver(now + minutes * MINUTE)
    moments = [(each.at - now) / MINUTE for each in Attempt.objects.order_by("pk")]
    assert moments == [0, 1, 6, 21, 81]
    assert Digest.objects.get().state == "failed"
    assert Attempt.objects.first().answer == "93000 invalid webhook url"


def test_a_digest_whose_sender_died_is_sent_again_after_its_lease(robot, group, desk, estate, now):
    tell(desk, estate, now)
    ledger.hand_outside(now)
    Digest.objects.update(state="sending", attempts=1, lease_until=now + 5 * MINUTE)
    assert ledger.deliver(now + 5 * MINUTE) == 0
    assert ledger.deliver(now + 6 * MINUTE) == 1
    assert Digest.objects.get().attempts == 2


def test_senders_that_always_die_are_not_tried_for_ever(robot, group, desk, estate, now):
    tell(desk, estate, now)
    ledger.hand_outside(now)
    Digest.objects.update(state="sending", attempts=5, lease_until=now)
    ledger.deliver(now + MINUTE)
    assert Digest.objects.get().state == "failed"
    assert group.heard == []


@pytest.mark.parametrize(
    ("status", "headers", "body", "answer"),
    [
        (500, {}, "{}", "HTTP 500"),
        (302, {"Location": "http://169.254.169.254/"}, "", "HTTP 302"),
        (200, {}, "<html>", "answer is not JSON"),
        (200, {}, "[]", "answer is not an object"),
    ],
)
def test_a_strange_answer_is_a_failed_try(
    robot, group, desk, estate, now, status, headers, body, answer
):
    group.answer = (status, headers, body)
    tell(desk, estate, now)
    assert send(now) == 0
    assert Attempt.objects.get().answer == answer
    assert len(group.heard) == 1


def test_a_dead_server_is_a_failed_try_without_the_key_in_the_record(
    robot, group, desk, estate, now
):
    robot.url = "http://127.0.0.1:9/send?key=geheim"
    robot.save()
    tell(desk, estate, now)
    assert send(now) == 0
    assert Attempt.objects.get().answer == "ConnectionError"


def test_what_is_done_between_claim_and_send_is_not_sent(robot, group, desk, estate, now):
    tell(desk, estate, now, followup_id=7)
    ledger.hand_outside(now)
    ledger.withdraw([7], now=now)
    assert ledger.deliver(now) == 0
    assert (Digest.objects.get().state, group.heard) == ("withdrawn", [])


def test_what_one_of_two_no_longer_owes_is_left_out(robot, group, desk, desk2, estate, now):
    tell(desk, estate, now, "a", followup_id=7)
    tell(desk2, estate, now, "b", followup_id=7)
    ledger.hand_outside(now)
    ledger.withdraw([7], now=now, recipients=[desk.pk])
    assert ledger.deliver(now) == 1
    assert "(李倩)" in group.heard[0][1]["text"]["content"]


def test_messages_wait_for_the_scan_that_still_writes_but_not_for_ever(
    robot, group, desk, estate, now
):
    tell(desk, estate, now)
    assert ledger.hand_outside(now, settled=False) == 0
    assert ledger.hand_outside(now + 3 * MINUTE, settled=False) == 1


def test_signatures_are_those_of_the_robots_documents():
    # Computed with openssl dgst -sha256 -hmac as the robots' documents describe.
    assert dingtalk.sign("SEC1", "1700000000000") == "ukR4+WoOOBTGaOauYqugxVrMSFyr92q4hPxJxuOkiio="
    assert feishu.sign("SEC1", "1700000000") == "s3Va4ru9IQUY6HTJcYx7OEVyXl0V0S/y32v4ZbfOHCI="


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_signed_robots_send_timestamp_and_signature(robot, group, desk, estate, now, kind):
    robot.kind, robot.secret = kind, "SEC1"
    robot.save()
    tell(desk, estate, now)
    assert send(now) == 1
    path, body = group.heard[0]
    if kind == "dingtalk":
        assert "timestamp=" in path
        assert "sign=" in path
        assert body["msgtype"] == "text"
    else:
        assert body["msg_type"] == "text"
        assert body["sign"] == feishu.sign("SEC1", body["timestamp"])


@pytest.mark.parametrize(
    "url",
    [
        "http://qyapi.weixin.qq.com/x",
        "https://qyapi.weixin.qq.com:8443/x",
        "https://user:pw@qyapi.weixin.qq.com/x",
        "https://qyapi.weixin.qq.com.evil.example/x",
        "https://169.254.169.254/latest",
        "https://localhost/x",
        "file:///etc/passwd",
        "https://[::1]/x",
        "https://qyapi.weixin.qq.com:99999/x",
    ],
)
def test_only_listed_robots_are_posted_to(url):
    with pytest.raises(webhook.AddressRefusedError):
        webhook.check_address(url)


def test_a_listed_host_inside_the_own_network_is_refused(settings):
    settings.ROBOT_HOSTS = ["10.0.0.8"]
    with pytest.raises(webhook.AddressRefusedError, match="内网"):
        webhook.check_address("https://10.0.0.8/x")


def test_a_text_that_would_call_everybody_is_defused_and_cut():
    assert webhook.plain('<at user_id="all">x</at>') == '＜at user_id="all"＞x＜/at＞'
    assert len(webhook.plain("漏水\n" * 2000).encode()) <= 1904


def test_robot_page_adds_tests_and_deletes(as_, sysadmin, group, estate):
    client = as_(sysadmin)
    form = {
        "name": "前台群",
        "kind": "wecom",
        "url": group.url,
        "secret": "S",
        "estate": estate.pk,
        "post": posts.FRONT_DESK,
        "is_active": "on",
    }
    assert client.post("/robots/new/", form).status_code == 302
    robot = Robot.objects.get()
    page = client.post(f"/robots/{robot.pk}/test/", follow=True)
    assert "已发出, 对方回答: ok" in page.content.decode()
    assert "系统管理员" in group.heard[0][1]["text"]["content"]
    client.post(f"/robots/{robot.pk}/", form | {"secret": "", "name": "夜班群"})
    robot.refresh_from_db()
    assert (robot.name, robot.secret) == ("夜班群", "S")
    assert 'value="S"' not in client.get(f"/robots/{robot.pk}/").content.decode()
    client.post(f"/robots/{robot.pk}/delete/")
    assert not Robot.objects.exists()
    events = Entry.objects.filter(subject_type="notifications.robot").order_by("pk")
    assert [e.event for e in events] == ["robot.added", "robot.changed", "robot.deleted"]


def test_robot_page_refuses_a_strange_address(as_, sysadmin, estate):
    page = as_(sysadmin).post(
        "/robots/new/",
        {
            "name": "x",
            "kind": "wecom",
            "url": "https://evil.example/",
            "estate": estate.pk,
            "post": posts.FRONT_DESK,
        },
    )
    assert page.status_code == 422
    assert "只能用这些服务器的机器人" in page.content.decode()


def test_robot_pages_are_for_administrators_of_the_estate(as_, robot, desk, other_estate, db):
    assert as_(desk).get("/robots/").status_code == 403
    stranger = hire("sys2", "外地管理员", posts.SYSADMIN, estates=[other_estate])
    assert as_(stranger).get(f"/robots/{robot.pk}/").status_code == 404
    assert as_(stranger).post(f"/robots/{robot.pk}/test/").status_code == 404


def test_disabled_people_get_no_mail(desk, estate, now):
    desk.email, desk.is_active = "desk@example.org", False
    desk.save()
    tell(desk, estate, now)
    assert send(now) == 0
    assert Message.objects.filter(outside_at__isnull=True).count() == 0
    assert mail.outbox == []
