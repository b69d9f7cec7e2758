# First use builds .venv from requirements.lock (uv where it is installed, else venv and pip).
#   make study [PROFILE=quick|smoke|paper] [STUDY=safran]   results/<profile>/, its cost before and after
#   make help                                              these lines
#   make estimate [PROFILE=...] [STUDY=...]                what the rest of it will cost
#   make paper DIRECTORY=...                               with results and the engine's records in another folder
#   make unlock [PROFILE=...] [DIRECTORY=...]              after a run that was killed: the next one goes on
#   make check [PROFILE=quick]                             do the results agree with the published ones?
#   make claim CLAIM=... [PROFILE=quick]                   one claim from what it needs alone; docs/claims.md lists them
#   make archive [PROFILE=quick]                           a finished run in one file, archives/<profile>.zip
#   make recheck [ARCHIVE=archives/quick.zip]              in minutes: its certificates, verdicts and figures again
#   make test | lint                                       what each change has to pass; its formatting, style, types
#   make quick-test                                        the part of test without the workflow and what is slow
#   make test-resume                                       runs killed, damaged, on a full disk; in hours, as root
#   make test-processors [PROCESSORS=...]                  the same numbers as other processors would give?
#   make test-environments [TRIALS=...]                    homes, locales, paths, users: as others have their machines
#   make explorer | test-explorer                          the page of a run, its bundle anew; its tasks in Chromium
#   make test-cluster                                      profiles/slurm on a Slurm of this machine; as root, on Debian
#   make docs | publish                                    generated pages anew; figures/<profile>/ from a finished run
#   make bench | clean                                     benchmarks/, in hours; .venv and caches away, results kept
# CORES=2: for a run (default: all); DIRECTORY=...: where a run and its results are; PYTHON=python3.12: to build .venv.

PYTHON ?= python3
PROFILE ?= quick
CORES ?= all
ARCHIVE ?= archives/$(PROFILE).zip
VENV := .venv
BIN := $(VENV)/bin
SNAKEMAKE = $(BIN)/snakemake --cores $(CORES) --configfile config/$(PROFILE).yaml \
	$(if $(DIRECTORY),--directory $(abspath $(DIRECTORY))) $(if $(STUDY),--config 'studies=[$(STUDY)]')
RESULTS = $(if $(DIRECTORY),$(abspath $(DIRECTORY))/)results/$(PROFILE)

# Where no home can be written, as for the user of a service, the engine keeps its cache here.
ifeq ($(shell home="$${XDG_CACHE_HOME:-$${HOME:-/dev/null}/.cache}"; mkdir -p "$$home" 2>/dev/null && test -w "$$home" && echo yes),)
export XDG_CACHE_HOME := $(CURDIR)/.snakemake/cache
endif

LINTS := lint-format lint-style lint-types lint-workflow-format lint-workflow

# One line with what is done and the time left, and a record of it beside the results.
WATCHED = $(SNAKEMAKE) --logger one-line --logger-one-line-results $(RESULTS)

# Costs of the published run of this profile, then of others, the small one first.
COSTS = figures/$(PROFILE)/costs.tsv figures/quick/costs.tsv $(wildcard figures/*/costs.tsv)
# Plans the run, looks its jobs up among those of published runs, and measures this machine.
ESTIMATE = echo "Planning the run and measuring this machine ..." && \
	plan=$$(mktemp) && trap 'rm -f "$$plan"' EXIT && began=$$(date +%s) && \
	{ $(SNAKEMAKE) --dry-run $(TARGET) >"$$plan" 2>&1 || { cat "$$plan" >&2; exit 1; }; } && \
	$(BIN)/python -m relu_landscape estimate --cores '$(CORES)' \
		--planning $$(($$(date +%s) - began)) $(KEEP) $(COSTS) <"$$plan"

.PHONY: help study estimate unlock claim check archive recheck paper lint docs bench publish clean explorer
.PHONY: test quick-test test-resume test-processors test-environments test-cluster test-explorer
.PHONY: $(LINTS)
.DEFAULT_GOAL := study

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

study claim: KEEP = --keep $(RESULTS)
study: $(VENV)/.ready
	@$(BIN)/python -m relu_landscape check-config --cores '$(CORES)' config/$(PROFILE).yaml
	@$(ESTIMATE)
	$(WATCHED)
	@$(BIN)/python -m relu_landscape cost $(RESULTS) $(COSTS)

estimate: $(VENV)/.ready
	@$(BIN)/python -m relu_landscape check-config --cores '$(CORES)' config/$(PROFILE).yaml
	@$(ESTIMATE)

unlock: $(VENV)/.ready
	$(SNAKEMAKE) --unlock

claim: TARGET = -- results/$(PROFILE)/claims/$(CLAIM).md
claim: $(VENV)/.ready
	@test -n '$(CLAIM)' || { echo "CLAIM is empty; name one of docs/claims.md"; exit 1; }
	@$(ESTIMATE)
	$(WATCHED) $(TARGET)
	@cat $(RESULTS)/claims/$(CLAIM).md

check: $(VENV)/.ready
	$(BIN)/python -m relu_landscape compare $(RESULTS) figures/$(PROFILE)

archive: $(VENV)/.ready
	$(BIN)/python -m relu_landscape archive $(RESULTS) archives/$(PROFILE).zip

recheck: $(VENV)/.ready
	$(BIN)/python -m relu_landscape recheck --cores '$(CORES)' $(ARCHIVE)

paper: PROFILE := paper
paper: study

# A file to one process, in the order given: first what makes the finished run, then what can be done meanwhile, then the
# files that use that run as well, the longest first and short ones last, or one process would wait for the other.
LONGEST = tests/workflow/test_printed_commands.py tests/workflow/test_contributing.py
OF_WORKFLOW = $(LONGEST) $(filter-out %/test_smoke.py $(LONGEST),$(wildcard tests/workflow/test_*.py))
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test: lint
	$(PYTEST) tests/workflow/test_smoke.py tests/unit $(OF_WORKFLOW) tests/property

quick-test: $(VENV)/.ready
	$(PYTEST) -m 'not slow' tests/unit tests/property

# Not a part of test: it takes some twenty runs of smoke, and root to mount a small disk. RESUME='--kills 5' asks for less.
test-resume: $(VENV)/.ready
	$(BIN)/python -m tests.resume $(RESUME)

# Not a part of test: smoke, as two processors. PROCESSORS='--smoke "Zen 2"' asks for less.
test-processors: $(VENV)/.ready
	$(BIN)/python -m tests.processors $(PROCESSORS)

# Not a part of test: two of its trials build environments and run all. TRIALS='home locale' asks for less.
test-environments: $(VENV)/.ready
	$(BIN)/python -m tests.environments $(TRIALS)

# Both need Node and npm, the tests a browser as well: Debian's chromium, or what CHROMIUM names. Users need none.
explorer: explorer/node_modules/.ready
	node explorer/build.mjs src/relu_landscape/explorer

test-explorer: explorer/node_modules/.ready $(VENV)/.ready
	$(BIN)/python -m tests.explorer_pages explorer/pages
	cd explorer && node --test --test-reporter=spec test/*.test.mjs

explorer/node_modules/.ready: explorer/package-lock.json
	cd explorer && npm ci --no-fund --no-audit --ignore-scripts
	touch $@

test-cluster: $(VENV)/.cluster-ready
	$(BIN)/python -m pytest tests/cluster/check_cluster.py

# At the same time, and what each prints together.
lint: $(VENV)/.ready
	@$(MAKE) --no-print-directory --jobs $(if $(filter output-sync,$(.FEATURES)),--output-sync) $(LINTS)

lint-format:
	$(BIN)/ruff format --check .

lint-style:
	$(BIN)/ruff check .

lint-types:
	$(BIN)/mypy --num-workers 2

lint-workflow-format:
	$(BIN)/snakefmt --check Snakefile workflow .test

lint-workflow:
	$(BIN)/snakemake --lint

# Pages are UTF-8 whatever the locale, in whose characters Python would write what it prints.
docs: export PYTHONUTF8 := 1
docs: $(VENV)/.ready
	$(BIN)/python -m relu_landscape configuration >config/README.md.new
	$(BIN)/python -m relu_landscape config-schema >config/schema.json.new
	$(BIN)/python -m relu_landscape dictionary >docs/tables.md.new
	$(BIN)/python -m relu_landscape figures >docs/figures.md.new
	plan=$$(mktemp) && trap 'rm -f "$$plan"' EXIT && \
		{ $(SNAKEMAKE) --forceall --dry-run >"$$plan" 2>&1 || { cat "$$plan" >&2; exit 1; }; } && \
		$(BIN)/python -m relu_landscape claims figures/quick/costs.tsv <"$$plan" >docs/claims.md.new && \
		$(BIN)/python -m relu_landscape pipeline <"$$plan" >docs/pipeline.svg.new
	$(BIN)/python -m relu_landscape readme >README.md.new
	mv docs/pipeline.svg.new docs/pipeline.svg
	mv README.md.new README.md
	$(BIN)/python -m relu_landscape theorems figures/quick >docs/theorems.md.new
	mv docs/theorems.md.new docs/theorems.md
	$(BIN)/python -m relu_landscape environment requirements.lock >environment.yml.new
	mv environment.yml.new environment.yml
	mv config/README.md.new config/README.md
	mv config/schema.json.new config/schema.json
	mv docs/tables.md.new docs/tables.md
	mv docs/figures.md.new docs/figures.md
	mv docs/claims.md.new docs/claims.md

# OpenBLAS chooses its own kernels here: the floor is the machine's, not a setting's.
bench: $(VENV)/.bench-ready
	for benchmark in descent_step general_teachers early_exit certificates isotypic jacobian_rank overview; do \
		env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
			PYTHONPATH=. $(BIN)/python benchmarks/$$benchmark.py || exit 1; \
	done

publish: $(VENV)/.ready
	$(BIN)/python -m relu_landscape publish $(RESULTS) figures/$(PROFILE)

# Not .snakemake: without its records the engine would take results of older code or another config for current.
clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11 to 3.13 is needed; set PYTHON, for example: make PYTHON=python3.12"; exit 1; }
	@PYTHONPATH=src $(PYTHON) -m relu_landscape check-place $(BIN)/python >/dev/null
	@echo "Building $(VENV) from requirements.lock, once; this takes minutes."
	@if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV) && \
		uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --no-compile --require-hashes --requirement requirements.lock && \
		$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .; \
	fi
	@# On all cores, what pip would do on one and uv not at all: without it each job of a run would compile for itself
	@# where PYTHONDONTWRITEBYTECODE is set. Some packages carry files that are no Python of this version, and a quarter
	@# of all are their tests, which nobody runs.
	@$(BIN)/python -m compileall -qq -j 0 -x /tests/ $(VENV)/lib src || true
	@touch $@

$(VENV)/.%-ready: requirements-%.lock $(VENV)/.ready
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	$(BIN)/python -m pip install --quiet --require-hashes --requirement $<
	touch $@
