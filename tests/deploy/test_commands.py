"""The recipes of deploy/ start the same programs as the embedded default, and say so once."""

import configparser
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
GUNICORN = (
    "--workers 2",
    "--threads 4",
    "--timeout 60",
    "--graceful-timeout 10",
    "--no-control-socket",
)


def unit(name):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(DEPLOY / "systemd" / f"yamei-{name}.service")
    return parser


@pytest.fixture(scope="module")
def compose():
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_every_way_of_running_starts_the_same_web_server(compose):
    procfile = dict(
        line.split(": ", 1) for line in (ROOT / "Procfile").read_text().strip().splitlines()
    )
    docker = re.search(r"^CMD \[(.*)\]$", (DEPLOY / "Dockerfile").read_text(), re.M)[1]
    commands = [
        procfile["web"],
        unit("web")["Service"]["ExecStart"],
        " ".join(compose["services"]["web"]["command"]),
        docker.replace('", "', " ").strip('"'),
    ]
    for command in commands:
        assert "gunicorn yamei.wsgi" in command
        assert [option for option in GUNICORN if option not in command] == []


def test_production_runs_worker_and_beat_apart_on_redis(compose):
    services = compose["services"]
    for name in ("worker", "beat"):
        said = " ".join(services[name]["command"])
        assert said.startswith(f"celery -A yamei {name}")
        assert f"celery -A yamei {name}" in unit(name)["Service"]["ExecStart"]
        assert " -B" not in said
        assert services[name]["environment"]["REDIS_URL"].startswith("redis://")
        assert services[name]["environment"]["DATABASE_URL"].startswith("postgres://")


def test_only_the_proxy_is_reachable_from_outside(compose):
    reachable = [name for name, service in compose["services"].items() if "ports" in service]
    assert reachable == ["proxy"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_units_restart_and_may_write_only_their_own_folder(name):
    service = unit(name)["Service"]
    assert service["Restart"] == "always"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/yamei"
    assert service["User"] == "yamei"


def test_no_secret_is_shipped():
    example = (DEPLOY / "yamei.env.example").read_text()
    assert re.search(r"^SECRET_KEY=$", example, re.M)
    assert re.search(r"^PRODUCTION=1$", example, re.M)
    tracked = subprocess.run(
        ["git", "ls-files", "deploy"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "yamei.env\n" not in tracked
    assert ".env\n" not in tracked.replace("yamei.env.example", "")


def test_proxies_overwrite_forwarded_addresses():
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "proxy_add_x_forwarded_for" not in nginx
    assert "header_up X-Forwarded-For {remote_host}" in (DEPLOY / "Caddyfile").read_text()


@pytest.mark.parametrize("script", ["run.sh", "clock.sh"])
def test_scripts_are_bash_without_mistakes(script):
    subprocess.run(["bash", "-n", ROOT / "scripts" / script], check=True)
