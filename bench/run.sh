#!/bin/sh
# run.sh: what `make bench` does. Builds the peers that can be built (Go) into a cache, then measures in a scratch folder.
# Prints ratios against a peer of the same run; a peer that is missing is skipped with the reason.
#   BENCH_ONLY="read kustomize"  only these parts: read kustomize sandbox size push render
#   BENCH_PEERS=no               builds no peers; those that are there are used
set -eu
cd "$(dirname "$0")/.."
bin=${WEIR_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-peers}/bin
if [ "${BENCH_PEERS:-yes}" != no ]; then
    tests/conformance/peers.sh kustomize apiserver >/dev/null || echo "bench: not all peers could be built" >&2
    [ -x "$bin/read-text" ] || ! command -v go >/dev/null ||
        (cd bench/peers/yaml && nice go build -mod=readonly -o "$bin/read-text" .) ||
        echo "bench: read-text could not be built" >&2
fi
exec python3 bench/measure.py "${BUILD:-build}" "$bin"
