import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings, reviewOf } from "../../stacks/environment";

const settings: EnvironmentSettings = { name: "test", region: "us-west-2" };
const linesOf = (change: object) => reviewOf(defineEnvironment({ ...settings, ...change })).lines;

it("fills in local state, no tags and no system", () => {
  expect(defineEnvironment(settings)).toEqual({
    ...settings,
    state: { kind: "local", directory: "state" },
    tags: {},
    offeredTypes: [],
  });
});
it("gives ExaDeploy a default network and cluster, no backend, no peers", () => {
  const expected = { network: {}, cluster: {}, deployerIsAdministrator: false, peers: {} };
  expect(defineEnvironment({ ...settings, exadeploy: {} }).exadeploy).toEqual(expected);
});
it.each([
  { name: "ab" },
  { name: "a".repeat(16) },
  { name: "eu-prod-2" },
  { region: "ap-southeast-5" },
  { account: "123456789012" },
  { state: { kind: "s3", bucket: "a2c" } },
  { state: { kind: "s3", bucket: `a${"b".repeat(62)}`, region: "eu-west-1", kmsKeyId: "alias/x" } },
  { state: { kind: "s3", bucket: "abc", kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/x" } },
  { state: { kind: "local", directory: "elsewhere" } },
  { tags: { Team: "ml" } },
  { tags: { "team/name of": "x", costCenter: "y" } },
  { tags: { "team.name": "x", CostCenter: "y", Costs: "z" }, mlEc2: {} },
  { offeredTypes: ["m9g.large"] },
  { exadeploy: { peers: { "a-1": { vpcId: "vpc-1", cidrs: [], routeTables: [] } } } },
])("accepts %j", (change) => {
  expect(defineEnvironment({ ...settings, ...change } as EnvironmentSettings)).toMatchObject(change);
});

describe("refuses", () => {
  it.each<[object, ...string[]]>([
    [{ name: "a" }, "a: name: must have 2 to 16 lower-case letters", 'got "a"'],
    [{ name: "a".repeat(17) }, "name: must have 2 to 16"],
    [{ name: "Dev" }, "name: ", 'got "Dev"'],
    [{ name: "a--b" }, "name: "],
    [{ name: "dev-" }, "name: "],
    [{ name: undefined }, "an environment without a name: name: is required"],
    [{ region: "west" }, "test: region: must be an AWS region such as us-west-2", 'got "west"'],
    [{ region: undefined }, "region: is required"],
    [{ account: "12345678901" }, "account: must be an AWS account number of 12 digits", '"12345678901"'],
    [{ account: 123456789012 }, "account: must be of type string, got 123456789012"],
    [{ state: { kind: "gcs" } }, "state.kind: must be one of local, s3", 'got "gcs"'],
    [{ state: { kind: "local", directory: "" } }, "state.directory: must have at least 1 characters"],
    [{ state: { kind: "s3" } }, "state.bucket: is required"],
    [{ state: { kind: "s3", bucket: "ab" } }, "state.bucket: must have 3 to 63", 'got "ab"'],
    [{ state: { kind: "s3", bucket: "a".repeat(64) } }, "state.bucket: must have 3 to 63"],
    [{ state: { kind: "s3", bucket: "my.bucket" } }, "state.bucket: "],
    [{ state: { kind: "s3", bucket: "-abc" } }, "state.bucket: "],
    [{ state: { kind: "s3", bucket: "abc", kmsKeyId: "my-key" } }, "state.kmsKeyId: must be a KMS key ARN or an alias"],
    [{ state: { kind: "s3", bucket: "abc", regoin: "x" } }, "state.regoin: unknown key; did you mean region?"],
    [{ state: { kind: "s3", bucket: "abc", region: "x" } }, "state.region: must be an AWS region"],
    [{ tags: { Environment: "x" } }, "tags.Environment: is set by every stack; choose another key"],
    [{ tags: { "aws:x": "y" } }, "tags.aws:x: ", "must not begin with aws:"],
    [{ tags: { a: "v".repeat(257) } }, "tags.a: must have at most 256 characters, got 257"],
    [{ tags: { a: 1 } }, "tags.a: must be of type string, got 1"],
    [{ tags: { a: "x,y" } }, "tags.a: must have letters, digits, blanks and _.:/=+-@ only", '"x,y"'],
    [{ tags: { costCenter: "x" }, mlEc2: {} }, "tags.costCenter: must be spelt CostCenter"],
    [{ mlEc2: { owner: "a,b" } }, "mlEc2.owner: must have letters, digits, blanks and _.:/=+-@ only"],
    [{ exadeplpy: {} }, "exadeplpy: unknown key; did you mean exadeploy?"],
    [{ exadeploy: { clusters: {} } }, "exadeploy.clusters: unknown key; did you mean cluster?"],
    [{ exadeploy: { network: [] } }, "exadeploy.network: must be an object of settings"],
    [{ exadeploy: { cluster: "big" } }, "exadeploy.cluster: must be an object of settings"],
    [{ exadeploy: { peers: { A: {} } } }, "exadeploy.peers.A: ", "must have 1 to 32 lower-case letters"],
    [{ exadeploy: { peers: { a: 1 } } }, "exadeploy.peers.a: must be an object of settings, got 1"],
  ])("%j", (change, ...words) => {
    const message = linesOf(change).join("\n");
    for (const word of words) expect(message).toContain(word);
  });
  it("all faults of a file at once", () => {
    expect(linesOf({ region: "x", account: "y", stat: {} })).toEqual([
      'test: region: must be an AWS region such as us-west-2, got "x"',
      'test: account: must be an AWS account number of 12 digits, got "y"',
      "test: stat: unknown key; did you mean state?",
    ]);
  });
  it("something that is no object", () => {
    expect(reviewOf(defineEnvironment(null as never)).lines).toEqual([
      "an environment without a name: props: must be of type object, got null",
    ]);
  });
});

describe("keeps", () => {
  it("nothing of right settings to say", () => {
    const right = defineEnvironment(settings);
    expect(reviewOf(right)).toEqual({ lines: [], sound: right });
  });
  it("the systems that are right beside one that is not, with their defaults", () => {
    const { sound } = reviewOf(defineEnvironment({ ...settings, mlEc2: {}, fossa: { egress: "x" as "nat-gateway" } }));
    expect(sound).toMatchObject({ name: "test", mlEc2: { owner: "ml-team" } });
    expect(sound).not.toHaveProperty("fossa");
  });
  it("none of them where what all stacks need is wrong", () => {
    expect(reviewOf(defineEnvironment({ ...settings, region: "west", mlEc2: {} })).sound).toBeUndefined();
  });
});
