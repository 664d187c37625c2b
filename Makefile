# dsx: `make demo` shows what it does, `make test` proves it. Both do their own set-up.
PREFIX ?= /usr/local
SWIFT ?= swift
# The Swift runtime goes into the binary: it starts quicker and needs no Swift where it is installed.
RELEASE = -c release --static-swift-stdlib
BIN = $(shell env -u DSX_TESTS $(SWIFT) build $(RELEASE) --show-bin-path)

.PHONY: help setup build demo test lint bench screenshots interop slurm-test faults bounds fuzz docs install clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## Install the Debian packages that dsx needs (skipped when they are there)
	@scripts/setup.sh

build: setup ## Build the release binary
	@env -u DSX_TESTS $(SWIFT) build $(RELEASE) --product dsx

demo: build ## The main job on shipped data: prepare, look inside, evaluate, report
	@DSX="$(BIN)/dsx" scripts/demo.sh

test: setup ## Every test
	@$(SWIFT) test --disable-xctest --explicit-target-dependency-import-check error

lint: ## The format rules, strictly
	@$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

bench: build ## Alternating benchmarks against the named peers; refreshes docs/performance.md
	@env -u DSX_TESTS $(SWIFT) build --package-path Benchmarks -c release --product dsx-bench
	@DSX="$(BIN)/dsx" python3 Benchmarks/run.py

screenshots: ## Pictures of every kind of report in .build/screenshots: light, dark, narrow, print (needs chromium)
	@$(SWIFT) build --product dsx
	@scripts/report-screenshots

interop: build ## Check against real mindspore and transformers (pip packages in a folder outside the tree)
	@DSX="$(BIN)/dsx" scripts/interop/run.sh
	@DSX_MODEL_PACKAGES="$$(scripts/interop/model_packages.sh)" $(SWIFT) test --disable-xctest --filter GoldenTests

slurm-test: build ## Preparation and evaluation on a small Slurm cluster here, while tasks, a node and the controller are lost
	@DSX="$(BIN)/dsx" scripts/slurm-test

fuzz: setup ## libFuzzer on everything that reads files, SECONDS=60 a target by default; finds go to Fuzz/.finds
	@Fuzz/run.sh $(or $(SECONDS),60)

faults: build ## Kills, disk errors, full disks at every change of a file; FAULTS=subset for about 100 of them
	@DSX="$(BIN)/dsx" scripts/faults/run.sh
	@DSX="$(BIN)/dsx" scripts/faults/repeats.sh

bounds: build ## Memory and time on 1 GB and 10 GB of generated input, in a memory cgroup (an hour; SIZES="200 2000")
	@DSX="$(BIN)/dsx" scripts/bounds/run.sh

docs: ## API references of Records and Metrics as web pages in .build/docs (needs docc of the Swift toolchain)
	@scripts/docs.sh

install: build ## Install to PREFIX (default /usr/local)
	@scripts/install.sh "$(BIN)" "$(DESTDIR)$(PREFIX)"

clean: ## Remove what was built
	@rm -rf .build Benchmarks/.build Fuzz/.build Fuzz/.corpus Fuzz/.logs
