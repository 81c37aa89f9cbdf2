#!/usr/bin/env bash
# Makes reports, two of one crawl and one of captions that are hostile to whoever shows them, serves them with a token
# and a scan that goes on, and checks the dashboard on them in a real browser.
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
scan() {
  "$build/audit-cli" scan "$1" --report "$work/reports/$2.sqlite" "${@:3}" --quiet > /dev/null
}
scan Fixtures/crawls/shapes shapes --seed 1
scan Fixtures/crawls/shapes shapes-other --seed 2 \
  --set training.epochs=4 --set training.warmUpEpochs=1 --set training.slowPasses=1
scan "$work/hostile" hostile --seed 1

# The scan that goes on has a model whose epochs end while somebody looks.
mkdir "$work/settings"
cat > "$work/settings/tiny.json" << END
{"embed_dim": 32,
 "vision_cfg": {"layers": [1, 1, 1, 1], "width": 8, "head_width": 32, "image_size": 32},
 "text_cfg": {"context_length": 12, "vocab_size": 1024, "width": 32, "heads": 2, "layers": 1}}
END

token=0123456789abcdef0123456789abcdef
echo "$token" > "$work/token"
"$build/auditd" --report-dir "$work/reports" --crawl-root "$PWD/Fixtures/crawls" \
  --crawl-root "$work/hostile" --crawl-root "$work/settings" --listen 127.0.0.1:0 --token-file "$work/token" 2> "$work/log" &
daemon=$!
until url=$(grep -o 'address=[0-9.:]*' "$work/log" | head -1 | cut -d= -f2) && [ -n "$url" ]; do
  kill -0 "$daemon"
  sleep 0.1
done
Tests/Browser/check-dashboard.py --url "http://$url" --token "$token" \
  --scan "$PWD/Fixtures/crawls/shapes" --preset "$work/settings/tiny.json" --complete "$@"
