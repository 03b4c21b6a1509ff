import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Release } from "@cdktf/provider-helm/lib/release";
import type { RunnerPool } from "../../../modules/cluster/runner-pool";
import { Karpenter } from "../../../modules/kube/karpenter";
import { runnersOf } from "../../modules/kube/pools.fixture";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";

/** What karpenter_moto.py holds. */
export interface World {
  readonly account: string;
  readonly region: string;
  readonly clusterName: string;
  readonly nodeRole: string;
  readonly queue: string;
  readonly vpcId: string;
  /** Those that Karpenter is given; there is one more. */
  readonly subnetIds: readonly string[];
  readonly nodeSecurityGroupId: string;
  readonly efaSecurityGroupId: string;
}

/** What the construct holds for Karpenter, with the ids of a world in place of what Terraform would know. */
export interface KarpenterStack {
  /** Values of its chart. */
  readonly values: Json;
  readonly objects: Json[];
  /** Statements of its controller's policy. */
  readonly statements: Json[];
}

/** The construct's output for these runner pools. */
export function karpenterStack(world: World, clusterEndpoint: string, runnerPools: RunnerPool[]): KarpenterStack {
  const { clusterName, nodeSecurityGroupId, subnetIds, vpcId } = world;
  const cluster = { clusterName, clusterEndpoint, nodeSecurityGroupId, zonalShift: true };
  const pools = runnersOf(...runnerPools);
  const build = inCluster(
    (scope) => new Karpenter(scope, "karpenter", { cluster, pools, subnetIds: [...subnetIds], vpcId }),
  );
  const { all, one, parsed } = synth((stack) => build(stack));
  const resolved = (text: string) =>
    JSON.parse(text.replace(/\$\{([^}]+)\}/g, (_, path) => known(path, world, parsed)));
  const valuesOf = (name: string) => resolved(all(Release).find((release) => release.name === name).values[0]);
  return {
    values: valuesOf("karpenter"),
    objects: valuesOf("karpenter-nodes").objects,
    statements: resolved(one(IamRolePolicy).policy).Statement,
  };
}

/** What Terraform would put in place of a reference. */
function known(
  path: string,
  { account, region, nodeRole, queue, efaSecurityGroupId }: World,
  { resource }: Json,
): string {
  const [type = "", id = "", attribute = ""] = path.split(".");
  const values: Record<string, string> = {
    "aws_iam_role.name": nodeRole,
    "aws_iam_role.arn": `arn:aws:iam::${account}:role/${nodeRole}`,
    "aws_sqs_queue.name": queue,
    "aws_sqs_queue.arn": `arn:aws:sqs:${region}:${account}:${queue}`,
    "aws_security_group.id": efaSecurityGroupId,
    "data.id": region,
  };
  const value = resource[type]?.[id]?.[attribute] ?? values[`${type}.${path.split(".").at(-1)}`];
  if (typeof value !== "string") throw new Error(`the value of ${path} is not known: add it to karpenter-stack.ts`);
  return value;
}

/** Names of the chart's settings in the environment. Source: github.com/aws/karpenter-provider-aws v1.14.1, charts/karpenter/templates/deployment.yaml. */
const SETTINGS: Readonly<Record<string, string>> = {
  clusterName: "CLUSTER_NAME",
  clusterEndpoint: "CLUSTER_ENDPOINT",
  interruptionQueue: "INTERRUPTION_QUEUE",
  enableZonalShift: "ENABLE_ZONAL_SHIFT",
};

/** Environment that the chart gives the controller for these values; the rest are defaults of the program, too. */
export function environmentOf({ settings, controller }: Json): Record<string, string> {
  const { featureGates, ...others } = settings;
  const gates = Object.entries(featureGates).map(([name, on]) => `${name[0]?.toUpperCase()}${name.slice(1)}=${on}`);
  const told = Object.entries(others).map(([key, value]) => {
    const name = SETTINGS[key];
    if (name === undefined)
      throw new Error(`the variable of settings.${key} is not known: add it to karpenter-stack.ts`);
    return [name, String(value)];
  });
  return {
    ...Object.fromEntries(told),
    FEATURE_GATES: gates.join(","),
    SYSTEM_NAMESPACE: "kube-system",
    KARPENTER_SERVICE: "karpenter",
    ...Object.fromEntries(controller.env.map(({ name, value }: Json) => [name, value])),
  };
}
