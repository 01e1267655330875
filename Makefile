# The one entry point: for people and for continuous integration.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install-dependencies build test test-outside chaos demo lint format clean

SWIFT ?= swift
CONFIGURATION ?= debug
# Release executables hold Swift's libraries, what they use of them: less memory, and hosts need no Swift.
LINKING = $(if $(filter release,$(CONFIGURATION)),--static-swift-stdlib \
	-Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld -Xlinker -z -Xlinker pack-relative-relocs \
	-Xlinker --no-export-dynamic)
SOURCES := Package.swift Shared Services Tests

help: ## Show what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install-dependencies: ## Install the system packages that are missing (Debian 12, Ubuntu 24.04)
	@deploy/install-dependencies.sh

build: install-dependencies ## Build everything; CONFIGURATION=release for speed
	$(SWIFT) build --configuration $(CONFIGURATION) $(LINKING)

# One module after the other, and a few tests of it at a time: they start real servers, and limits of time would
# measure the crowd if all ran at once.
TESTED := $(filter-out Support Platform,$(notdir $(patsubst %/,%,$(wildcard Tests/*/))))
WIDTH ?= 6
RUN_TESTS = $(SWIFT) test --skip-build --experimental-maximum-parallelization-width $(WIDTH) --filter
SHOW_FAILURES = printf '\n== what failed\n'; grep -a -A 2 '✘.*recorded an issue' .build/tests.log | cut -c 1-400 | tail -n 30

test: install-dependencies ## Run every test, against real servers; FILTER=name runs some
	$(SWIFT) build --build-tests
	$(if $(FILTER),$(RUN_TESTS) '$(FILTER)',for module in $(TESTED); do \
		$(RUN_TESTS) "^$${module}Tests\." 2>&1 | tee .build/tests.log || { $(SHOW_FAILURES); exit 1; }; done)
	$(if $(FILTER),,Tests/EndToEnd/Outside/run.sh)

test-outside: build ## Run only the tests with clients that are not ours: nats-py, psycopg, git, standardwebhooks
	Tests/EndToEnd/Outside/run.sh

chaos: install-dependencies ## Break everything under load, for half an hour; CHAOS_SEED=n repeats a run, CHAOS_SECONDS and CHAOS_TASKS size it
	$(SWIFT) build --build-tests
	CHAOS_SECONDS=$${CHAOS_SECONDS:-30} CHAOS_TASKS=$${CHAOS_TASKS:-120} $(RUN_TESTS) '^ChaosTests\.'
	CHAOS_HISTORIES=$${CHAOS_HISTORIES:-100000} $(RUN_TESTS) '^TaskStoreTests\.QueueModelTests'

demo: install-dependencies ## Play a whole task: from a message to a pushed branch and a signed webhook
	@deploy/demo/run.sh

lint: ## Check the style of the sources
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	@for script in .ci/run $$(find deploy Tests -name '*.sh'); do bash -n "$$script"; done

format: ## Bring the sources into style
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

clean: ## Remove what was built and the local installation under .automata
	rm -rf .build .automata
