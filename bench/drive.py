"""A browser's worth of HTTP: one kept connection, its cookies, and how long an answer took."""

import http.client
import re
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

MOST_SECONDS = 4.0  # of one page in one round
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Client:
    """One person's connection to the server under test."""

    def __init__(self, port: int):
        self.port, self.cookies = port, {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: dict | None = None, **headers: str) -> "Answer":
        headers |= {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        data = None
        if body is not None:
            data = urlencode(body)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        started = time.perf_counter()
        try:
            self.connection.request(method, path, data, headers)
            response = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):  # the server closed a kept connection
            self.connection.close()
            started = time.perf_counter()
            self.connection.request(method, path, data, headers)
            response = self.connection.getresponse()
        content = response.read()
        took = (time.perf_counter() - started) * 1000
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(
            response.status, took, int(response.getheader("X-Queries") or 0), content,
            response.getheader("ETag") or "", response.getheader("Location") or "",
        )  # fmt: skip

    def log_in(self, path: str, username: str, password: str) -> None:
        self.ask("GET", path)
        answer = self.ask("POST", path, {"username": username, "password": password})
        if answer.status != 302 or "sessionid" not in self.cookies:
            raise SystemExit(f"cannot log in as {username}: {answer.status}")


@dataclass(frozen=True)
class Answer:
    status: int
    ms: float
    queries: int
    content: bytes
    etag: str
    location: str


@dataclass
class Page:
    """One thing to measure. ``ask(client, turn)`` makes one request; ``expect`` its status."""

    name: str
    ask: Callable[[Client, int], Answer]
    who: str = "desk1"
    expect: int = 200
    most_queries: int | None = None
    target: float | None = None  # times the 25-row floor
    of_empty: bool = False  # the target counts the empty floor instead
    rounds: dict[int, list["Sample"]] = field(default_factory=dict)
    queries: int = 0
    fault: str = ""


@dataclass(frozen=True)
class Sample:
    """One page in one round at one concurrency."""

    p50: float
    p95: float
    per_second: float


def measure(page: Page, clients: list[Client], *, requests: int) -> Sample:
    """Ask ``requests`` times, shared by the clients at once; bounded by MOST_SECONDS."""
    times: list[float] = []
    end = time.perf_counter() + MOST_SECONDS
    lock = threading.Lock()
    turns = iter(range(requests))

    def work(client: Client) -> None:
        while time.perf_counter() < end and not page.fault:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return
            answer = page.ask(client, turn)
            with lock:
                times.append(answer.ms)
                page.queries = max(page.queries, answer.queries)
                if answer.status != page.expect:
                    page.fault = f"HTTP {answer.status}"

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    times.sort()
    return Sample(
        statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))],
        len(times) / took,
    )  # fmt: skip


def middle(page: Page, concurrency: int) -> Sample:
    """The median of the rounds, by p50."""
    samples = sorted(page.rounds[concurrency], key=lambda sample: sample.p50)
    return samples[len(samples) // 2]
