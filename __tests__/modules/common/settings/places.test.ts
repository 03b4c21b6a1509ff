import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { expect, it } from "vitest";
import { placeOf, writtenAt } from "../../../../modules/common/settings/places";
import { settingText, wrongSetting } from "../../../../modules/common/settings/props";

const stack = new TerraformStack(Testing.app(), "dev-farm");
const child = (scope: Construct, id: string) => new Construct(scope, id);
const machine = child(stack, "machine");
const disk = child(machine, "disk");
const pools = child(stack, "pools");
const pool = child(child(pools, "cpu"), "nodes");
const other = child(stack, "other");
writtenAt(stack, "dev", {
  "": "farm",
  machine: { "": "farm.machine", name: "name", "disks.*.key": "farm.machine.disks.*.kmsKeyArn" },
  "pools/*": { "": "farm.pools.*", "sizes.*.most": "farm.limits.*.sizes.*" },
  other: { only: "farm.other" },
});

it.each([
  [machine, ["size"], "dev: farm.machine.size: no"],
  [machine, [], "dev: farm.machine: no"],
  [machine, ["name"], "dev: name: no"],
  [machine, ["disks", 1, "key"], "dev: farm.machine.disks[1].kmsKeyArn: no"],
  [machine, ["disks", 1, "size"], "dev: farm.machine.disks[1].size: no"],
  [disk, ["size"], "dev: farm.machine.size: no"],
  [pool, ["most"], "dev: farm.pools.cpu.most: no"],
  [pool, ["sizes", "a", "most"], "dev: farm.limits.cpu.sizes.a: no"],
  [stack, ["size"], "dev: farm.size: no"],
  [other, ["only", "a"], "dev: farm.other.a: no"],
  [other, ["else"], "dev-farm/other: else: no"],
] as const)("says where the user wrote it: %#", (scope, path, message) => {
  expect(wrongSetting(scope, path, "no").message).toBe(message);
});
it("is the construct's own path where nobody says", () => {
  const alone = child(new TerraformStack(Testing.app(), "mine"), "machine");
  expect(placeOf(alone, ["size"])).toEqual({ owner: "mine/machine", path: ["size"] });
  expect(settingText(alone, "size")).toBe("mine/machine: size");
});
