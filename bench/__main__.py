"""``python -m bench``: fill PostgreSQL, start gunicorn on loopback, drive the pages, print a table.

BENCH_TICKETS (100000) is the size, BENCH_DATABASE_URL where (a database named yamei_bench…),
BENCH_ROUNDS (3) and BENCH_REQUESTS (40) how long. ``--save FILE`` keeps the page it prints.
"""

import argparse
import contextlib
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django
import psycopg2
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "40"))
LEVELS = (1, 4)
WORKERS, THREADS = 2, 4


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--save", type=Path, help="write the result to this Markdown file")
    save = parser.parse_args().save
    make_database()
    django.setup()
    # These need the settings above.
    from bench import fill, pages, report  # noqa: PLC0415

    content = fill.fill()
    found = pages.all_pages()
    with serving() as port:
        people = {page.who for page in found}
        clients = {who: pages.clients(port, who, max(LEVELS)) for who in sorted(people)}
        drive(found, clients)
    extras = [*scan_times(), *export_time(), *appraisal_times()]
    text = report.text(
        found, extras, content=content, rounds=ROUNDS, requests=REQUESTS,
        server=f"gunicorn -w {WORKERS} --threads {THREADS}",
    )  # fmt: skip
    sys.stdout.write(text)
    if save:
        save.write_text(text)


def make_database() -> None:
    """Create the bench's own database if the server does not have it yet."""
    place = settings.DATABASES["default"]
    where = {"host": place["HOST"], "port": place["PORT"] or 5432, "user": place["USER"],
             "password": place["PASSWORD"] or None, "connect_timeout": 10}  # fmt: skip
    try:
        server = psycopg2.connect(dbname="postgres", **where)
    except psycopg2.OperationalError as error:
        raise SystemExit(f"bench needs PostgreSQL (BENCH_DATABASE_URL): {error}") from error
    server.autocommit = True
    with contextlib.closing(server), server.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [place["NAME"]])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{place["NAME"]}"')


@contextlib.contextmanager
def serving():
    """gunicorn on a free port of loopback, stopped at the end whatever happens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "yamei.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "30",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        for _attempt in range(150):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if server.poll() is not None:
                raise SystemExit("gunicorn did not start")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def drive(found, clients) -> None:
    """Three interleaved rounds: every page at every concurrency, then again."""
    from bench.drive import measure  # noqa: PLC0415
    from bench.fill import say  # noqa: PLC0415

    for page in found:  # warm up: templates, plans, connections of both workers
        measure(page, clients[page.who], requests=4 * WORKERS)
        if page.fault:
            say(f"{page.name}: {page.fault}, left out")
    for turn in range(ROUNDS):
        say(f"round {turn + 1} of {ROUNDS}")
        for page in found:
            for level in LEVELS:
                if not page.fault:
                    sample = measure(page, clients[page.who][:level], requests=REQUESTS * level)
                    page.rounds.setdefault(level, []).append(sample)


def scan_times():
    """What one scan costs, if the part that measures it is there."""
    if importlib.util.find_spec("bench.scan") is None:
        return [("scan", "bench/scan.py is not there", "")]
    done = subprocess.run(
        [sys.executable, "bench/scan.py", "2000"], cwd=ROOT, capture_output=True, text=True,
        timeout=600, check=False, env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )  # fmt: skip
    if done.returncode:
        return [("scan", f"failed: {done.stderr.strip()[-300:]}", "")]
    return [("scan", line, "") for line in done.stdout.strip().splitlines()]


def export_time():
    """The workbook of about 10,000 rows, three times in this process."""
    from django.test import RequestFactory  # noqa: PLC0415
    from django.urls import resolve, reverse  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import Staff  # noqa: PLC0415
    from repairs.models import Repair  # noqa: PLC0415

    rows = Repair.objects.order_by("-reported_at").values_list("reported_at", "estate_id")
    if rows.count() < 10000:
        return [("export", "fewer than 10,000 tickets", "")]
    midnight = timezone.localtime(rows[9999][0]).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight.date().isoformat()
    count = Repair.objects.filter(reported_at__gte=midnight, estate_id=rows[0][1]).count()
    request = RequestFactory().get(
        reverse("repairs:repair_export"), {"status": "all", "since": since}
    )
    request.user = Staff.objects.get(username="manager")
    times = []
    for _turn in range(3):
        started = time.perf_counter()
        response = resolve(request.path).func(request)
        size = sum(len(block) for block in response.streaming_content)
        times.append(time.perf_counter() - started)
    took = statistics.median(times)
    met = "yes" if took <= 2.0 * max(1, count / 10000) else "**no**"
    return [("export", f"{count} rows, {size / 1e6:.1f} MB: {took:.2f} s (budget 2 s)", met)]


def appraisal_times():
    """500 people × 12 months of score sheets, on a database of their own."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/yamei.sqlite3"}
        done = subprocess.run(
            [sys.executable, "-m", "bench.appraisal"], cwd=ROOT, capture_output=True, text=True,
            timeout=900, check=False, env=os.environ | own | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    said = "; ".join(told) if told else f"failed: {done.stderr.strip()[-300:]}"
    return [
        (
            "score sheets (12 queries, 500 results in 10 s)",
            said,
            "**no**" if done.returncode else "yes",
        )
    ]


if __name__ == "__main__":
    main()
