"""The result as one Markdown page: how it was measured, then every figure beside its budget."""

import os
import platform
from datetime import datetime

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.drive import Page, middle

EMPTY, ROWS = 0, 1  # where the floors stand


def text(
    found: list[Page], extras, *, content: str, rounds: int, requests: int, server: str
) -> str:
    """The whole page; ratios are against the floors of the same run."""
    floor = middle(found[ROWS], 1).p50
    lines = [
        "# Speed",
        "",
        "Written by `make bench` (`python -m bench --save docs/speed.md`); do not edit by hand.",
        "Absolute times differ from machine to machine and with what else runs on it; the ratio to",
        "the floor of the same run is what counts.",
        "",
        *(f"- {name}: {value}" for name, value in how(content, rounds, requests, server)),
        "",
        "| page | queries | budget | p50 ms | p95 ms | ratio | target | req/s | at 4: p50 | p95"
        " | req/s | met |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [row(page, floor) for page in found]
    lines += ["", "| beside the pages | met |", "|---|---|"]
    lines += [f"| {name}: {said} | {met} |" for name, said, met in extras]
    return "\n".join([*lines, ""])


def row(page: Page, floor: float) -> str:
    """One line: at concurrency 1, the ratio of its p50 to the 25-row floor; then at 4."""
    if page.fault:
        return f"| {page.name} | | | {page.fault} | | | | | | | | **no** |"
    one, four = middle(page, 1), middle(page, 4)
    ratio = one.p50 / floor
    met = ""
    if page.most_queries:
        met = "yes" if page.queries <= page.most_queries and ratio <= page.target else "**no**"
    target = f"≤ {page.target:g} ×" if page.target else ""
    budget = f"≤ {page.most_queries}" if page.most_queries else ""
    return (
        f"| {page.name} | {page.queries} | {budget} | {one.p50:.1f} | {one.p95:.1f} | {ratio:.1f} ×"
        f" | {target} | {one.per_second:.0f} | {four.p50:.1f} | {four.p95:.1f}"
        f" | {four.per_second:.0f} | {met} |"
    )


def how(content: str, rounds: int, requests: int, server: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        size = cursor.fetchone()[0]
    day: datetime = timezone.localtime()
    return [
        ("date", f"{day:%Y-%m-%d %H:%M}"),
        ("machine", f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"),
        ("versions", f"Python {platform.python_version()}, Django {django.get_version()},"
                     f" PostgreSQL {postgres}"),
        ("data", f"{content}; database {settings.DATABASES['default']['NAME']}, {size}"),
        ("server", f"{server}, loopback, logged in; the driver shares the machine"),
        ("runs", f"{rounds} interleaved rounds, {requests} requests per connection and page (at"
                 " most 4 s), medians of the rounds"),
    ]  # fmt: skip
