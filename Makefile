# `make demo` and `make test` do all their own set-up in .venv; `make help` lists the rest.

PYTHON ?= python3
PY     := .venv/bin/python
LIB    := build/librt_torch.so

# The environment's own cmake ahead of the system's.
TOOLS  := PATH="$(CURDIR)/.venv/bin:$$PATH"

# Each file's tests in one process, as many files at a time as there are processors.
PARALLEL := -n auto --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help demo test test-fallback test-gpu lib gen check lint format bench bench-gpu check-torch-versions lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 32

demo: gen lib  ## render, build, find libtorch, and run every function through every loader
	@$(PY) examples/demo.py

test: lib  ## every test, with libtorch and without
	$(TOOLS) $(PY) -m pytest $(PARALLEL)
	$(MAKE) --no-print-directory test-fallback

test-gpu: lib  ## the tests that need a GPU, which `make test` runs too where there is one, and elsewhere on a stand-in
	$(TOOLS) $(PY) -m pytest -m gpu -rs

test-fallback: .venv/ready  ## the whole suite again where there is no torch, no cffi and no library
	@$(PYTHON) tools/develop.py --bare
	RT_TORCH_LIBRARY=none .venv-bare/bin/python -m pytest -q -p no:cacheprovider $(PARALLEL)

# Made anew when another PYTHON is asked for.
.venv/ready: pyproject.toml tools/develop.py $(if $(filter-out $(shell cat .venv/ready 2>/dev/null),$(PYTHON)),FORCE)
	@$(PYTHON) tools/develop.py
	@echo '$(PYTHON)' >$@

FORCE:

lib: .venv/ready  ## the C library, and the cffi API extension where Python's headers are there
	@mkdir -p build
	@{ $(TOOLS) cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DRT_TORCH_WERROR=ON && \
		$(TOOLS) MAKEFLAGS= cmake --build build --parallel; } \
		>build/log.txt 2>&1 || { cat build/log.txt; exit 1; }
	@echo "built $(LIB)"
	@$(PY) tools/build_api.py

gen: .venv/ready  ## write generated/ anew from specs/
	$(PY) -m generator gen

check: .venv/ready  ## what needs no test run: generated files, locks, header, symbols, prototypes, schemas, types, style
	$(PY) -m generator check
	@$(MAKE) --no-print-directory lib lint
	$(TOOLS) $(PY) -m verification all $(STRICT)

lint: .venv/ready  ## types and style
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy

format: .venv/ready  ## put every file into the house's style
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

bench: lib  ## speed against torch, NumPy and others, as ratios of one run
	$(PY) tools/develop.py --extra bench
	$(TOOLS) $(PY) -m benchmarks --markdown docs/benchmarks.md --plot docs/tiers.png

bench-gpu: lib  ## speed on a GPU against torch; says so where there is none
	$(TOOLS) $(PY) -m benchmarks.gpu --markdown docs/benchmarks-gpu.md

check-torch-versions: lib  ## the conformance cases on torch 2.10 to 2.14, with one binary (downloads the wheels)
	$(PY) -m verification torch-versions $(if $(VERSIONS),--versions $(VERSIONS))

lock: .venv/ready  ## record what each supported libtorch has (downloads the wheels)
	$(PY) -m verification lock

clean:  ## remove everything that was built
	rm -rf build dist .venv .venv-bare
