import { expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings, reviewOf } from "../../stacks/environment";

const ID = "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const arn = (service: string, resource: string, region = "us-west-2", account = "111122223333") =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
const certificate = (...place: [region?: string, account?: string]) => arn("acm", `certificate/${ID}`, ...place);
const key = (...place: [region?: string, account?: string]) => arn("kms", `key/${ID}`, ...place);
const machines = (settings: object) => ({ mlEc2: { machines: settings, owner: "a", costCenter: "b" } });

const linesOf = (systems: object): readonly string[] => {
  const settings = { name: "dev", region: "us-west-2", account: "111122223333", ...systems };
  return reviewOf(defineEnvironment(settings as EnvironmentSettings)).lines;
};

it.each<[string, object, string]>([
  [
    "a certificate",
    { dask: { loadBalancing: { certificateArn: certificate("eu-west-1") } } },
    `dev: dask.loadBalancing.certificateArn: must be of the region us-west-2, as AWS takes certificates of no other, got ${certificate("eu-west-1")}`,
  ],
  [
    "a certificate of us-east-1, which only CloudFront uses",
    { fossa: { gateway: { tls: { certificateArn: certificate("us-east-1") } } } },
    "dev: fossa.gateway.tls.certificateArn: must be of the region us-west-2, as AWS takes certificates",
  ],
  [
    "a key",
    { exadeploy: { cluster: { kmsKeyArn: key("eu-west-1") } } },
    "dev: exadeploy.cluster.kmsKeyArn: must be of the region us-west-2, as AWS takes keys of no other",
  ],
  [
    "a topic in a list",
    { dask: { container: { cluster: { sweeper: { alarmTopicArns: [arn("sns", "alerts", "eu-west-1")] } } } } },
    "dev: dask.container.cluster.sweeper.alarmTopicArns[0]: must be of the region us-west-2, as AWS takes topics of alarms",
  ],
  [
    "a certificate of another account",
    { dask: { loadBalancing: { certificateArn: certificate("us-west-2", "444455556666") } } },
    "dev: dask.loadBalancing.certificateArn: must be of the account 111122223333, as AWS takes it of no other",
  ],
])("refuses %s of elsewhere", (_, systems, line) => {
  const lines = linesOf(systems);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(line);
});

it("refuses a SAML provider of another account", () => {
  const provider = (account: string) => `arn:aws:iam::${account}:saml-provider/staff`;
  const vpn = (account: string) => ({
    dask: {
      vpn: {
        serverCertificateArn: certificate(),
        samlProviderArn: provider(account),
        groups: { staff: { id: "staff" } },
      },
    },
  });
  expect(linesOf(vpn("111122223333"))).toEqual([]);
  expect(linesOf(vpn("444455556666"))).toEqual([
    `dev: dask.vpn.samlProviderArn: must be of the account 111122223333, as AWS takes it of no other, got ${provider("444455556666")}`,
  ]);
});

it("takes a certificate of CloudFront's from us-east-1 only, and of the account", () => {
  const site = (...place: [region?: string, account?: string]) => ({
    portfolio: {
      domain: { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" },
      website: { certificateArn: certificate(...place) },
    },
  });
  expect(linesOf(site("us-east-1"))).toEqual([]);
  expect(linesOf(site("us-west-2"))).toEqual([
    expect.stringContaining(
      "dev: portfolio.website.certificateArn: must be in us-east-1, where CloudFront looks for it",
    ),
  ]);
  expect(linesOf(site("us-east-1", "444455556666"))).toEqual([
    expect.stringContaining("dev: portfolio.website.certificateArn: must be of the account 111122223333"),
  ]);
});
it.each<[string, object]>([
  ["a certificate of the region", { dask: { loadBalancing: { certificateArn: certificate() } } }],
  [
    "a key of another account, which may be shared",
    { exadeploy: { cluster: { kmsKeyArn: key("us-west-2", "444455556666") } } },
  ],
  [
    "any account where the environment names none",
    { account: undefined, dask: { loadBalancing: { certificateArn: certificate("us-west-2", "444455556666") } } },
  ],
  [
    "a key of the region that its settings name",
    {
      exadeploy: {
        kube: {
          platform: {
            prometheus: { remoteWrite: { kind: "amazon", region: "eu-west-1", kmsKeyArn: key("eu-west-1") } },
          },
        },
      },
    },
  ],
  [
    "a bucket, whose ARN says no region",
    { dask: { container: { cluster: { buckets: { lake: { bucketArn: "arn:aws:s3:::lake" } } } } } },
  ],
  [
    "a secret of another region, which ECS reads",
    {
      dask: {
        agent: {
          api: {
            url: "https://prefect.example.com/api",
            authStringSecretArn: arn("secretsmanager", "secret:auth-Ab12Cd", "eu-west-1"),
          },
          workers: [{ name: "a", workPool: "a" }],
        },
      },
    },
  ],
])("takes %s", (_, systems) => {
  expect(linesOf(systems)).toEqual([]);
});
it("asks ml-ec2's copies nothing of the environment's region", () => {
  expect(linesOf(machines({ s3Versioning: true, replication: { region: "us-east-1" } }))).toEqual([]);
});
