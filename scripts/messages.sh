#!/usr/bin/env bash
# Collect Chinese msgids into locale/en and compile the catalogue.
set -euo pipefail
py=.venv/bin/python
$py manage.py makemessages -l en --no-location --no-obsolete -i .venv -i var -i staticfiles -i tests -i bench >/dev/null
$py scripts/catalogue.py --compile
