#!/usr/bin/env bash
# Makes two reports, one of them of captions that are hostile to whoever shows them, and checks the dashboard on them in
# a real browser.
#
#     run-check.sh [--screenshots FOLDER]    needs a release build of audit-cli and auditd
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-.build/release}
work=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || kill "$daemon" 2> /dev/null || true; wait; rm -rf "$work"' EXIT

mkdir "$work/reports"
Tests/Browser/make-hostile-crawl.py Fixtures/crawls/shapes "$work/hostile"
for crawl in Fixtures/crawls/shapes "$work/hostile"; do
  "$build/audit-cli" scan "$crawl" --report "$work/reports/$(basename "$crawl").sqlite" --seed 1 --quiet > /dev/null
done

"$build/auditd" --report-dir "$work/reports" --crawl-root "$PWD/Fixtures/crawls" \
  --crawl-root "$work/hostile" --listen 127.0.0.1:0 2> "$work/log" &
daemon=$!
until url=$(grep -o 'address=[0-9.:]*' "$work/log" | head -1 | cut -d= -f2) && [ -n "$url" ]; do
  kill -0 "$daemon"
  sleep 0.1
done
Tests/Browser/check-dashboard.py --url "http://$url" "$@"
