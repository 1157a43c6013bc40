#!/bin/sh
# run.sh: what `make bench` does. Builds the peers that can be built (Go) into a cache, then measures in a scratch folder.
# Prints ratios against a peer of the same run; a peer that is missing is skipped with the reason.
#   BENCH_ONLY="read kustomize"  only these parts: read kustomize sandbox size push
#   BENCH_PEERS=no               no peers
set -eu
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/weir-peers
mkdir -p "$cache"

# build NAME FOLDER PACKAGE [LDFLAGS]: one Go program into the cache, once.
build() {
    [ ! -x "$cache/$1" ] || return 0
    if [ "${BENCH_PEERS:-yes}" = no ] || ! command -v go >/dev/null; then
        echo "bench: $1 is not there: no Go" >&2
        return 0
    fi
    echo "bench: building $1 (once)" >&2
    (cd "bench/peers/$2" && nice -n 10 go build -mod=readonly -o "$cache/$1" -ldflags "${4:-}" "$3") ||
        echo "bench: $1 could not be built" >&2
}

version=k8s.io/component-base/version
build read-text yaml .
build kustomize kustomize sigs.k8s.io/kustomize/kustomize/v5
build kube-apiserver kubernetes k8s.io/kubernetes/cmd/kube-apiserver \
    "-X $version.gitVersion=v1.35.4 -X $version.gitMajor=1 -X $version.gitMinor=35"
exec python3 bench/measure.py "${BUILD:-build}" "$cache"
