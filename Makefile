# make audit               set up, build, and audit Debian's openclipart: 8,121 pairs
# make audit CRAWL=path    the same for your own crawl
# make test                set up and run all tests
# make serve               serve the audit's report, as JSON and as a dashboard
# make check-dashboard     drive the dashboard in a real browser
# make fuzz-api            call auditd with generated requests (schemathesis, from PyPI)
# Others: setup build lint format bench clean

CRAWL ?= /usr/share/openclipart
REPORT ?= audit.sqlite
MODEL ?=
ARGUMENTS ?=
JOBS ?= $(shell nproc)

BUILD_PACKAGES = libsqlite3-dev libopenblas-dev libjpeg-dev libpng-dev libwebp-dev libgif-dev zlib1g-dev libzstd-dev libdnnl-dev
# The dashboard's charts.
SERVE_PACKAGES = libjs-chart.js
# What the lab's figures are drawn with, and what holds answers against JSON Schemas.
TEST_PACKAGES = gnuplot-nox python3-jsonschema
# Tests in which clients and servers wait for each other, apart from those that keep the cores busy.
PATIENT_TESTS = ^(HTTP|Daemon)Tests\.
BROWSER_PACKAGES = chromium chromium-driver python3-selenium $(SERVE_PACKAGES)
AUDIT_PACKAGES = wordnet-base $(if $(filter /usr/share/openclipart,$(CRAWL)),openclipart-png openclipart-svg)
SWIFT_TEST = swift test -c release --disable-testable-imports
SWIFT_FOLDERS = Sources Tests Benchmarks Package.swift
CLI = .build/release/audit-cli
DAEMON = .build/release/auditd
LISTEN ?= 127.0.0.1:8787

.PHONY: audit test serve check-dashboard fuzz-api daemon build setup setup-audit lint format bench clean

audit: setup-audit build
	$(CLI) scan $(CRAWL) --report $(REPORT) $(if $(MODEL),--model-out $(MODEL)) $(ARGUMENTS)

# The report is served where it lies, so its folder is the report folder.
serve: daemon
	@scripts/install-missing $(SERVE_PACKAGES)
	$(DAEMON) --report-dir $(dir $(abspath $(REPORT))) --crawl-root $(abspath $(CRAWL)) --listen $(LISTEN) $(ARGUMENTS)

# Without testable imports, which no test needs, the programs are built as `build` and `daemon` build them, once.
test: setup-audit
	@scripts/install-missing $(TEST_PACKAGES)
	$(SWIFT_TEST) -j $(JOBS) $(or $(ARGUMENTS),--skip '$(PATIENT_TESTS)')
	$(if $(ARGUMENTS),,$(SWIFT_TEST) --skip-build --filter '$(PATIENT_TESTS)')

# Two small reports are made, served, and looked at; SCREENSHOTS=folder keeps pictures.
check-dashboard: setup-audit daemon build
	@scripts/install-missing $(BROWSER_PACKAGES)
	Tests/Browser/run-check.sh $(if $(SCREENSHOTS),--screenshots $(SCREENSHOTS))

fuzz-api: setup-audit daemon build
	@scripts/install-missing python3-venv
	Tests/API/fuzz-api.sh $(EXAMPLES)

daemon: setup
	swift build -c release -j $(JOBS) --product auditd

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
