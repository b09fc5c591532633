#!/usr/bin/env bash
# The tests on SQLite, on PostgreSQL, then in the browser. Arguments go to pytest.
set -uo pipefail
py=.venv/bin/python
jobs=$(nproc)
pg=${TEST_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
failed=0
echo "== SQLite"
$py -m pytest -q -n "$jobs" -m "not browser" "$@" || failed=1
echo "== PostgreSQL"
if $py - "$pg" <<'PY'
import sys
import psycopg2
psycopg2.connect(sys.argv[1], connect_timeout=3).close()
PY
then
  DATABASE_URL=$pg $py -m pytest -q -n "$jobs" -m "not browser and not processes" "$@" || failed=1
elif [ "${CI:-}" = true ]; then
  echo "PostgreSQL is not reachable at 127.0.0.1:5432: in CI that is a failure"; failed=1
else
  echo "SKIPPED: no PostgreSQL at 127.0.0.1:5432 (set TEST_DATABASE_URL to use another)"
fi
echo "== Browser"
$py -m pytest -q -n "$jobs" --dist loadgroup -m browser "$@" || failed=1  # one server for each process
exit $failed
