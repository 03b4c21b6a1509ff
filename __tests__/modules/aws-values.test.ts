import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findBindings, installedModules } from "@cdktf-ml-infra/rehearsal/internal/bindings";
import { cacheFolder, DerivedSchemas } from "@cdktf-ml-infra/rehearsal/internal/cache";
import { awsValues } from "@cdktf-ml-infra/rehearsal/internal/values/check";
import { ARGUMENTS } from "@cdktf-ml-infra/rehearsal/internal/values/table";
import { configWith } from "@cdktf-ml-infra/rehearsal/test-support/config-with";
import { describe, expect, it } from "vitest";
import { types } from "../../modules/aws/ec2/data/instance-types.json";

const modules = installedModules();
const [bindings] = findBindings(modules, ["@cdktf/provider-aws"]);
if (!bindings) throw new Error("no bindings of AWS");
const schemas = new DerivedSchemas(bindings, cacheFolder(modules));

/** Errors of the rehearsal for one argument of a resource. */
function errors(type: string, argument: string, value: string | number) {
  const block = schemas.block("resource", type);
  if (!block) throw new Error(`${type} is not in the bindings`);
  return awsValues("resource", type, configWith(block, argument.split("."), value), block);
}

/** Folders of the bindings that the sources in a folder import. */
const imports = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(/@cdktf\/provider-aws\/lib\/([\w-]+)/g)])
    .map(([, name]) => name as string);

it("the rehearsal checks values of no types but those in use", () => {
  const used = new Set(["modules", "stacks"].flatMap(imports));
  const folder = (name: string) =>
    name
      .replace(/^data\.aws_/, "data_aws_")
      .replace(/^aws_/, "")
      .replaceAll("_", "-");
  expect(Object.keys(ARGUMENTS).filter((name) => !used.has(folder(name)))).toEqual([]);
});
/** Lists of accepted values in the modules, and the argument that gets the value unchanged. */
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
  [
    "aws/ec2/architecture.ts",
    "containerArchitectureSchema",
    "aws_ecs_task_definition runtime_platform.cpu_architecture",
  ],
  ["aws/codebuild/codebuild-build.ts", "computeType", "aws_codebuild_project environment.compute_type"],
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

describe("AWS accepts what the settings accept", () => {
  it.each(OWN)("%s %s -> %s", (file, key, argument) => {
    const text = readFileSync(resolve("modules", file), "utf8");
    const pattern = new RegExp(`\\b${key}(?::| =)\\s*z\\s*\\.(?:enum|literal)\\(\\[([^\\]]+)\\]`);
    const [, list = ""] = pattern.exec(text) ?? [];
    const values: (string | number)[] = JSON.parse(`[${list.replace(/,\s*$/, "")}]`);
    expect(values.length).toBeGreaterThan(1);
    const [name = "", path = ""] = argument.split(" ");
    expect(ARGUMENTS[name]).toHaveProperty([path]);
    for (const value of values) expect(errors(name, path, value)).toEqual([]);
  });
  it("every instance type of the data file", () => {
    const names = Object.keys(types);
    expect(names.length).toBeGreaterThan(1000);
    expect(names.flatMap((type) => errors("aws_instance", "instance_type", type))).toEqual([]);
  });
});
