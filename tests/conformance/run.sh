#!/bin/sh
# run.sh (make conformance): real clients against the embedded API server, and the real kustomize beside ours. Needs the Go toolchain;
# what is missing is named and skipped. The last line is the sum "N passed, N failed".
cd "$(dirname "$0")/../.." || exit 2
bin=$(tests/conformance/peers.sh kustomize helm flux) || {
    echo "skip: the peers cannot be built here"
    bin=
}
PATH=${bin:+$bin:}$PATH exec python3 tests/conformance/clients.py "$@"
