//go:build tools

// Package peer pins the kube-apiserver that bench/ measures against.
package peer

import _ "k8s.io/kubernetes/cmd/kube-apiserver"
