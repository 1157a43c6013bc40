#!/bin/sh
# peers.sh: builds the Go peers that conformance and benchmarks compare with, by module name, pinned below, into a cache outside the
# tree ($WEIR_PEERS, else the user's cache folder). Prints the folder of their programs. Nothing is downloaded as a binary.
# peers.sh [NAME...]: kustomize helm flux engine apiserver manager controller; the first three when none is named.
set -eu
cache=${WEIR_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-peers}
bin=$cache/bin
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$bin"
command -v go >/dev/null || {
    echo "peers: the Go toolchain is not installed" >&2
    exit 1
}
export GOFLAGS=-mod=mod CGO_ENABLED=0

# module NAME MODULE VERSION PACKAGE: a module of ours that requires the peer's, so that its own replace directives do not matter.
module() {
    [ -x "$bin/$1" ] && return
    mkdir -p "$cache/$1"
    printf 'module peer\n\ngo 1.26.0\n\nrequire %s %s\n' "$2" "$3" >"$cache/$1/go.mod"
    printf '//go:build peers\n\npackage peer\n\nimport _ "%s"\n' "$4" >"$cache/$1/peer.go"
    (cd "$cache/$1" && nice go mod tidy -e >/dev/null 2>&1 && nice go build -o "$bin/$1" "$4") >&2
}

# The flux command embeds manifests that its module does not carry; empty ones take their place.
flux() {
    [ -x "$bin/flux" ] && return
    from=$(cd "$cache" && GOFLAGS='' go mod download -json github.com/fluxcd/flux2/v2@v2.9.5 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    rm -rf "$cache/flux" && cp -r "$from" "$cache/flux" && chmod -R u+w "$cache/flux"
    mkdir -p "$cache/flux/cmd/flux/manifests"
    for name in source-controller kustomize-controller helm-controller notification-controller image-reflector-controller \
        image-automation-controller source-watcher rbac policies install; do
        echo "# none" >"$cache/flux/cmd/flux/manifests/$name.yaml"
    done
    (cd "$cache/flux" && nice go build -o "$bin/flux" ./cmd/flux) >&2
}

# kubernetes NAME: a program of Kubernetes; every staging module is pinned to the release it belongs to.
kubernetes() {
    [ -x "$bin/$1" ] && return
    version=1.35.4
    mkdir -p "$cache/$1"
    (
        cd "$cache/$1"
        from=$(GOFLAGS='' go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
        printf 'module peer\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes v%s\n\n' "$version" >go.mod
        sed -n 's/^\t\(k8s\.io\/[a-z-]*\) => .*/replace \1 => \1 v0.'"${version#1.}"'/p; s/^\t\(k8s\.io\/[a-z-]*\) v0\.0\.0$/replace \1 => \1 v0.'"${version#1.}"'/p' \
            "$from/go.mod" | sort -u >>go.mod
        printf '//go:build peers\n\npackage peer\n\nimport _ "k8s.io/kubernetes/cmd/%s"\n' "$1" >peer.go
        nice go mod tidy -e >/dev/null 2>&1
        flags="-X k8s.io/component-base/version.gitVersion=v$version -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=35"
        nice go build -ldflags "$flags" -o "$bin/$1" "k8s.io/kubernetes/cmd/$1"
    ) >&2
}

# kustomize-controller, with the replacements of its own go.mod: they do not reach a module that requires it.
controller() {
    [ -x "$bin/kustomize-controller" ] && return
    mkdir -p "$cache/controller"
    cat >"$cache/controller/go.mod" <<'EOF'
module peer

go 1.26.0

require github.com/fluxcd/kustomize-controller v1.9.6

replace github.com/fluxcd/kustomize-controller/api => github.com/fluxcd/kustomize-controller/api v1.9.6

replace github.com/opencontainers/go-digest => github.com/opencontainers/go-digest v1.0.1-0.20220411205349-bde1400a84be

replace sigs.k8s.io/kustomize/api => sigs.k8s.io/kustomize/api v0.21.1

replace sigs.k8s.io/kustomize/kyaml => sigs.k8s.io/kustomize/kyaml v0.21.1

replace gopkg.in/yaml.v3 => gopkg.in/yaml.v3 v3.0.1
EOF
    printf '//go:build peers\n\npackage peer\n\nimport _ "github.com/fluxcd/kustomize-controller"\n' >"$cache/controller/peer.go"
    (cd "$cache/controller" && nice go mod tidy -e >/dev/null 2>&1 &&
        nice go build -o "$bin/kustomize-controller" github.com/fluxcd/kustomize-controller) >&2
}

# Helm's engine behind a line protocol: a module of ours around tests/conformance/engine.
engine() {
    [ -x "$bin/helm-engine" ] && return
    mkdir -p "$cache/engine"
    cp "$here/engine/main.go" "$cache/engine/main.go"
    printf 'module peer\n\ngo 1.26.0\n\nrequire helm.sh/helm/v4 v4.3.1\n' >"$cache/engine/go.mod"
    (cd "$cache/engine" && nice go mod tidy -e >/dev/null 2>&1 && nice go build -tags peers -o "$bin/helm-engine" .) >&2
}

for name in "${@:-kustomize helm flux}"; do
    for each in $name; do
        case $each in
        kustomize) module kustomize sigs.k8s.io/kustomize/kustomize/v5 v5.8.2 sigs.k8s.io/kustomize/kustomize/v5 ;;
        helm) module helm helm.sh/helm/v4 v4.3.1 helm.sh/helm/v4/cmd/helm ;;
        flux) flux ;;
        engine) engine ;;
        controller) controller ;;
        apiserver) kubernetes kube-apiserver ;;
        manager) kubernetes kube-controller-manager ;;
        *)
            echo "peers: there is no peer \"$each\"" >&2
            exit 2
            ;;
        esac
    done
done
echo "$bin"
