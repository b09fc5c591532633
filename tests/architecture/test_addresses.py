"""Deny by default, and nothing inline: what must hold for every address and template."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
# Public on purpose, each with its reason.
PUBLIC = {
    "accounts:login": "the way in",
    "community:answer": "a resident's form, opened by its signed personal link; see community/tokens.py",
    "accounts:login_again": "the way back in after the session ended",
    "followups:healthz": "for monitors; says nothing about residents",
    "followups:livez": "for proxies",
    "visits:service_worker": "a script without data; the browser fetches it by itself",
    "visits:offline": "the page for no network; says nothing about residents",
    "set_language": "works on the login page too",
}
SAMPLES = {
    "pk": "1",
    "register": "keys",
    "token": "x",
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": "00000000-0000-0000-0000-000000000001",
}


def addresses(patterns=None, prefix="", namespace=""):
    """Every (name, sample path) of the house."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from addresses(entry.url_patterns, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            path = re.sub(
                r"<(?:(\w+):)?(\w+)>",
                lambda m: SAMPLES.get(m[1] or "", SAMPLES.get(m[2], "1")),
                prefix + str(entry.pattern),
            )
            yield ":".join(part for part in (namespace, entry.name) if part), "/" + path


@pytest.mark.django_db
def test_every_address_asks_for_login_except_the_public_ones(client):
    open_to_all = set()
    for name, path in addresses():
        answer = client.get(path)
        signed_out = answer.status_code == 302 and "/login" in answer["Location"]
        if not signed_out:
            open_to_all.add(name)
    assert open_to_all == set(PUBLIC) & {name for name, _ in addresses()}


def test_every_address_has_a_name():
    assert [path for name, path in addresses() if not name or name.endswith(":None")] == []


def templates():
    return sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize(
    "pattern",
    [
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)",
        r"<style",
        r"\sstyle=",
        r"\son[a-z]+=",
        r"hx-on",
        r"(?:src|href)=\"(?:https?:)?//",
    ],
)
def test_templates_hold_nothing_inline_and_ask_no_other_host(pattern):
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in templates()
        for match in re.finditer(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_template_is_used():
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in sorted({p.parent.name for p in ROOT.glob("*/apps.py")} | {"templates"})
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
    )
    named_by_django = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}
    unused = [
        str(path.relative_to(ROOT / "templates"))
        for path in templates()
        if str(path.relative_to(ROOT / "templates")) not in source
        and str(path.relative_to(ROOT / "templates")) not in named_by_django
    ]
    assert unused == []


def test_templates_hold_no_chinese_outside_translation():
    """Every Chinese text of a template passes through gettext, so English can be complete."""
    translated = re.compile(
        r"{%\s*(?:blocktrans|blocktranslate)\b.*?{%\s*end(?:blocktrans|blocktranslate)\s*%}"
        r"|{%.*?%}|{#.*?#}|{{.*?}}|{%\s*comment.*?endcomment\s*%}",
        re.DOTALL,
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in templates()
        for match in re.finditer(r'date:"[^"]*[年月日]', path.read_text(encoding="utf-8"))
    ]
    for path in templates():
        if path.name == "500.html":  # rendered without Django's help, in both languages at once
            continue
        rest = translated.sub("", path.read_text(encoding="utf-8"))
        found += [
            f"{path.relative_to(ROOT)}: {text}"
            for text in re.findall(r"[\u4e00-\u9fff]+", rest)
            if text != "中文"  # a language is named in itself
        ]
    assert found == []


def test_no_translation_hides_in_an_f_string():
    """xgettext does not look into f-strings, so the English catalogue would miss it."""
    apps = {path.parent for path in ROOT.glob("*/apps.py")} | {ROOT / "spreadsheets"}
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for app in sorted(apps)
        for path in sorted(app.rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"""\bf(["']).*{_\(""", line)
    ]
    assert found == []
