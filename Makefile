# Everything the project does, by name. Each target makes the environment first if it is missing.

PYTHON ?= python3
PORT ?= 8000
VNU ?= vnu.jar
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
STACK_VENV := .venv-stack
STACK_STAMP := $(STACK_VENV)/installed

.PHONY: demo test e2e stack-test bench check html-check messages lock format clean

demo: $(STAMP) $(MESSAGES)
	@$(BIN)/python manage.py demo --port $(PORT)

test: $(STAMP) $(MESSAGES)
	$(BIN)/pytest --numprocesses auto --dist loadgroup

e2e: $(STAMP) $(MESSAGES)
	$(BIN)/pytest tests/e2e --numprocesses auto --dist loadfile

# First the tests in which the database or the cache matters, on PostgreSQL and Redis: with the rest of
# them, which pass there too, it would take twice as long. Then, one after the other because they stop
# services and fill both processors, what is promised of both and of S3; that includes loading the demo and
# reading all of it.
ON_SERVICES := caching contract document_text documents downloads fallback form_guards \
	form_languages form_queue forms grant_erasing grant_privacy image_uploads jobs outbox \
	private_file_handout private_file_types private_files private_files_in_forms queries registration \
	registration_input request_drafts request_races routing search search_backend search_passages \
	seat_numbers seats settle streamfield translation_checks translation_editor translation_steps \
	translation_tracking

stack-test: $(STAMP) $(STACK_STAMP) $(MESSAGES)
	$(BIN)/python -m pytest -p tests.stack.plugin --numprocesses auto $(ON_SERVICES:%=tests/test_%.py)
	$(BIN)/python -m pytest -p tests.stack.plugin tests/stack

# What is promised about speed, measured; the result is recorded in bench/results.json.
bench: $(STAMP) $(MESSAGES)
	@$(BIN)/python -W ignore -m bench

check: $(STAMP) $(MESSAGES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint templates --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check
	bash deploy/check.sh $(BIN)/python
	$(BIN)/pip check

# By hand, while the demo runs: tests/e2e/nu.py says how to get the checker.
html-check: $(STAMP)
	$(BIN)/python tests/e2e/nu.py http://127.0.0.1:$(PORT) $(VNU)

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Collects the strings of the interface; needs gettext. Compiling them does not.
messages: $(STAMP)
	$(BIN)/python manage.py makemessages --all --no-location --no-wrap --ignore='.venv*' --ignore=data --ignore=tests --ignore=static

%.mo: %.po $(STAMP)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

lock: $(STAMP)
	$(BIN)/uv pip compile --quiet --generate-hashes --no-annotate --python-version 3.11 --custom-compile-command "make lock" pyproject.toml --extra redis --output-file requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-annotate --python-version 3.11 --custom-compile-command "make lock" pyproject.toml --extra dev --extra redis --output-file requirements/dev.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-annotate --python-version 3.11 --custom-compile-command "make lock" requirements/stack.in --output-file requirements/stack.txt

clean:
	rm -rf $(VENV) $(STACK_VENV) data

$(STAMP): requirements/dev.txt
	@echo "Preparing the environment (about a minute, once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The hub needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")'
	@$(PYTHON) -m venv $(VENV)
	@# The lock is complete, so nothing is resolved: pip before 23.3, which Debian 12 has, would refuse a
	@# locked package that another asks for with extras as soon as a newer release of it exists.
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements/dev.txt
	@touch $(STAMP)

$(STACK_STAMP): requirements/stack.txt
	@$(PYTHON) -m venv $(STACK_VENV)
	@$(STACK_VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements/stack.txt
	@touch $(STACK_STAMP)
