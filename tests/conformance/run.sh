#!/bin/sh
# run.sh (make conformance): real clients against the embedded API server, and the real kustomize beside ours. Needs the Go toolchain;
# what is missing is named and skipped. The last line is the sum "N passed, N failed".
cd "$(dirname "$0")/../.." || exit 2
bin=$(tests/conformance/peers.sh kustomize helm flux) || {
    echo "skip: the peers cannot be built here"
    bin=
}
rc=0
if [ -n "$bin" ] && tests/conformance/peers.sh engine >/dev/null; then
    echo "templates: Helm's engine and ours, 20,000 generated ones"
    python3 tests/conformance/templates.py "$bin/helm-engine" "${BUILD:-build}/weir" --count 20000 --seed "${SEED:-1}" || rc=1
else
    echo "skip: Helm's engine cannot be built here"
fi
PATH=${bin:+$bin:}$PATH python3 tests/conformance/clients.py "$@" || rc=1
exit $rc
