#!/usr/bin/env bash
# Library: constructs 10.8.1 (npm), the tree below cdktf and CDK, on Node 20 or later.
# Behaviour: an id that is also a property of every JavaScript object, such as "constructor" or "valueOf", cannot be given to
#   the first child of an empty scope: the error says that there is already a construct of this name. The same scope, asked by
#   tryFindChild, knows none, and has no children. Ids that come from people's own names (a package, a peer, a queue that is
#   called constructor) hit it; every other word works.
# Seen: below. The reason is that addChild looks an id up with `in` on a plain object.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts constructs@10.8.1 >/dev/null 2>&1
cat > main.js <<'JS'
const { Construct, RootConstruct } = require("constructs");
for (const id of ["worker", "prototype", "constructor", "valueOf"]) {
  const root = new RootConstruct();
  const before = `${root.node.children.length} children, found: ${root.node.tryFindChild(id) !== undefined}`;
  let what = "made";
  try {
    new Construct(root, id);
  } catch (error) {
    what = error.message;
  }
  console.log(`${id} (${before}): ${what}`);
}
JS
seen=$(node main.js)
echo "constructs $(node -p 'require("constructs/package.json").version'), Node $(node -p process.version)"
echo "$seen"
expected="worker (0 children, found: false): made
prototype (0 children, found: false): made
constructor (0 children, found: false): There is already a Construct with name 'constructor' in RootConstruct
valueOf (0 children, found: false): There is already a Construct with name 'valueOf' in RootConstruct"
if [ "$seen" != "$expected" ]; then
  printf 'the behaviour has changed; it was:\n%s\n' "$expected" >&2
  exit 1
fi
