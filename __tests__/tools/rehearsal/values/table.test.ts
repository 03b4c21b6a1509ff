import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ACCELERATED } from "../../../../modules/aws/ec2/instance-type-facts";
import { findBindings } from "../../../../tools/rehearsal/bindings";
import { cacheFolder, DerivedSchemas } from "../../../../tools/rehearsal/cache";
import kept from "../../../../tools/rehearsal/data/aws-values.json";
import type { Block } from "../../../../tools/rehearsal/schema";
import { awsValues, limitsOf } from "../../../../tools/rehearsal/values/check";
import { ALSO, ANY_CASE, ARGUMENTS } from "../../../../tools/rehearsal/values/table";
import { configWith } from "../../../support/config-with";

const modules = resolve("node_modules");
const [bindings] = findBindings(modules, ["@cdktf/provider-aws"]);
if (!bindings) throw new Error("no bindings of AWS");
const schemas = new DerivedSchemas(bindings, cacheFolder(modules));

const blockOf = (name: string): Block => {
  const [type = "", kind] = name.split(".").reverse();
  const block = schemas.block(kind ? "data" : "resource", type);
  if (!block) throw new Error(`${name} is in the table, and not in the bindings`);
  return block;
};
const typeAt = (block: Block | undefined, [name = "", ...rest]: string[]): unknown =>
  rest.length > 0 ? typeAt(block?.blocks[name]?.block, rest) : block?.attributes[name]?.type;

const rows = Object.entries(ARGUMENTS).flatMap(([name, own]) =>
  Object.entries(own).map(([argument, reference]) => ({ name, argument, reference })),
);
const complaints = (name: string, argument: string, value: string | number) => {
  const [type = "", kind] = name.split(".").reverse();
  const block = blockOf(name);
  return awsValues(kind ? "data" : "resource", type, configWith(block, argument.split("."), value), block);
};

/** Folders of the bindings that the sources in a folder import. */
const imports = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/@cdktf\/provider-aws\/lib\/([\w-]+)/g)])
    .map(([, name]) => name as string);

describe("the table", () => {
  it("names arguments that are there, of the type that AWS has", () => {
    const wrong = rows.filter(({ name, argument, reference }) => {
      const type = typeAt(blockOf(name), argument.split("."));
      return (Array.isArray(type) ? type[1] : type) !== limitsOf(reference).type;
    });
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(350);
  });
  it("has something written down for every reference, and nothing else is", () => {
    expect(Object.keys(kept.limits)).toEqual([...new Set(rows.map(({ reference }) => reference))].sort());
    expect(kept.versions).toEqual({ botocore: expect.any(String), "cfn-lint": expect.any(String) });
  });
  it("is about the types that the project uses", () => {
    const used = new Set(["modules", "stacks"].flatMap(imports));
    const folder = (name: string) =>
      name
        .replace(/^data\.aws_/, "data_aws_")
        .replace(/^aws_/, "")
        .replaceAll("_", "-");
    expect(Object.keys(ARGUMENTS).filter((name) => !used.has(folder(name)))).toEqual([]);
  });
  it("makes exceptions of its own rows only, and only where they are needed", () => {
    const names = rows.map(({ name, argument }) => `${name}.${argument}`);
    expect([...Object.keys(ALSO), ...ANY_CASE].filter((exception) => !names.includes(exception))).toEqual([]);
    for (const { name, argument, reference } of rows) {
      const { oneOf = [], min = -Infinity } = limitsOf(reference);
      for (const value of ALSO[`${name}.${argument}`]?.values ?? []) {
        expect(oneOf.includes(value), `${name}.${argument}`).toBe(false);
        if (typeof value === "number" && oneOf.length === 0) expect(value).toBeLessThan(min);
      }
    }
  });
});

/** Lists of values in the sources of our modules, with the argument that they are handed to as they are. */
const OWN: [file: string, key: string, argument: string][] = [
  ["aws/client-vpn/client-vpn.ts", "transport", "aws_ec2_client_vpn_endpoint transport_protocol"],
  ["cluster/access.ts", "scope", "aws_eks_access_policy_association access_scope.type"],
  ["cluster/addons.ts", "resolveConflicts", "aws_eks_addon resolve_conflicts_on_create"],
  ["cluster/addons.ts", "resolveConflicts", "aws_eks_addon resolve_conflicts_on_update"],
  ["cluster/control-plane.ts", "controlPlaneScalingTier", "aws_eks_cluster control_plane_scaling_config.tier"],
  ["cluster/control-plane.ts", "supportType", "aws_eks_cluster upgrade_policy.support_type"],
  ["cluster/group-settings.ts", "capacityType", "aws_eks_node_group capacity_type"],
  ["cluster/labels.ts", "effect", "aws_eks_node_group taint.effect"],
  ["aws/cloudwatch/log-group.ts", "retentionPeriods", "aws_cloudwatch_log_group retention_in_days"],
  ["aws/ecs/task-definition.ts", "architecture", "aws_ecs_task_definition runtime_platform.cpu_architecture"],
  ["aws/image-build/codebuild-build.ts", "computeType", "aws_codebuild_project environment.compute_type"],
  ["aws/load-balancer/https-load-balancer.ts", "targetType", "aws_lb_target_group target_type"],
  ["ml-ec2/alarms.ts", "alarmPeriodSeconds", "aws_cloudwatch_metric_alarm period"],
  ["ml-ec2/audit.ts", "events", "aws_cloudtrail event_selector.read_write_type"],
  ["ml-ec2/replication.ts", "storageClass", "aws_s3_bucket_replication_configuration rule.destination.storage_class"],
  ["ml-ec2/snapshots.ts", "intervalHours", "aws_dlm_lifecycle_policy policy_details.schedule.create_rule.interval"],
  [
    "ml-ec2/storage.ts",
    "s3Encryption",
    "aws_s3_bucket_server_side_encryption_configuration rule.apply_server_side_encryption_by_default.sse_algorithm",
  ],
  ["network/flow-logs.ts", "trafficType", "aws_flow_log traffic_type"],
  [
    "aws/storage/private-bucket.ts",
    "storageClass",
    "aws_s3_bucket_lifecycle_configuration rule.transition.storage_class",
  ],
  ["aws/storage/shared-files.ts", "throughputMode", "aws_efs_file_system throughput_mode"],
];

describe("what our own settings accept, AWS accepts", () => {
  it.each(OWN)("%s %s -> %s", (file, key, argument) => {
    const text = readFileSync(resolve("modules", file), "utf8");
    const pattern = new RegExp(`\\b${key}(?::| =)\\s*z\\s*\\.(?:enum|literal)\\(\\[([^\\]]+)\\]`);
    const [, list = ""] = pattern.exec(text) ?? [];
    const values: (string | number)[] = JSON.parse(`[${list.replace(/,\s*$/, "")}]`);
    expect(values.length).toBeGreaterThan(1);
    const [name = "", path = ""] = argument.split(" ");
    expect(ARGUMENTS[name]).toHaveProperty([path]);
    for (const value of values) expect(complaints(name, path, value)).toEqual([]);
  });
  it("every accelerated instance type that the cluster knows", () => {
    const types = Object.entries(ACCELERATED).flatMap(([family, { sizes }]) =>
      Object.keys(sizes).map((size) => `${family}.${size}`),
    );
    expect(types.length).toBeGreaterThan(50);
    expect(types.flatMap((type) => complaints("aws_instance", "instance_type", type))).toEqual([]);
  });
});
