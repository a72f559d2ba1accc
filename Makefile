# Every command of the course. `make` alone prints the list.

PYTHON ?= python3
ENVIRONMENT = @command -v $(PYTHON) >/dev/null || { \
	echo "The course needs Python 3.11 or newer, and there is no $(PYTHON) on this machine." >&2; exit 1; }; \
	$(PYTHON) -m trustkit.environment
TRUSTKIT = @.venv/bin/trustkit

.DEFAULT_GOAL := help
.PHONY: help start test test-upstream setup check book publish bench clean

help: ## this list
	@echo "make COMMAND, where COMMAND is one of:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

start: ## set everything up and open the course (PORT=8890, OPEN=0 for no browser)
	$(ENVIRONMENT) start

test: ## set everything up and run all tests (ARGS="tests/cases -k trap" for some)
	$(ENVIRONMENT) test $(ARGS)

test-upstream: setup ## run nbgrader's own tests with our configuration in place (ARGS="-k feedback" for some)
	@.venv/bin/python tests/upstream $(ARGS)

setup: ## make the course's own Python environment in .venv
	$(ENVIRONMENT) setup

check: setup ## check what authors write: cases, both languages, figures without a source
	$(TRUSTKIT) check

book: setup ## build the book in both languages into _build/site
	$(TRUSTKIT) build

publish: setup ## make the folder _build/site for a web server (LAB=1 with notebooks in it, ARGS="--check --pdf --zip")
	$(TRUSTKIT) publish $(if $(LAB)$(PYODIDE),--lab) $(if $(PYODIDE),--pyodide "$(PYODIDE)") $(ARGS)

bench: setup ## measure the speed we promise; prints a table and writes _build/bench.json
	@.venv/bin/python tests/benchmarks $(ARGS)

clean: ## remove what can be built again; the demo class and the trainee's folder stay
	@[ ! -d _build ] || find _build -mindepth 1 -maxdepth 1 ! -name class ! -name trainee -exec rm -rf {} +
