#!/bin/sh
# run.sh (make conformance): real clients against the embedded API server, and the real kustomize, flux and Helm beside ours. Needs the
# Go toolchain; what is missing is named and skipped. The last line is the sum "N passed, N failed".
# TREES: how many kustomization trees (5000); a tenth as many folders for `flux build`, two fifths as many texts for `flux envsubst`.
cd "$(dirname "$0")/../.." || exit 2
bin=$(tests/conformance/peers.sh kustomize helm flux) || {
    echo "skip: the peers cannot be built here"
    bin=
}
export PATH="${bin:+$bin:}$PATH"
program=${BUILD:-build}/weir
trees=${TREES:-5000}
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

if [ -n "$bin" ] && tests/conformance/peers.sh engine >/dev/null; then
    echo "templates: Helm's engine and ours, 20,000 generated ones"
    part python3 tests/conformance/templates.py "$bin/helm-engine" "$program" --count 20000 --seed "${SEED:-1}"
else
    echo "skip: Helm's engine cannot be built here"
fi
part python3 tests/conformance/kustomize_trees.py --program "$program" --seeds "0:$trees"
part python3 tests/conformance/flux_trees.py --program "$program" --seeds "0:$((trees / 10))"
part python3 tests/conformance/envsubst_expressions.py --program "$program" --seeds "0:$((trees * 2 / 5))"
if [ -n "$bin" ]; then
    part python3 tests/conformance/create_export.py --flux "$bin/flux"
    part python3 tests/conformance/helm_values.py --helm "$bin/helm" --program "$program" --seeds 0:2000
fi
charts=${WEIR_CORPORA:-../shared/corpora}/helm/charts
if [ -n "$bin" ] && [ -d "$charts" ]; then
    part python3 tests/conformance/helm_charts.py --charts "$charts"/*/chart --helm "$bin/helm" --weir "$program" --seeds 0:1000
else
    echo "skip: no charts in $charts, or no helm"
fi
if [ -n "$bin" ]; then
    part python3 tests/conformance/chart_repositories.py --helm "$bin/helm" --weir "$program"
else
    echo "skip: no helm to compare charts of repositories with"
fi
part python3 tests/conformance/clients.py "$@"
if WEIR_PEERS=${WEIR_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-peers} tests/conformance/peers.sh apiserver controller >/dev/null; then
    echo "scenarios: kustomize-controller on a real API server against what is recorded, then weir on the same server"
    part python3 tests/e2e/scenarios.py --on kube --engine flux
    part python3 tests/e2e/scenarios.py --on kube
    part python3 tests/conformance/takeover.py
    part python3 tests/e2e/multiplex.py
else
    echo "skip: kube-apiserver or kustomize-controller cannot be built here"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
