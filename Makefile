# Three commands do everything: `make film PROMPT="..."`, `make studio` and `make test`. All set up what they need first.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PROMPT ?= A snow leopard climbs a mountain ridge as clouds roll by
OUT    ?= film.mp4

# System parts on Debian and Ubuntu: software Vulkan, the voice and the dictionary.
SYSTEM := mesa-vulkan-drivers espeak-ng wordnet-base
# What only the tests need: they start a PostgreSQL of their own, and look at the studio in a browser.
TEST_SYSTEM := postgresql chromium

.PHONY: film studio test setup setup-dev system lint gallery pages understanding conformance clean

film: setup
	$(BIN)/vitascope film "$(PROMPT)" -o $(OUT) $(ARGS)

studio: setup
	$(BIN)/vitascope serve --open $(ARGS)

test: setup-dev lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: setup-dev
	$(BIN)/ruff check src tests benchmarks conformance
	$(BIN)/ruff format --check src tests benchmarks conformance
	$(BIN)/pyright --threads 2 --pythonpath $(BIN)/python

setup: system $(VENV)/installed

setup-dev: SYSTEM += $(TEST_SYSTEM)
setup-dev: setup $(VENV)/installed-dev

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Vitascope needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV) || { echo 'Making a virtual environment failed. On Debian and Ubuntu: sudo apt-get install python3-venv'; exit 1; }

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install -q --disable-pip-version-check 'pip>=25.1'
	$(BIN)/python -m pip install -q --disable-pip-version-check --group dev
	touch $@

# Installed where that is possible (root or sudo without a password); otherwise the command is printed and work goes on.
system:
	@if command -v dpkg-query >/dev/null 2>&1; then \
	  missing=""; \
	  for p in $(SYSTEM); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done; \
	  if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ]; then root=""; elif sudo -n true 2>/dev/null; then root="sudo -n"; else root=none; fi; \
	    if [ "$$root" = none ]; then echo "Please install the system parts: sudo apt-get install$$missing"; \
	    else echo "Installing system parts:$$missing"; \
	      $$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq --no-install-recommends $$missing >/dev/null \
	      || echo "That failed; please run: sudo apt-get install$$missing"; fi; \
	  fi; \
	fi

gallery: setup
	$(BIN)/python benchmarks/gallery.py docs/gallery

# The pictures of docs/studio.md: each page of the studio, at a desk and on a phone, light and dark.
pages: SYSTEM += fonts-inter
pages: setup-dev
	$(BIN)/python benchmarks/studio_pages.py docs/studio

understanding: setup
	@test -n "$(PROMPTS)" || { echo 'Give a folder of prompts, one file a set: make understanding PROMPTS=folder'; exit 2; }
	$(BIN)/python benchmarks/understanding.py "$(PROMPTS)"

# The real clients (openai-python 2.6.0, 2.54.0, 3.52.0, openai-node 7, the MCP SDK) and Schemathesis against a live server.
conformance: setup-dev
	$(BIN)/python -m conformance $(ARGS)

clean:
	rm -rf $(VENV) .venv-conformance conformance/node/node_modules .pytest_cache .ruff_cache build dist
