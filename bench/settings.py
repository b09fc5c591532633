"""The real settings on a database of the bench's own, and a header that counts queries."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault(
    "DATABASE_URL",
    os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/yamei_bench"),
)
os.environ.setdefault("VAR_DIR", str(Path(tempfile.gettempdir()) / "yamei-bench"))

from yamei.settings import *  # noqa: F403
from yamei.settings import DATABASES, MIDDLEWARE, STORAGES

if not str(DATABASES["default"]["NAME"]).startswith("yamei_bench"):
    raise RuntimeError(
        "the bench only fills a PostgreSQL database whose name begins with yamei_bench"
    )

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.queries.CountQueries", *MIDDLEWARE]
AXES_ENABLED = False
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING"}}
