# Two commands matter: `make run` serves the assistant, `make test` checks everything.
# Both install what is missing into .venv; once that is done they install nothing. `make help` lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# Tried in this order. Python 3.11 has a wheel of everything, others lack some optional packages.
PYTHON ?= python3.11 python3.12 python3.13 python3
# The CPU build of torch. Where it can't be reached, the configured index's build is installed.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
PYTEST_ARGS ?=
# In how many processes tests run, each with servers of its own; 0 is in this one. More than half of the
# time goes by in waiting, so that two take half as long even on two cores.
TEST_PROCESSES ?= 2
AGAIN = $(BIN)/pytest --last-failed --last-failed-no-failures none
BENCH_ARGS ?=

VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
DONE := $(VENV)/installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install -qq --progress-bar off -c constraints.txt
TORCH := $(shell sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.txt)
# A Node of one's own first, else the one that requirements-dev.txt brings.
WITH_NODE := PATH="$$PATH:$(BIN)"

.PHONY: help install install-dev smart-turn run run-simulated dev test check format clean \
  bench-latency bench-browser bench-onsets bench-cost bench-first-answer bench-idle bench-silence \
  bench-turns bench-noise bench-heard bench-echo bench-walks bench-crowd bench-recall \
  bench-repeats bench-steering bench-dashboard bench-telemetry bench-durability bench-faults bench-cancels bench-adapters bench-recovery

help:
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

# --- running ----------------------------------------------------------------------------------------
run: install ## install what is missing, start what is missing, serve on HOST and PORT
	@exec $(BIN)/python -m voiceassistant.supervisor --end-with-parent

dev: install-dev ## the same with DEBUG, readable logs and a restart on every change
	@exec $(BIN)/python -m voiceassistant.supervisor --end-with-parent --dev

run-simulated: install-dev ## the same on simulated vendors: no key, and faults at will
	@exec $(BIN)/python -m tests.simulators

# --- installing -------------------------------------------------------------------------------------
install: $(DONE)/requirements $(DONE)/optional ## install the pinned requirements into .venv

install-dev: install $(DONE)/dev

$(BIN)/python:
	@for python in $(PYTHON); do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
	  then exec $$python -m venv $(VENV); fi; \
	done; \
	echo "Python 3.11, 3.12 or 3.13 with its venv module is needed, and there is none among: $(PYTHON)." \
	  "Install one (on Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11" >&2; \
	exit 1

$(DONE)/venv: | $(BIN)/python
	@mkdir -p $(DONE) && touch $@

$(DONE)/torch: requirements.txt | $(DONE)/venv
	@if $(BIN)/python -c 'import signal, sys, urllib.request as web; signal.alarm(10); web.urlopen(sys.argv[1] + "/torch/")' \
	  $(TORCH_INDEX) >/dev/null 2>&1; \
	then echo "Installing $(TORCH) (CPU) ..." && $(INSTALL) --no-deps --extra-index-url $(TORCH_INDEX) $(TORCH); \
	else echo "PyTorch's CPU index ($(TORCH_INDEX)) can't be reached: $(TORCH) comes from the configured index," \
	  "whose build may bring CUDA libraries of several GB." >&2; fi
	@touch $@

$(DONE)/requirements: requirements.txt constraints.txt $(DONE)/torch
	@echo "Installing requirements.txt ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

# One by one and wheels only: what has none for this Python or processor is left out.
$(DONE)/optional: requirements-optional.txt constraints.txt | $(DONE)/requirements
	@sed -e 's/ *#.*//' -e '/^$$/d' requirements-optional.txt | while read -r package; do \
	  $(INSTALL) --only-binary :all: "$$package" 2>/dev/null </dev/null || \
	  echo "Left out: $$package could not be had as a wheel for this Python and processor; the README says what it is for." >&2; \
	done
	@touch $@

$(DONE)/dev: requirements-dev.txt requirements.txt constraints.txt | $(DONE)/requirements
	@echo "Installing requirements-dev.txt ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

node_modules: package.json package-lock.json $(DONE)/dev
	@$(WITH_NODE) npm ci --silent
	@touch $@

smart-turn: $(DONE)/venv ## fetch Smart Turn v3.2 (BSD-2) out of pipecat-ai's wheel into var/models, for SMART_TURN
	@mkdir -p var/models
	@$(PIP) download -qq --progress-bar off --no-deps --only-binary :all: -d var/models \
	  $$(sed -n 's/^pipecat-ai\[.*\]==/pipecat-ai==/p' bench/requirements-peer.txt)
	@cd var/models && $(BIN)/python -c 'import pathlib, zipfile; \
	  wheel = next(pathlib.Path().glob("pipecat_ai-*.whl")); archive = zipfile.ZipFile(wheel); \
	  found = next(name for name in archive.namelist() if name.endswith("/smart-turn-v3.2-cpu.onnx")); \
	  model = pathlib.Path("smart-turn-v3.2-cpu.onnx"); model.write_bytes(archive.read(found)); wheel.unlink(); \
	  print(f"SMART_TURN={model.resolve()}")'

# --- checking ---------------------------------------------------------------------------------------
# The browser tests go alone: they talk and listen in real time, and Playwright keeps an event loop
# running in the thread that tests run in. Files go out as they come, and not those with few tests last:
# these are the slow ones. PYTEST_ARGS come last and win.
#
# What fails is run once more, alone: on a machine that does other things as well an answer in real time
# may come too late. What passes then is named all the same, and wants mending.
test: check ## everything: checks, unit, integration and browser tests
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/pytest -m "not browser" -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS) \
	  || $(AGAIN) -m "not browser" $(PYTEST_ARGS)
	$(BIN)/pytest -m browser $(PYTEST_ARGS) || $(AGAIN) -m browser $(PYTEST_ARGS)

check: install-dev node_modules ## lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(find templates -name '*.html')
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(WITH_NODE) node_modules/.bin/tsc

format: install-dev ## rewrite our files the way `make check` wants them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(find templates -name '*.html')

# --- measuring --------------------------------------------------------------------------------------
# Each on servers of its own, thrown away afterwards; on a machine that does nothing else. What takes
# arguments gets them from BENCH_ARGS, as the module's docstring says: make bench-idle BENCH_ARGS="100 5"
bench-latency: install-dev ## ours, Pipecat and an oracle on the same simulated vendors (25 min; the first run installs Pipecat into var/bench-peer, 0.5 GB)
	@$(BIN)/python -m bench.latency $(BENCH_ARGS)

bench-browser: install-dev ## the same as a person hears it, in Chromium; button to listening (8 min)
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m bench.browser $(BENCH_ARGS)

bench-onsets: install-dev ## how soon the page notices a voice over a reply, without a browser (5 min)
	@$(BIN)/python -m bench.browser.onsets $(BENCH_ARGS)

bench-cost: install-dev ## CPU per talking session, the providers' own work left out (1.5 min)
	@$(BIN)/python -m bench.cost $(BENCH_ARGS)

bench-first-answer: install-dev ## first page, and first answer while models still load (1 min)
	@$(BIN)/python -m bench.first_answer $(BENCH_ARGS)

bench-idle: install-dev ## memory and CPU of 100 idle sockets (6 min)
	@$(BIN)/python -m bench.idle $(BENCH_ARGS)

bench-silence: install-dev ## whether a minute of room noise starts a turn (1.5 min)
	@$(BIN)/python -m bench.silence $(BENCH_ARGS)

bench-turns: install-dev ## the end of turns, and interruptions, over labelled speech (1 min)
	@$(BIN)/python -m bench.turns $(BENCH_ARGS)

bench-noise: install-dev ## speech in noise, and noise alone, with clean-up and without (5 min)
	@$(BIN)/python -m bench.noise $(BENCH_ARGS)

bench-heard: install-dev ## words kept of an interrupted reply against words played (3 min)
	@$(BIN)/python -m bench.heard $(BENCH_ARGS)

bench-echo: install-dev ## replies that come back through an open speaker (5 min)
	@$(BIN)/python -m bench.echo $(BENCH_ARGS)

bench-recall: install-dev ## how much recall finds in our dialogues, and how fast among a million turns (5 min)
	@for set in plain reworded others; do $(BIN)/python manage.py eval_memory bench/memory/$$set.jsonl; done
	@$(BIN)/python manage.py eval_memory --synthetic 1000000

bench-repeats: install-dev ## how soon an answer is heard that was given before (3 min)
	@$(BIN)/python -m bench.cache
	@$(BIN)/python -m bench.repeats $(BENCH_ARGS)

bench-steering: install-dev ## how soon 50 sessions on two servers go by an agent that was saved (2 min)
	@$(BIN)/python -m bench.steering $(BENCH_ARGS)

bench-dashboard: install-dev ## what the dashboard costs with 100 live sessions (3 min)
	@$(BIN)/python -m bench.dashboard $(BENCH_ARGS)

bench-telemetry: install-dev ## what measuring costs a turn, and reading a day of figures (2 min)
	@$(BIN)/python -m bench.telemetry $(BENCH_ARGS)

bench-durability: install-dev ## kill -9 at random moments: no turn lost, each embedded once (10 min)
	@$(BIN)/python -m bench.durability $(BENCH_ARGS)

bench-walks: install-dev ## 10,000 random sessions on a virtual clock (20 min)
	@$(BIN)/python -m bench.walks $(BENCH_ARGS)

bench-crowd: install-dev ## many sessions at once hear what each hears alone (2 min)
	@$(BIN)/python -m bench.crowd $(BENCH_ARGS)

bench-faults: install-dev ## what a user hears when a provider fails, in every way (30 min)
	@$(BIN)/python -m bench.faults $(BENCH_ARGS)

bench-cancels: install-dev ## how soon a vendor is told of an interruption, and what a thousand leave (15 min)
	@$(BIN)/python -m bench.cancels $(BENCH_ARGS)

bench-adapters: install-dev ## what each adapter adds to its vendor (1 min)
	@$(BIN)/python -m bench.adapters $(BENCH_ARGS)

bench-recovery: install-dev ## how soon a provider that got well serves again, and the probes it took (1 min)
	@$(BIN)/python -m bench.recovery $(BENCH_ARGS)

clean: ## remove what was installed; the data in var/ stays
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
