"""One's own account."""

from django.urls import reverse


def test_profile_switches_single_keys(as_, desk):
    client, url = as_(desk), reverse("accounts:shortcuts")
    client.post(url, {"on": "0"})
    desk.refresh_from_db()
    assert desk.single_key_shortcuts is False
    assert "data-single-keys" not in client.get(reverse("accounts:profile")).text
    client.post(url, {"on": "1"})
    desk.refresh_from_db()
    assert desk.single_key_shortcuts is True


def test_profile_keeps_the_language_in_this_browser(as_, desk):
    client = as_(desk)
    profile = reverse("accounts:profile")
    answer = client.post(reverse("set_language"), {"language": "en", "next": profile})
    assert answer["Location"] == profile
    assert 'lang="en"' in client.get(profile).text.split(">")[1]
    client.post(reverse("accounts:logout"))
    assert 'lang="en"' in client.get(reverse("accounts:login")).text.split(">")[1]


def test_profile_leads_to_the_staff_pages_only_with_reports(as_, dispatcher, repairer):
    link = reverse("accounts:staff_list")
    assert link in as_(dispatcher).get(reverse("accounts:profile")).text
    assert link not in as_(repairer).get(reverse("accounts:profile")).text
