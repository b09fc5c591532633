#!/bin/sh
# Rebuild static/vendor and static/icons.svg from the pinned packages of package.json.
# Results are committed: running the desk needs neither this script nor the network.
# MODULES may name a folder that already holds the packages.
set -eu
cd "$(dirname "$0")/.."
modules="${MODULES:-node_modules}"
[ -d "$modules/@tabler/core" ] || npm install --no-save --no-audit --no-fund --ignore-scripts
python="${PYTHON:-.venv/bin/python}"
[ -x "$python" ] || python=python3
"$python" scripts/build_vendor.py "$modules"
