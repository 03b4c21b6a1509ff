#!/usr/bin/env bash
# Library: cdktf 0.21.0 with constructs 10.4.2 (npm), on Node 20 or later.
# Behaviour: a reference that stands in quotes inside a text with an expression of its own, such as
#   ${upper("x-${var.name}")}, is synthesized without its braces. What stays is the quoted address, "x-var.name": a valid
#   constant. Nothing is reported at synth, and terraform accepts it, so a condition built this way compares with a fixed
#   text. Outside quotes the same reference is right, and so is Fn.join or Fn.format around it.
# Seen: in the synthesized JSON, below. The reason is in cdktf's token resolver: inside an open ${ it prints a reference
#   bare, and does not know whether a quote is open as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts cdktf@0.21.0 constructs@10.4.2 >/dev/null 2>&1
cat > main.js <<'JS'
const { Fn, TerraformOutput, TerraformStack, TerraformVariable, Testing } = require("cdktf");
const stack = new TerraformStack(Testing.app(), "s");
const name = new TerraformVariable(stack, "name", { type: "string" }).stringValue;
const output = (id, value) => new TerraformOutput(stack, id, { value, staticId: true });
output("in_quotes", `\${upper("x-${name}")}`);
output("bare", `\${upper(${name})}`);
output("by_function", Fn.upper(Fn.format("x-%s", [name])));
const { output: made } = JSON.parse(Testing.synth(stack));
for (const [id, { value }] of Object.entries(made)) console.log(`${id}: ${value}`);
JS
seen=$(node main.js)
echo "cdktf $(node -p 'require("cdktf/package.json").version'), Node $(node -p process.version)"
echo "$seen"
expected='bare: ${upper(var.name)}
by_function: ${upper(format("x-%s", var.name))}
in_quotes: ${upper("x-var.name")}'
if [ "$seen" != "$expected" ]; then
  printf 'the behaviour has changed; it was:\n%s\n' "$expected" >&2
  exit 1
fi
