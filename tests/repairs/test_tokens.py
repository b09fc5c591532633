"""The code on the slip: it names a repair and gives no right to it."""

import pytest
from django.core.signing import Signer
from django.urls import reverse

from repairs import tokens


@pytest.fixture
def repair(crew, now):
    return crew.slip(now=now)


def test_address_starts_with_the_public_url(repair, settings):
    settings.PUBLIC_URL = "https://desk.example.com"
    assert tokens.address_of(repair).startswith("https://desk.example.com/q/")


def test_token_opens_the_repair(as_, desk, repair):
    answer = as_(desk).get(f"/q/{tokens.token_of(repair)}")
    assert answer.url == reverse("repairs:repair_detail", args=[repair.pk])


def test_token_without_login_comes_back_after_login(client, repair):
    path = f"/q/{tokens.token_of(repair)}"
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:login"))
    assert "next=/q/" in answer.url


def test_token_gives_no_right(as_, outsider, repair):
    assert as_(outsider).get(f"/q/{tokens.token_of(repair)}").status_code == 404


@pytest.mark.parametrize("token", ["1", "1:forged", ":", "x" * 500, "1:😀", "%00"])
def test_token_forged_is_404(as_, desk, repair, token):
    assert as_(desk).get(f"/q/{token}").status_code == 404


def test_token_of_another_purpose_is_404(as_, desk, repair):
    foreign = Signer(salt="something.else").sign(str(repair.pk))
    assert as_(desk).get(f"/q/{foreign}").status_code == 404


def test_token_of_a_repair_that_is_gone_is_404(as_, desk, repair):
    token = tokens.token_of(type(repair)(pk=repair.pk + 1000))
    assert as_(desk).get(f"/q/{token}").status_code == 404
