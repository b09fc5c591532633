"""The way in: L1 brute force (Zammad CVE-2022-35490), L2 enumeration, L4 sessions, L5 redirects,
L6 CSRF of login, L7 believed headers."""

import os
import time
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from accounts import actions

Staff = get_user_model()


@pytest.fixture
def locking(settings):
    settings.AXES_ENABLED = True


def post_login(client, username="desk1", password="wrong", **extra):
    data = {"username": username, "password": password}
    return client.post(reverse("accounts:login"), data | extra.pop("data", {}), **extra)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_login_goes_to_the_first_page_of_the_post(client, desk):
    answer = post_login(client, password="desk1")
    assert (answer.status_code, answer["Location"]) == (302, reverse(desk.duty.home))
    assert client.session["_auth_user_id"] == str(desk.pk)


def test_login_takes_the_name_in_any_case_and_width(client, desk):
    assert post_login(client, username=" ＤＥＳＫ1", password="desk1").status_code == 302


def test_login_with_a_wrong_password_keeps_the_name_and_says_what_to_do(client, desk):
    answer = post_login(client)
    assert answer.status_code == 422
    assert 'value="desk1"' in answer.text
    assert "请直接上级重设" in answer.text
    assert not signed_in(client)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_login_page_opens_for_anybody(client, db, language):
    client.cookies["django_language"] = language
    answer = client.get(reverse("accounts:login"))
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


# --- L1 -------------------------------------------------------------------------------------------
def test_sixth_bad_login_is_locked_and_says_how_long(client, desk, locking):
    assert [post_login(client).status_code for _try in range(5)] == [422] * 5
    answer = post_login(client)
    assert answer.status_code == 429
    assert "15 分钟后再试" in answer.text
    assert "请直接上级" in answer.text
    assert answer["Retry-After"] == "900"


def test_locked_login_refuses_the_right_password_too(client, desk, locking):
    for _try in range(6):
        post_login(client)
    assert post_login(client, password="desk1").status_code == 429
    assert not signed_in(client)


def test_lock_ends_after_fifteen_minutes(client, desk, locking, time_machine):
    time_machine.move_to("2026-11-23 15:00 +0800", tick=False)
    for _try in range(6):
        post_login(client)
    time_machine.shift(timedelta(minutes=14))
    answer = post_login(client, password="desk1")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    time_machine.shift(timedelta(minutes=1, seconds=1))
    assert post_login(client, password="desk1").status_code == 302


def test_lock_is_for_one_address_and_one_name(client, desk, desk2, locking):
    for _try in range(6):
        post_login(client)
    assert post_login(Client(REMOTE_ADDR="10.0.0.9"), password="desk1").status_code == 302
    assert post_login(Client(), username="desk2", password="desk2").status_code == 302


def test_lock_is_not_escaped_by_header_case_or_browser(client, desk, locking):
    names = ["desk1", "DESK1", " desk1", "ｄｅｓｋ1", "Desk1"]
    for number, name in enumerate(names):
        post_login(
            client,
            username=name,
            headers={"user-agent": f"b{number}", "x-forwarded-for": f"10.1.1.{number}"},
        )
    assert post_login(client, headers={"user-agent": "another"}).status_code == 429


def test_lock_counts_the_address_that_our_proxy_wrote(client, desk, locking, settings):
    settings.PROXY_COUNT = 1
    for number in range(5):
        post_login(client, headers={"x-forwarded-for": f"6.6.6.{number}, 10.0.0.7"})
    locked = post_login(client, headers={"x-forwarded-for": "10.0.0.8, 10.0.0.7"})
    assert locked.status_code == 429
    other = post_login(client, password="desk1", headers={"x-forwarded-for": "10.0.0.7, 10.0.0.8"})
    assert other.status_code == 302


def test_right_password_forgets_the_wrong_ones(client, desk, locking):
    for _try in range(4):
        post_login(client)
    assert post_login(client, password="desk1").status_code == 302
    assert post_login(Client()).status_code == 422


def test_guess_is_counted_before_the_password_is_read(client, desk, locking, monkeypatch):
    """Requests at the same moment: while the first passwords are hashed, no sixth guess is free."""
    answers = []
    check = Staff.check_password

    def slow(staff, password):
        # Stands for a request that arrives while this one is still hashing.
        if len(answers) < 8:
            place = len(answers)
            answers.append(0)
            answers[place] = post_login(Client()).status_code
        return check(staff, password)

    monkeypatch.setattr(Staff, "check_password", slow)
    post_login(client)
    assert answers == [422] * 4 + [429]


def test_unknown_name_is_locked_like_a_known_one(client, desk, locking):
    known = [post_login(client).status_code for _try in range(7)]
    unknown = [post_login(client, username="nobody").status_code for _try in range(7)]
    assert known == unknown


# --- L2 -------------------------------------------------------------------------------------------
def bare(answer, name):
    """The page without what differs by design: the name that was typed and the CSRF token."""
    return [
        line.replace(name, "NAME")
        for line in answer.text.splitlines()
        if "csrfmiddlewaretoken" not in line and "X-CSRFToken" not in line
    ]


def test_unknown_disabled_and_known_names_get_the_same_page(client, desk, desk2):
    Staff.objects.filter(pk=desk2.pk).update(is_active=False)
    known = bare(post_login(client), "desk1")
    assert bare(post_login(client, username="nobody"), "nobody") == known
    assert bare(post_login(client, username="desk2", password="desk2"), "desk2") == known


def test_unknown_name_is_hashed_too(client, desk, monkeypatch):
    hashed = []
    make = Staff.set_password
    monkeypatch.setattr(
        Staff, "set_password", lambda staff, raw: (hashed.append(raw), make(staff, raw))
    )
    post_login(client, username="nobody", password="a-password")
    assert hashed == ["a-password"]


@pytest.mark.parametrize("length", [129, 100_000, 1_000_000])
def test_very_long_password_is_refused_before_hashing(client, desk, monkeypatch, length):
    """osTicket 86c2ba022."""
    monkeypatch.setattr(Staff, "check_password", lambda *_: pytest.fail("hashed"))
    began = time.perf_counter()
    assert post_login(client, password="x" * length).status_code == 422
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("name", ["", "\0desk1", "x" * 1_000_000, "😀", "' or 1=1--"])
def test_odd_login_names_are_refused_calmly(client, desk, locking, name):
    assert post_login(client, username=name, password="desk1").status_code == 422


# --- L4 -------------------------------------------------------------------------------------------
def test_session_key_changes_on_login(client, desk):
    client.get(reverse("accounts:login"))
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    post_login(client, password="desk1")
    assert client.session.session_key != before


def test_disabled_account_is_out_at_its_next_request(client, desk, manager, now):
    client.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("accounts:profile")).status_code == 200
    actions.disable(desk, by=manager, now=now)
    answer = client.get(reverse("accounts:profile"))
    assert answer["Location"] == "/login/?next=/me/"


def test_reset_by_a_superior_ends_the_other_sessions(client, desk, assistant, now):
    post_login(client, password="desk1")
    actions.reset_password(desk, by=assistant, now=now)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_own_new_password_ends_the_other_sessions_but_not_this_one(client, desk):
    elsewhere = Client()
    for browser in (client, elsewhere):
        post_login(browser, password="desk1")
    answer = client.post(
        reverse("accounts:password"),
        {"old": "desk1", "password": "a-Good-1-indeed", "again": "a-Good-1-indeed"},
    )
    assert answer.status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        {"old": "wrong", "password": "a-Good-1-indeed", "again": "a-Good-1-indeed"},
        {"old": "desk1", "password": "a-Good-1-indeed", "again": "a-Good-2-indeed"},
        {"old": "desk1", "password": "short", "again": "short"},
        {"old": "desk1", "password": "1234567890", "again": "1234567890"},
        {"password": "a-Good-1-indeed", "again": "a-Good-1-indeed"},
    ],
)
def test_own_new_password_needs_the_old_one_and_some_strength(client, desk, typed):
    """osTicket 01a378f64: a password change without the old one."""
    post_login(client, password="desk1")
    assert client.post(reverse("accounts:password"), typed).status_code == 422
    desk.refresh_from_db()
    assert desk.check_password("desk1")


def test_one_time_password_opens_only_the_page_that_replaces_it(client, desk, assistant, now):
    password = actions.reset_password(desk, by=assistant, now=now)
    post_login(client, password=password)
    for name in ("accounts:profile", "accounts:staff_list"):
        assert client.get(reverse(name))["Location"] == reverse("accounts:password")
    assert client.post(reverse("accounts:shortcuts"))["Location"] == reverse("accounts:password")
    script = client.get(reverse("accounts:profile"), headers={"hx-request": "true"})
    assert script.status_code == 403
    assert client.get(reverse("accounts:password")).status_code == 200
    new = {"old": password, "password": "a-Good-1-indeed", "again": "a-Good-1-indeed"}
    client.post(reverse("accounts:password"), new)
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_one_time_password_cannot_be_kept(client, desk, assistant, now):
    password = actions.reset_password(desk, by=assistant, now=now)
    post_login(client, password=password)
    same = {"old": password, "password": password, "again": password}
    assert client.post(reverse("accounts:password"), same).status_code == 422


# --- L5 -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\t//evil.example",
    ],
)
def test_login_leads_to_no_other_host(client, desk, target):
    """RT CVE-2022-25803."""
    answer = post_login(client, password="desk1", data={"next": target})
    home = reverse(desk.duty.home)
    assert answer["Location"] == home
    assert client.get(reverse("accounts:login"), {"next": target})["Location"] == home


def test_login_leads_back_to_the_page_that_was_asked_for(client, desk):
    asked = client.get("/staff/?q=x")
    assert asked["Location"] == "/login/?next=/staff/%3Fq%3Dx"
    answer = post_login(client, password="desk1", data={"next": "/staff/?q=x"})
    assert answer["Location"] == "/staff/?q=x"


# --- L6 -------------------------------------------------------------------------------------------
def test_login_and_logout_are_no_get_and_need_the_token(desk):
    browser = Client(enforce_csrf_checks=True)
    answer = post_login(browser, password="desk1")
    assert answer.status_code == 403
    assert "打开太久了" in answer.text
    assert not signed_in(browser)
    browser.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(reverse("accounts:logout")).status_code == 405
    assert browser.post(reverse("accounts:logout")).status_code == 403
    assert signed_in(browser)


def test_logout_ends_the_session(client, desk):
    post_login(client, password="desk1")
    assert client.post(reverse("accounts:logout"))["Location"] == "/login/"
    assert not signed_in(client)


def test_expired_form_gives_the_typed_text_back_but_no_secret(desk):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    typed = {"note": "厨房<b>漏水</b>", "password": "s3cret-text", "csrfmiddlewaretoken": "tok-en"}
    answer = browser.post(reverse("accounts:shortcuts"), typed)
    assert answer.status_code == 403
    assert "厨房&lt;b&gt;漏水&lt;/b&gt;" in answer.text
    assert "s3cret-text" not in answer.text
    assert "tok-en" not in answer.text


def test_expired_form_shows_nothing_of_a_foreign_page(desk):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(desk, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(
        reverse("accounts:shortcuts"),
        {"note": "请致电 4000"},
        headers={"origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert "4000" not in answer.text


# --- the way back in ------------------------------------------------------------------------------
def again(client, account, username="desk1", password="desk1"):
    data = {"username": username, "password": password, "account": account}
    return client.post(reverse("accounts:login_again"), data)


@pytest.mark.parametrize(
    "headers",
    [{"hx-request": "true"}, {"accept": "application/json"}, {"sec-fetch-dest": "empty"}],
)
def test_script_of_a_signed_out_person_gets_401_and_the_event(client, db, headers):
    answer = client.get(reverse("accounts:profile"), headers=headers)
    assert (answer.status_code, answer["HX-Trigger"]) == (401, "session-expired")
    assert answer.json()["message"] == "登录已过期。在这里重新登录, 内容不会丢"


def test_form_of_a_signed_out_person_gives_the_typed_text_back(client, db):
    answer = client.post(reverse("accounts:shortcuts"), {"note": "厨房漏水"})
    assert answer.status_code == 401
    assert "厨房漏水" in answer.text


def test_login_again_signs_the_same_person_in(desk):
    browser = Client(enforce_csrf_checks=True)
    token = browser.get(
        reverse("accounts:login_again"), headers={"accept": "application/json"}
    ).json()["csrf_token"]
    data = {"username": "desk1", "password": "desk1", "account": desk.pk}
    answer = browser.post(reverse("accounts:login_again"), data, headers={"x-csrftoken": token})
    assert answer.status_code == 204
    with_new_token = browser.post(
        reverse("accounts:shortcuts"), {"on": "0"}, headers={"x-csrftoken": answer["X-CSRFToken"]}
    )
    assert with_new_token.status_code == 302
    desk.refresh_from_db()
    assert desk.single_key_shortcuts is False


def test_login_again_as_somebody_else_signs_nobody_in(client, desk, desk2):
    answer = again(client, desk.pk, "desk2", "desk2")
    assert answer.status_code == 409
    assert "另一位同事" in answer.json()["message"]
    assert not signed_in(client)


def test_login_again_while_somebody_else_is_signed_in_is_refused(client, desk, desk2):
    post_login(client, username="desk2", password="desk2")
    answer = again(client, desk.pk)
    assert answer.status_code == 409
    assert "李倩" in answer.json()["message"]
    assert client.session["_auth_user_id"] == str(desk2.pk)


def test_login_again_with_a_wrong_password_is_counted_and_locked(client, desk, locking):
    answers = [again(client, desk.pk, password="wrong") for _try in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "登录名或密码不对" in answers[0].json()["message"]
    assert "15 分钟后再试" in answers[-1].json()["message"]


def test_login_again_needs_the_account_of_the_page(client, desk):
    assert again(client, "").status_code == 422
    assert not signed_in(client)


def test_login_again_with_a_one_time_password_asks_for_the_own_one(client, desk, assistant, now):
    password = actions.reset_password(desk, by=assistant, now=now)
    answer = again(client, desk.pk, password=password)
    assert (answer.status_code, answer.json()["url"]) == (403, reverse("accounts:password"))


def test_login_again_gives_a_form_for_the_page(client, db):
    answer = client.get(reverse("accounts:login_again"))
    assert answer.status_code == 200
    assert "data-login-again" in answer.text
    assert "<html" not in answer.text


def test_passwords_are_hashed_with_argon2(monkeypatch):
    """The settings of the house, not the fast ones of the tests."""
    monkeypatch.setitem(os.environ, "SECRET_KEY", "x" * 50)
    from yamei import settings as house  # noqa: PLC0415 -- the module, not the test's copy

    assert house.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert house.SESSION_COOKIE_HTTPONLY
