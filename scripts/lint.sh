#!/usr/bin/env bash
# Everything that can be judged without running a test. Every line can fail.
set -euo pipefail
py=.venv/bin/python
export DJANGO_SETTINGS_MODULE=tests.settings
echo "ruff";           $py -m ruff check -q .
echo "format";         $py -m ruff format -q --check .
echo "import layers";  .venv/bin/lint-imports --no-cache >/tmp/layers.$$ 2>&1 || { cat /tmp/layers.$$; rm -f /tmp/layers.$$; exit 1; }; rm -f /tmp/layers.$$
echo "types";          $py -m mypy --no-error-summary $(cat scripts/typed.txt)
echo "templates";      .venv/bin/djlint templates --lint --quiet
echo "django check";   $py manage.py check --fail-level WARNING
echo "migrations";     $py manage.py makemigrations --check --dry-run >/dev/null || { echo "a migration is missing: manage.py makemigrations"; exit 1; }
echo "catalogue";      $py scripts/catalogue.py
