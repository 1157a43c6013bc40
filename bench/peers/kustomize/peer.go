//go:build tools

// Package peer pins the kustomize that bench/ measures against.
package peer

import _ "sigs.k8s.io/kustomize/kustomize/v5"
