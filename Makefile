# One command each; every target sets up what it needs.
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: run test check lint manual bench setup browser messages

run:            ## set up and start on SQLite, no other server
	@bash scripts/run.sh

setup: .venv/.dev
.venv/.dev: requirements.txt requirements-dev.txt
	@test -x $(PY) || python3 -m venv .venv || { echo "先装: apt-get install python3-venv"; exit 1; }
	@$(PY) -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

browser: setup  ## Chromium, fonts and gettext from Debian's packages, where this user may install them
	@bash scripts/browser.sh

lint: setup
	@bash scripts/lint.sh

test: browser   ## SQLite, PostgreSQL, then the browser
	@bash scripts/test.sh

check: lint test manual  ## everything a change must pass

manual: setup   ## every clause of the manual with its tests
	@$(PY) scripts/manual.py

messages: setup ## collect strings into the English catalogue and compile it
	@bash scripts/messages.sh

bench: setup    ## pages behind gunicorn on PostgreSQL beside two floors
	@$(PY) -m bench
