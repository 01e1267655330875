# The one entry point: for people and for continuous integration.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install-dependencies build compile test test-outside test-containers chaos fuzz bench demo pictures lint format clean

SWIFT ?= swift
# What ships is what is built and what is tested; debug is for the debugger.
CONFIGURATION ?= release
# Release executables hold Swift's libraries, what they use of them: less memory, and hosts need no Swift.
LINKING = $(if $(filter release,$(CONFIGURATION)),--static-swift-stdlib \
	-Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld -Xlinker -z -Xlinker pack-relative-relocs \
	-Xlinker --no-export-dynamic)
SOURCES := Package.swift Shared Services Tests

help: ## Show what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Tests of pages use Chromium; who only runs Automata needs no browser.
NEEDED =
test pictures: NEEDED = --browser

install-dependencies: ## Install the system packages that are missing (Debian 12, Ubuntu 24.04)
	@deploy/install-dependencies.sh $(NEEDED)

build: install-dependencies compile ## Build the executables into .build/release; CONFIGURATION=debug for the debugger

# Without looking for packages, as the image does; PRODUCT=name builds one executable.
compile:
	$(SWIFT) build --configuration $(CONFIGURATION) $(LINKING) $(if $(PRODUCT),--product $(PRODUCT))

# One module after the other, and a few tests of it at a time: they start real servers, and limits of time would
# measure the crowd if all ran at once. The test bundle is a debug build; the executables that it starts are not.
TESTED := $(filter-out Support ServiceSupport Platform Browser Containers Benchmarks,$(notdir $(patsubst %/,%,$(wildcard Tests/*/))))
WIDTH ?= 6
PROGRAMS = $(CURDIR)/.build/$(CONFIGURATION)
RUN_TESTS = PROGRAMS=$(PROGRAMS) $(SWIFT) test --skip-build --experimental-maximum-parallelization-width $(WIDTH) --filter
SHOW_FAILURES = printf '\n== what failed\n'; grep -a -A 2 '✘.*recorded an issue' .build/tests.log | cut -c 1-400 | tail -n 30

test: build ## Run every test, against real servers and the release executables; FILTER=name runs some
	$(SWIFT) build --build-tests
	$(if $(FILTER),$(RUN_TESTS) '$(FILTER)',for module in $(TESTED); do \
		$(RUN_TESTS) "^$${module}Tests\." 2>&1 | tee .build/tests.log || { $(SHOW_FAILURES); exit 1; }; done)
	$(if $(FILTER),,PROGRAMS=$(PROGRAMS) Tests/EndToEnd/Outside/run.sh)

test-outside: build ## Run only the tests with clients that are not ours: nats-py, psycopg, git, standardwebhooks, LiteLLM
	PROGRAMS=$(PROGRAMS) Tests/EndToEnd/Outside/run.sh

test-containers: build ## Run a task through the image and docker-compose.yml, with podman
	PROGRAMS=$(PROGRAMS) Tests/Containers/run.sh

chaos: build ## Break everything under load, for half an hour; CHAOS_SEED=n repeats a run, CHAOS_SECONDS and CHAOS_TASKS size it
	$(SWIFT) build --build-tests
	CHAOS_SECONDS=$${CHAOS_SECONDS:-30} CHAOS_TASKS=$${CHAOS_TASKS:-120} $(RUN_TESTS) '^ChaosTests\.'
	CHAOS_HISTORIES=$${CHAOS_HISTORIES:-100000} $(RUN_TESTS) '^TaskStoreTests\.QueueModelTests'

# Optimised, arithmetic and memory are not what they are in a debug build. Only the executables can hold Swift's
# libraries: there is no static Testing.
FUZZED = --configuration release --scratch-path .build/fuzz -Xswiftc -enable-testing

fuzz: build ## Feed every decoder rubbish, optimised as it ships; FUZZ_SEED=n for other rubbish, FUZZ_FACTOR and FUZZ_MESSAGES size it
	$(SWIFT) build --build-tests $(FUZZED)
	FUZZ_FACTOR=$${FUZZ_FACTOR:-20} $(SWIFT) test --skip-build $(FUZZED) --filter 'Fuzz|RecordedOutput|PackTransfer.*(is sent|broken)'
	FUZZ_MESSAGES=$${FUZZ_MESSAGES:-20000} PROGRAMS=$(PROGRAMS) Tests/EndToEnd/Outside/run.sh -p test_fuzz.py

# In a folder of its own, which is gone afterwards whatever happens.
bench: build ## Measure the executables from outside; BENCH="task load" runs some, BENCH_BASE=file.jsonl compares with an earlier run
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; chmod 755 "$$folder"; \
	TMPDIR="$$folder" BENCH_OUT="$${BENCH_OUT:-.build/bench.jsonl}" $(PROGRAMS)/benchmarks $(BENCH)

demo: build ## Play a whole task: from a message to a pushed branch and a signed webhook; KEEP=1 leaves its dashboard running
	@PROGRAMS=$(PROGRAMS) KEEP=$(KEEP) deploy/demo/run.sh

PICTURES = $(CURDIR)/.build/pictures
SHOWN = fleet task

pictures: build ## Take pictures of the dashboard's pages into .build/pictures, and those of the README anew
	$(SWIFT) build --build-tests
	rm -rf $(PICTURES)
	PICTURES=$(PICTURES) $(RUN_TESTS) '^EndToEndTests\.PictureTests'
	mkdir -p deploy/pictures
	for name in $(SHOWN); do cp $(PICTURES)/$$name-light-1280.png deploy/pictures/$$name.png; done

lint: ## Check the style of the sources
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	@for script in .ci/run $$(find deploy Tests -name '*.sh'); do bash -n "$$script"; done

format: ## Bring the sources into style
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

clean: ## Remove what was built and the local installation under .automata
	rm -rf .build .automata
