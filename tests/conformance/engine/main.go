//go:build peers

// Renders templates with Helm's engine, one request a line, for tests/conformance/templates.py. Built by peers.sh.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"
)

type request struct {
	Template string         `json:"template"`
	Values   map[string]any `json:"values"`
}

func render(r request) (out string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	c := &chart.Chart{
		Metadata:  &chart.Metadata{Name: "t", Version: "1.2.3", AppVersion: "4.5.6", APIVersion: "v2"},
		Templates: []*common.File{{Name: "templates/t.yaml", Data: []byte(r.Template)}},
	}
	vals := common.Values{
		"Values": common.Values(r.Values),
		"Release": map[string]any{
			"Name": "rel", "Namespace": "apps", "IsUpgrade": false, "IsInstall": true, "Revision": 1, "Service": "Helm",
		},
		"Capabilities": common.DefaultCapabilities,
	}
	rendered, err := engine.Engine{}.Render(c, vals)
	if err != nil {
		return "", err
	}
	return rendered["t/templates/t.yaml"], nil
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	enc := json.NewEncoder(out)
	for in.Scan() {
		var r request
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		text, err := render(r)
		answer := map[string]any{}
		if err != nil {
			answer["error"] = []byte(err.Error())
		} else {
			answer["output"] = []byte(text)
		}
		if err := enc.Encode(answer); err != nil {
			os.Exit(1)
		}
		out.Flush()
	}
}
