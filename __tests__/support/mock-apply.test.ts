import { describe, expect, it } from "vitest";
import { mockTest } from "./mock-apply";
import { ref } from "./terraform-json";

const block = (attributes: object, block_types: object = {}) => ({ block: { attributes, block_types } });
const computed = (type: unknown, rest: object = {}) => ({ type, computed: true, ...rest });

const schemas = {
  "registry.terraform.io/hashicorp/aws": {
    resource_schemas: {
      aws_iam_role: block({
        arn: computed("string"),
        name: computed("string", { optional: true }),
        path: { type: "string" },
      }),
      aws_kms_key: block({ arn: computed("string"), id: computed("string"), key_id: computed("string") }),
      aws_eks_cluster: block(
        {
          arn: computed("string"),
          id: computed("string"),
          endpoint: computed("string"),
          identity: computed(["list", ["object", { oidc: ["list", ["object", { issuer: "string" }]] }]]),
          enabled: computed("bool"),
          addons: computed(["set", "string"], { optional: true }),
        },
        {
          vpc_config: {
            block: { attributes: { cluster_security_group_id: computed("string"), subnet_ids: { type: "x" } } },
          },
        },
      ),
    },
    data_source_schemas: {
      aws_availability_zones: block({ names: computed(["list", "string"]), id: computed("string") }),
      aws_caller_identity: block({ account_id: computed("string"), arn: computed("string") }),
      aws_vpc: block({
        cidr_block: computed("string"),
        owner_id: computed("string"),
        main_route_table_id: computed("string"),
      }),
    },
  },
};
const json = {
  provider: { aws: [{ region: "eu-west-1" }, { region: "us-west-2", alias: "peer" }] },
  resource: { aws_iam_role: { a: {}, b: {} }, aws_kms_key: { k: {} }, aws_eks_cluster: { c: {} } },
  data: {
    aws_availability_zones: { z: {} },
    aws_caller_identity: { me: {} },
    aws_vpc: { v: {} },
    terraform_remote_state: { other: {} },
  },
};
const test = mockTest(json, schemas);
const valuesOf = (target: string) =>
  [...test.override_resource, ...test.override_data].find((override) => override.target === target)?.values;

describe("mockTest", () => {
  it("mocks every provider, also under an alias, and applies", () => {
    expect(test.mock_provider).toEqual({ aws: [{}, { alias: "peer" }] });
    expect(test.run.applies).toEqual({ command: "apply", assert: [] });
  });
  it("makes up values for every address of the provider, and none for what is Terraform's own", () => {
    expect(test.override_resource.map(({ target }: { target: string }) => target)).toEqual([
      "aws_iam_role.a",
      "aws_iam_role.b",
      "aws_kms_key.k",
      "aws_eks_cluster.c",
    ]);
    expect(test.override_data.map(({ target }: { target: string }) => target)).toEqual([
      "data.aws_availability_zones.z",
      "data.aws_caller_identity.me",
      "data.aws_vpc.v",
    ]);
  });
  it("makes up the same each time, and another value for another address", () => {
    expect(mockTest(json, schemas)).toEqual(test);
    expect(valuesOf("aws_iam_role.a").arn).not.toBe(valuesOf("aws_iam_role.b").arn);
  });
  it("gives values the form of AWS's", () => {
    expect(valuesOf("aws_iam_role.a")).toEqual({
      arn: expect.stringMatching(/^arn:aws:iam::123456789012:role\/[0-9a-f]{17}$/),
    });
    const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(valuesOf("aws_kms_key.k")).toMatchObject({ id: uuid, key_id: uuid });
    expect(valuesOf("aws_kms_key.k").arn).toMatch(/^arn:aws:kms:eu-west-1:123456789012:[\w/]+$/);
    expect(valuesOf("data.aws_caller_identity.me")).toEqual({
      account_id: "123456789012",
      arn: "arn:aws:iam::123456789012:user/test",
    });
    expect(valuesOf("data.aws_availability_zones.z").names).toEqual([..."abcdef"].map((zone) => `eu-west-1${zone}`));
    expect(valuesOf("data.aws_vpc.v")).toEqual({
      cidr_block: "10.0.0.0/16",
      owner_id: "123456789012",
      main_route_table_id: expect.stringMatching(/^rtb-[0-9a-f]{17}$/),
    });
  });
  it("fills lists that only the provider sets, and blocks; leaves what can be given, and what has no form", () => {
    expect(valuesOf("aws_eks_cluster.c")).toEqual({
      arn: expect.stringMatching(/^arn:aws:eks:/),
      id: expect.stringMatching(/^eks-cluster-/),
      endpoint: expect.stringMatching(/^https:/),
      identity: [{ oidc: [{ issuer: expect.stringMatching(/^https:/) }] }],
      vpc_config: { cluster_security_group_id: expect.stringMatching(/^sg-[0-9a-f]{17}$/) },
    });
  });
  it("takes given values and conditions", () => {
    const told = mockTest(json, schemas, {
      overrides: { "data.aws_vpc.v": { cidr_block: "10.9.0.0/16" } },
      asserts: { "has a role": 'aws_iam_role.a.arn != ""' },
    });
    expect(told.override_data[2].values).toMatchObject({ cidr_block: "10.9.0.0/16", owner_id: "123456789012" });
    expect(told.run.applies.assert).toEqual([
      { error_message: "has a role", condition: ref('aws_iam_role.a.arn != ""') },
    ]);
  });
});
