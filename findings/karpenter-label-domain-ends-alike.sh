#!/usr/bin/env bash
# Library: sigs.k8s.io/karpenter v1.14.1 with its CRD of NodePools, and k8s.io/apiextensions-apiserver v0.35.3, whose validator
#   is the API server's (Go modules), on Go 1.26.
# Behaviour: labels of a NodePool may not be of the domain karpenter.sh. What that means is written twice, and differs: the Go
#   code takes the domain itself and its subdomains, the rule in the CRD whatever ends in these letters. A label of an unrelated
#   domain such as notkarpenter.sh passes Karpenter's own check, which clients in Go call before they send anything, and is
#   refused by the API server, as "label domain karpenter.sh is restricted".
# Seen: below: the verdicts of both on two labels. Source: IsRestrictedLabel in pkg/apis/v1/labels.go against the rule of
#   spec.template.metadata.labels in pkg/apis/crds/karpenter.sh_nodepools.yaml.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'MOD'
module finding

go 1.26.0
MOD
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	karpenter "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/yaml"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	var crd apiv1.CustomResourceDefinition
	if err := yaml.Unmarshal(must(os.ReadFile(os.Args[1])), &crd); err != nil {
		panic(err)
	}
	labels := crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"].Properties["template"].
		Properties["metadata"].Properties["labels"]
	var internal apiextensions.JSONSchemaProps
	if err := apiv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&labels, &internal, nil); err != nil {
		panic(err)
	}
	structural := must(schema.NewStructural(&internal))
	validator := cel.NewValidator(structural, false, celconfig.PerCallLimit)
	for _, key := range []string{"notkarpenter.sh/team", "team.example.com/name"} {
		object := map[string]interface{}{key: "a"}
		refused, _ := validator.Validate(context.Background(), nil, structural, object, nil, celconfig.RuntimeCELCostBudget)
		fmt.Printf("%s: Karpenter's code %s, the CRD %s\n", key,
			verdict(karpenter.IsRestrictedLabel(key) != nil), verdict(len(refused) > 0))
	}
}

func verdict(refused bool) string {
	if refused {
		return "refuses it"
	}
	return "takes it"
}
GO
export GOFLAGS=-mod=mod
go get sigs.k8s.io/karpenter@v1.14.1 k8s.io/apiextensions-apiserver@v0.35.3 >/dev/null 2>&1
crd=$(go list -m -f '{{.Dir}}' sigs.k8s.io/karpenter)/pkg/apis/crds/karpenter.sh_nodepools.yaml
seen=$(go run . "$crd")
echo "$(go list -m sigs.k8s.io/karpenter), $(go list -m k8s.io/apiextensions-apiserver), $(go env GOVERSION)"
echo "$seen"
expected="notkarpenter.sh/team: Karpenter's code takes it, the CRD refuses it
team.example.com/name: Karpenter's code takes it, the CRD takes it"
if [ "$seen" != "$expected" ]; then
  echo "this has changed" >&2
  exit 1
fi
