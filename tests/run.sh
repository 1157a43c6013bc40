#!/bin/sh
# run.sh: the tests that need whole processes. The last line is the sum "N passed, N failed".
cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}

log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT
passed=0
failed=0

# part COMMAND...: its last line is a count.
part() {
    "$@" >"$log" 2>&1
    status=$?
    cat "$log"
    line=$(tail -n 1 "$log" | grep -E '^[0-9]+ passed, [0-9]+ failed$') || line="0 passed, 1 failed"
    rest=${line#* passed, }
    passed=$((passed + ${line%% *}))
    failed=$((failed + ${rest%% *}))
    [ "$status" -eq 0 ] || [ "${rest%% *}" -gt 0 ] || failed=$((failed + 1))
}

# corpus NAME COMMAND...: recordings of the peers, which are not part of the project.
corpora=${WEIR_CORPORA:-../shared/corpora}
corpus() {
    if [ -f "$corpora/$1" ]; then
        shift
        part "$@"
    else
        echo "skip: $corpora/$1 is not there"
    fi
}

part python3 tests/e2e/engine.py
part python3 tests/e2e/git.py
part python3 tests/e2e/targets.py
part python3 tests/e2e/scenarios.py
part python3 tests/e2e/simulate.py
part python3 tests/e2e/client.py
part python3 tests/e2e/dependencies.py
part python3 tests/e2e/deploy.py
part python3 tests/e2e/cli.py
part python3 tests/bad/git.py
part python3 tests/bad/run.py
part python3 tests/bad/templates.py
part python3 tests/bad/charts.py
part python3 tests/e2e/api_server.py
part python3 tests/e2e/kustomize.py
part python3 tests/e2e/helm.py
part python3 tests/e2e/chart_authors.py
part python3 tests/e2e/charts.py
corpus check.py python3 "$corpora/check.py" cli "$corpora/yaml.jsonl" "$corpora/health.jsonl" "$corpora/envsubst.jsonl" "$corpora/fluxbuild.jsonl" --program "$build/weir"
corpus check.py python3 "$corpora/check.py" kustomize --program "$build/weir"
corpus check.py python3 "$corpora/check.py" fleets --program "$build/weir"
corpus check_api.py python3 tests/e2e/api_recordings.py "$corpora/check_api.py"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
