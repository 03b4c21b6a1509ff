import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CostOptions, estimateMonthlyCost } from "../../../modules/cost/estimate";
import { isFree } from "../../../modules/cost/free-types";
import { errorOf } from "../../support/bad-input";
import { prices, ref, stackOf } from "./cost.fixture";

const numRuns = Number(process.env.FUZZ_RUNS ?? 100);

const KEYS = {
  word: ["instance_type", "volume_type", "type", "vpc_endpoint_type", "load_balancer_type", "engine", "instance_class"]
    .concat(["storage_type", "deployment_mode", "host_instance_type", "engine_type", "version", "launch_type", "cpu"])
    .concat(["capacity_type", "tenancy", "throughput_mode", "memory", "provider", "region", "capacity_provider"]),
  amount: [
    "volume_size",
    "size",
    "iops",
    "throughput",
    "min_size",
    "desired_count",
    "allocated_storage",
    "period",
    "count",
  ]
    .concat(["provisioned_throughput_in_mibps", "total_target_capacity", "on_demand_target_capacity", "base", "weight"])
    .concat(["on_demand_base_capacity", "on_demand_percentage_above_base_capacity", "disk_size", "size_in_gib"]),
  flag: ["monitoring", "enabled", "multi_az", "internal", "associate_public_ip_address", "assign_public_ip"],
  list: ["instance_types", "subnet_ids", "subnets", "vpc_zone_identifier"],
  link: ["id", "launch_template_id", "task_definition", "subnet_id", "instance"],
};
const BLOCKS = ["root_block_device", "ebs_block_device", "launch_template", "scaling_config", "instance_market_options"]
  .concat(["mixed_instances_policy", "launch_template_specification", "instances_distribution", "override", "ebs"])
  .concat(["block_device_mappings", "network_interfaces", "metric_query", "metric", "runtime_platform", "dynamic"])
  .concat(["capacity_provider_strategy", "target_capacity_specification", "launch_template_config", "upgrade_policy"])
  .concat([
    "compute_config",
    "control_plane_scaling_config",
    "network_configuration",
    "ephemeral_storage",
    "monitoring",
  ]);
const TYPES = ["aws_instance", "aws_launch_template", "aws_autoscaling_group", "aws_eks_node_group", "aws_ebs_volume"]
  .concat(["aws_nat_gateway", "aws_eip", "aws_eks_cluster", "aws_db_instance", "aws_vpc_endpoint", "aws_lb", "aws_vpc"])
  .concat(["aws_efs_file_system", "aws_cloudwatch_metric_alarm", "aws_ecs_service", "aws_ecs_task_definition"])
  .concat([
    "aws_mq_broker",
    "aws_ec2_fleet",
    "aws_s3_bucket",
    "aws_subnet",
    "aws_brand_new",
    "toString",
    "aws_kms_key",
  ]);

const link = fc
  .tuple(fc.constantFrom(...TYPES), fc.constantFrom("a", "b"))
  .map(([type, id]) => ref(`${type}.${id}.id`));
const template = fc.oneof(link, fc.constantFrom(ref("var.x"), `x-${ref("local.y")}`, "%{ if true }a%{ endif }"));
const junk = fc.oneof(fc.jsonValue(), template, fc.constant("__proto__"));
const word = fc.constantFrom(
  "t3.medium",
  "m5.large",
  "gp3",
  "io2",
  "spot",
  "SPOT",
  "FARGATE",
  "FARGATE_SPOT",
  "Interface",
);
const amount = fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 500 }).map(String));
const values: Record<keyof typeof KEYS, fc.Arbitrary<unknown>> = {
  word: fc.oneof(word, fc.constantFrom("postgres", "256", "1024", "1.30", "regional", "network", "eu-west-1")),
  amount,
  flag: fc.oneof(fc.boolean(), fc.constantFrom("true", "false")),
  list: fc.array(fc.oneof(link, word), { maxLength: 3 }),
  link,
};

const argument = fc.oneof(
  ...Object.entries(KEYS).map(([kind, keys]) => {
    const value = values[kind as keyof typeof KEYS];
    return fc.tuple(
      fc.constantFrom(...keys),
      fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: junk }),
    );
  }),
);
/** Arguments and, down to `depth`, blocks. */
const bodyOf = (depth: number): fc.Arbitrary<Record<string, unknown>> => {
  const own = fc.array(argument, { maxLength: 6 }).map((entries) => Object.fromEntries(entries));
  if (depth === 0) return own;
  const inner = bodyOf(depth - 1);
  const block = fc.tuple(fc.constantFrom(...BLOCKS), fc.oneof(inner, fc.array(inner, { maxLength: 2 })));
  return fc
    .tuple(own, fc.array(block, { maxLength: 3 }))
    .map(([plain, blocks]) => ({ ...plain, ...Object.fromEntries(blocks) }));
};
const body = bodyOf(3);
const resources = fc.dictionary(
  fc.constantFrom(...TYPES),
  fc.dictionary(fc.constantFrom("a", "b"), body, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  { maxKeys: 6, noNullPrototype: true },
);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const usage = fc.record(
  {
    sizes: fc.dictionary(fc.constantFrom("aws_eks_node_group.a", "a", "b"), fc.nat(100), { noNullPrototype: true }),
    spotShare: share,
    spotFactor: share.map((x) => Math.max(x, 0.01)),
    instanceHours: fc.nat(100),
    ...Object.fromEntries(
      ["natGb", "egressGb", "lcu", "efsGb", "mqStorageGb", "s3StandardGb"].map((key) => [
        key,
        fc.integer({ min: 1, max: 1e6 }),
      ]),
    ),
  },
  { requiredKeys: [] },
);
const options: fc.Arbitrary<CostOptions> = fc.record(
  {
    hours: fc.integer({ min: 100, max: 744 }),
    region: fc.constantFrom("us-east-1", "eu-west-1", "eu-mars-1", ref("var.r")),
    usage,
    prices: fc.constant(prices),
  },
  { requiredKeys: [] },
);

describe("estimateMonthlyCost", () => {
  it("prices or lists every billable resource of any stack, and adds up", { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(resources, options, (resource, given) => {
        const estimate = estimateMonthlyCost(stackOf(resource), given);
        const { items, total, notPriced } = estimate;
        for (const { quantity, unitPrice, monthly } of items) {
          for (const number of [quantity, unitPrice, monthly]) expect(number).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(monthly)).toBe(true);
        }
        expect(total).toBeCloseTo(
          items.reduce((sum, { monthly }) => sum + monthly, 0),
          1,
        );
        const text = JSON.stringify([items, notPriced]);
        expect(text).not.toMatch(/[$%]\{/);
        const silent = ["aws_s3_bucket", "aws_eip", "aws_vpc_endpoint", "aws_ecs_service"]; // may owe nothing
        for (const [type, named] of Object.entries(resource)) {
          if (isFree(type) || silent.includes(type)) continue;
          for (const id of Object.keys(named)) expect(text).toContain(`${type}.${id}`);
        }
        const turned = Object.fromEntries(Object.entries(resource).reverse());
        expect(estimateMonthlyCost(stackOf(turned), given)).toEqual(estimate);
      }),
      { numRuns },
    );
  });

  it("refuses any wrong option by its key", { timeout: 600_000 }, () => {
    const negative = fc.double({ max: -0.001, noNaN: true });
    const wrong = fc.oneof(
      negative.map((hours) => ({ key: "hours", given: { hours } })),
      fc.double({ min: 744.001, noNaN: true }).map((hours) => ({ key: "hours", given: { hours } })),
      fc
        .tuple(fc.constantFrom("natGb", "egressGb", "lcu", "efsGb", "customMetrics", "spotShare"), negative)
        .map(([key, amount]) => ({ key: `usage.${key}`, given: { usage: { [key]: amount } } })),
      fc
        .string({ minLength: 1 })
        .filter((key) => /^[a-z]+$/.test(key))
        .map((key) => ({ key: `usage.x${key}`, given: { usage: { [`x${key}`]: 1 } } })),
      fc.oneof(fc.string(), fc.boolean()).map((natGb) => ({ key: "usage.natGb", given: { usage: { natGb } } })),
      fc.constantFrom("x", 1, []).map((prices) => ({ key: "prices", given: { prices } })),
    );
    fc.assert(
      fc.property(wrong, ({ key, given }) => {
        const error = errorOf(() => estimateMonthlyCost({}, given as CostOptions));
        expect(error.name).toBe("InputError");
        expect(error.message).toContain(`${key}: `);
      }),
      { numRuns },
    );
  });
});
