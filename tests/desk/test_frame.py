"""The frame of every page: what it offers, what it says, and what it costs."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from accounts.posts import POSTS
from followups.heartbeat import beat
from yamei.navigation import ENTRIES, page_frame


def test_rail_offers_only_what_the_post_may_open(repairer, desk, as_):
    page = as_(repairer).get("/followups/").content.decode()
    assert 'href="/staff/"' not in page
    assert 'href="/intake/"' not in page
    page = as_(desk).get("/today/").content.decode()
    assert 'href="/intake/"' in page


def test_every_entry_has_its_page():
    for entry in ENTRIES:
        assert reverse(entry.url_name)


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.code)
def test_every_post_has_its_home_in_the_rail_or_bar(post, desk):
    desk.post = post.code
    request = RequestFactory().get("/")
    request.user = desk
    frame = page_frame(request)["frame"]
    urls = {line["url"] for line in frame.rail}
    assert reverse(post.home) in urls
    assert 1 <= len(frame.phone_bar) <= 4


@pytest.mark.clause("DUT-3")
def test_incident_button_is_on_every_page_of_every_post(as_, desk, butler, repairer, sysadmin):
    for staff in (desk, butler, repairer, sysadmin):
        assert (
            f'href="{reverse("incidents:raise")}"' in as_(staff).get("/followups/").content.decode()
        )


def test_stopped_scan_is_said_on_the_page(as_, desk, now, time_machine):
    time_machine.move_to(now)
    client = as_(desk)
    assert "提醒已停止" in client.get("/today/").content.decode()
    beat(now, looked=0, told=0, faults={})
    assert "提醒已停止" not in client.get("/today/").content.decode()
    time_machine.shift(181)
    assert "提醒已停止" in client.get("/today/").content.decode()


def test_demo_data_is_said_on_the_page(as_, desk, estate):
    client = as_(desk)
    assert "演示数据" not in client.get("/today/").content.decode()
    estate.is_demo = True
    estate.save()
    assert "演示数据" in client.get("/today/").content.decode()


def test_frame_costs_two_queries_and_a_fragment_none(desk, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = desk
    with django_assert_num_queries(2):
        render_to_string("base.html", {}, request=request)
    with django_assert_num_queries(0):
        render_to_string("desk/_moment.html", {"reading": "尽快"}, request=request)


@pytest.mark.parametrize("page", ["400", "403", "404", "500"])
def test_error_page_renders_without_anybody(page, django_assert_num_queries):
    assert "<h1" in render_to_string(f"{page}.html", {})


def test_error_page_inside_the_frame(as_, desk, repairer):
    answer = as_(desk).get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()
    answer = as_(repairer).get("/intake/")
    assert answer.status_code == 403
    assert "您的岗位不能做这一步" in answer.content.decode()


def test_language_follows_the_switch_on_the_login_page(client, db):
    client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
    assert '<html lang="en"' in client.get("/login/").content.decode()


def test_theme_of_the_cookie_is_rendered_by_the_server(as_, desk):
    client = as_(desk)
    client.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in client.get("/today/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert 'data-theme-choice="auto"' in client.get("/today/").content.decode()
