# make audit               set up, build, and audit Debian's openclipart: 8,121 pairs
# make audit CRAWL=path    the same for your own crawl
# make test                set up and run all tests
# Others: setup build lint format bench clean

CRAWL ?= /usr/share/openclipart
REPORT ?= audit.sqlite
MODEL ?=
ARGUMENTS ?=
JOBS ?= $(shell nproc)

BUILD_PACKAGES = libsqlite3-dev libopenblas-dev libjpeg-dev libpng-dev zlib1g-dev libdnnl-dev
# What the lab's figures are drawn with.
TEST_PACKAGES = gnuplot-nox
AUDIT_PACKAGES = wordnet-base $(if $(filter /usr/share/openclipart,$(CRAWL)),openclipart-png openclipart-svg)
SWIFT_FOLDERS = Sources Tests Benchmarks Package.swift
CLI = .build/release/audit-cli

.PHONY: audit test build setup setup-audit lint format bench clean

audit: setup-audit build
	$(CLI) scan $(CRAWL) --report $(REPORT) $(if $(MODEL),--model-out $(MODEL)) $(ARGUMENTS)

test: setup-audit
	@scripts/install-missing $(TEST_PACKAGES)
	swift test -c release -j $(JOBS) $(ARGUMENTS)

build: setup
	swift build -c release -j $(JOBS) --product audit-cli

# Installs what is missing, and calls apt for nothing else.
setup:
	@scripts/install-missing $(BUILD_PACKAGES)

setup-audit: setup
	@scripts/install-missing $(AUDIT_PACKAGES)

lint:
	swift format lint --strict --recursive --parallel $(SWIFT_FOLDERS)

format:
	swift format --in-place --recursive --parallel $(SWIFT_FOLDERS)

bench: setup
	swift run -c release -j $(JOBS) audit-benchmark all --json Benchmarks/performance.json $(ARGUMENTS)
	Benchmarks/performance-tables.py

clean:
	swift package clean
