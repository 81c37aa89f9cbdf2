# make audit               set up, build, and audit Debian's openclipart: 8,121 pairs
# make audit CRAWL=path    the same for your own crawl
# make test                set up and run all tests
# make serve               serve the audit's report, as JSON and as a dashboard
# Others: setup build lint format bench clean

CRAWL ?= /usr/share/openclipart
REPORT ?= audit.sqlite
MODEL ?=
ARGUMENTS ?=
JOBS ?= $(shell nproc)

BUILD_PACKAGES = libsqlite3-dev libopenblas-dev libjpeg-dev libpng-dev zlib1g-dev libdnnl-dev
# The dashboard's charts.
SERVE_PACKAGES = libjs-chart.js
# What the lab's figures are drawn with; a JSON Schema validator; a browser with its driver.
TEST_PACKAGES = gnuplot-nox python3-jsonschema chromium chromium-driver python3-selenium $(SERVE_PACKAGES)
AUDIT_PACKAGES = wordnet-base $(if $(filter /usr/share/openclipart,$(CRAWL)),openclipart-png openclipart-svg)
SWIFT_FOLDERS = Sources Tests Benchmarks Package.swift
CLI = .build/release/audit-cli
DAEMON = .build/release/auditd
LISTEN ?= 127.0.0.1:8787

.PHONY: audit test serve build setup setup-audit lint format bench clean

audit: setup-audit build
	$(CLI) scan $(CRAWL) --report $(REPORT) $(if $(MODEL),--model-out $(MODEL)) $(ARGUMENTS)

# The report is served where it lies, so its folder is the report folder.
serve: setup
	@scripts/install-missing $(SERVE_PACKAGES)
	swift build -c release -j $(JOBS) --product auditd
	$(DAEMON) --report-dir $(dir $(abspath $(REPORT))) --crawl-root $(abspath $(CRAWL)) --listen $(LISTEN) $(ARGUMENTS)

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
