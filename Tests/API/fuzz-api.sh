#!/usr/bin/env bash
# Calls every endpoint of openapi.json with generated requests, right and wrong ones, and fails at an answer with 500 or
# above, or one that the description does not allow.
#
#     fuzz-api.sh [EXAMPLES]    needs a built auditd and PyPI (schemathesis)
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(realpath "${BUILD:-.build/release}")
examples=${1:-30}
work=$(mktemp -d)
trap 'kill "$daemon" 2> /dev/null || true; rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'schemathesis>=4.32,<5'

mkdir -p "$work/reports"
"$build/audit-cli" scan Fixtures/crawls/shapes --report "$work/reports/shapes.sqlite" --quiet \
  --set training.epochs=3 --set training.warmUpEpochs=1 --set training.slowPasses=1 > /dev/null
"$build/auditd" --report-dir "$work/reports" --crawl-root "$PWD/Fixtures/crawls" --max-jobs 0 \
  --listen 127.0.0.1:0 2> "$work/log" &
daemon=$!
until url=$(grep -o 'address=[0-9.:]*' "$work/log" | head -1 | cut -d= -f2) && [ -n "$url" ]; do
  kill -0 "$daemon"
  sleep 0.1
done

# Names that lead somewhere: made-up ones would be told 404 and no more.
cat > "$work/schemathesis.toml" << 'END'
[parameters]
run = "shapes.1"
other = "shapes.1"
key = "000000003"
END
cd "$work"  # Where it leaves its notes.
"$work/venv/bin/schemathesis" --config-file "$work/schemathesis.toml" run "http://$url/openapi.json" \
  --max-examples "$examples" --seed "${SEED:-1}" --exclude-operation-id streamEvents \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
kill -0 "$daemon"
