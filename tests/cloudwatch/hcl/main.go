// Terraform's own parser and formatter over a file: its blocks with their arguments and references, as JSON.
// What stands as a constant has its value; a file that is not as `terraform fmt` writes it is refused.
package main

import (
	"encoding/json"
	"fmt"
	"io/ioutil"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type argument struct {
	Value      json.RawMessage `json:"value,omitempty"`
	References [][]string      `json:"references"`
	Source     string          `json:"source"`
}
type block struct {
	Type      string              `json:"type"`
	Labels    []string            `json:"labels"`
	Arguments map[string]argument `json:"arguments"`
	Blocks    []block             `json:"blocks"`
}

func path(t hcl.Traversal) []string {
	out := []string{}
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			out = append(out, s.Name)
		case hcl.TraverseAttr:
			out = append(out, s.Name)
		}
	}
	return out
}

func body(b *hclsyntax.Body, text []byte) (map[string]argument, []block) {
	arguments, blocks := map[string]argument{}, []block{}
	for name, a := range b.Attributes {
		r := a.Expr.Range()
		one := argument{References: [][]string{}, Source: string(text[r.Start.Byte:r.End.Byte])}
		for _, t := range a.Expr.Variables() {
			one.References = append(one.References, path(t))
		}
		if v, diags := a.Expr.Value(nil); !diags.HasErrors() && v.IsWhollyKnown() {
			one.Value, _ = ctyjson.Marshal(v, v.Type())
		}
		arguments[name] = one
	}
	for _, inner := range b.Blocks {
		own, nested := body(inner.Body, text)
		blocks = append(blocks, block{inner.Type, inner.Labels, own, nested})
	}
	return arguments, blocks
}

func main() {
	text, err := ioutil.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	file, diags := hclparse.NewParser().ParseHCL(text, os.Args[1])
	if diags.HasErrors() {
		fmt.Fprintln(os.Stderr, diags)
		os.Exit(1)
	}
	if string(hclwrite.Format(text)) != string(text) {
		fmt.Fprintln(os.Stderr, os.Args[1]+" is not formatted")
		os.Exit(1)
	}
	_, blocks := body(file.Body.(*hclsyntax.Body), text)
	json.NewEncoder(os.Stdout).Encode(blocks)
}
