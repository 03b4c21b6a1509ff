import fc from "fast-check";
import { fuzz, type Wrong } from "../../support/fuzz";
import { Data, type DataSettings, replicaProvider } from "./data.fixture";

const bool = fc.boolean();
const regions = ["eu-central-1", "us-west-2", "us-gov-west-1", "ap-southeast-7"];
const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}$/);
const subject = fc
  .tuple(word, word, fc.constantFrom("*", "ref:refs/heads/main", "environment:prod", "ref:refs/tags/v?.*"))
  .map(([org, name, rest]) => `repo:${org}/${name}:${rest}`);

const projectName = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,31}[a-z0-9]$/)
  .filter((name) => !/^(xn--|sthree-|amzn-s3-demo-)/.test(name));
const lifecycle = fc
  .tuple(fc.integer({ min: 30, max: 3649 }), fc.integer({ min: 1, max: 3000 }), bool)
  .map(([s3LifecycleDays, more, expire]) => ({
    s3LifecycleDays,
    ...(expire ? { s3ExpireDays: Math.min(3650, s3LifecycleDays + more) } : {}),
  }));
const options = fc.record(
  {
    projectName,
    s3Encryption: fc.constantFrom("AES256", "aws:kms"),
    s3ForceDestroy: bool,
    s3Events: bool,
    s3AccessLogsBucket: fc.constant("my-logs"),
    audit: fc.record(
      { retentionDays: fc.integer({ min: 30, max: 3650 }), events: fc.constantFrom("All", "ReadOnly", "WriteOnly") },
      { requiredKeys: [] },
    ),
    logArchive: fc.record({ retentionDays: fc.integer({ min: 1, max: 3650 }) }, { requiredKeys: [] }),
    jupyterTokenVersion: fc.integer({ min: 1, max: 1_000_000 }),
    ciRole: fc.record(
      {
        provider: fc.constant("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"),
        subjects: fc.array(subject, { minLength: 1, maxLength: 20 }),
        audience: word,
        access: fc.constantFrom("read", "read-write"),
      },
      { requiredKeys: ["subjects"] },
    ),
  },
  { requiredKeys: [] },
);
const replication = fc.oneof(
  fc.record({ s3Versioning: bool }, { requiredKeys: [] }),
  fc.record({
    replication: fc.record(
      {
        region: fc.constantFrom(...regions),
        storageClass: fc.constantFrom("STANDARD", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE"),
        deleteMarkers: bool,
      },
      { requiredKeys: ["region"] },
    ),
  }),
);
const valid = fc
  .tuple(options, fc.oneof(fc.constant({}), lifecycle), replication)
  .map((parts) => Object.assign({}, ...parts) as DataSettings);

const region = "us-west-2";
const main = "repo:acme/models:ref:refs/heads/main";
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...["xn--a", "sthree-a", "amzn-s3-demo-a"].map((projectName) => ["projectName", { projectName }] as const),
  ...["Enabled", 1, null].map((s3Versioning) => ["s3Versioning", { s3Versioning }] as const),
  ["s3Versioning", { s3Versioning: false, replication: { region } }],
  ...["none", "aws:kms:dsse", true, null].map((s3Encryption) => ["s3Encryption", { s3Encryption }] as const),
  ...[29, 0, -1, 3651, 30.5, Number.NaN, "90", null].map(
    (s3LifecycleDays) => ["s3LifecycleDays", { s3LifecycleDays, s3ExpireDays: undefined }] as const,
  ),
  ...[30, 3651, 99.5, "365", null].map((s3ExpireDays) => ["s3ExpireDays", { s3ExpireDays }] as const),
  ["s3ExpireDays", { s3LifecycleDays: 200, s3ExpireDays: 200 }],
  ["s3ExpireDays", { s3LifecycleDays: undefined, s3ExpireDays: 90 }],
  ...["yes", 1, null].map((s3ForceDestroy) => ["s3ForceDestroy", { s3ForceDestroy }] as const),
  ...[true, null, "us-west-2", []].map((replication) => ["replication", { replication }] as const),
  ...["", "west", "us-east", "US-EAST-1", "us-east-1a", 7, undefined].map(
    (region) => ["replication.region", { replication: { region } }] as const,
  ),
  ["replication.storageClass", { replication: { region, storageClass: "REDUCED_REDUNDANCY" } }],
  ["replication.deleteMarkers", { replication: { region, deleteMarkers: "Enabled" } }],
  ["replication.bucket", { replication: { region, bucket: "x" } }],
  ["replication.region", { replication: { region: "us-east-1" } }],
  ...[true, null, 365].map((audit) => ["audit", { audit }] as const),
  ...[29, 3651, 30.5, "90"].map((retentionDays) => ["audit.retentionDays", { audit: { retentionDays } }] as const),
  ["audit.events", { audit: { events: "all" } }],
  ["audit.kmsKeyArn", { audit: { kmsKeyArn: "x" } }],
  ...[true, null].map((logArchive) => ["logArchive", { logArchive }] as const),
  ...[0, 3651, 1.5, "1"].map((days) => ["logArchive.retentionDays", { logArchive: { retentionDays: days } }] as const),
  ...[0, -1, 1.5, "1", null, 1e9].map((version) => ["jupyterTokenVersion", { jupyterTokenVersion: version }] as const),
  ...[{}, { subjects: [] }, { subjects: main }].map((ciRole) => ["ciRole.subjects", { ciRole }] as const),
  ...[
    "*",
    "",
    "repo:*",
    "repo:acme/*",
    "repo:*/models:*",
    "repo:acme/models",
    "acme/models:*",
    "refs/heads/main",
    7,
  ].map((subject) => ["ciRole.subjects[1]", { ciRole: { subjects: [main, subject] } }] as const),
  ...["github", "arn:aws:iam::1:oidc-provider/a", 7, null].map(
    (provider) => ["ciRole.provider", { ciRole: { subjects: [main], provider } }] as const,
  ),
  ["ciRole.access", { ciRole: { subjects: [main], access: "admin" } }],
  ["ciRole.audience", { ciRole: { subjects: [main], audience: "" } }],
  ["s3Bucket", { s3Bucket: "x" }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([settings, [key, broken]]): Wrong<DataSettings> => ({ key, props: { ...settings, ...broken } }));

fuzz("test/data", { valid, invalid }, (stack, settings) => {
  const region: unknown = settings.replication?.region;
  const provider = typeof region === "string" ? { replicaProvider: replicaProvider(stack, region) } : {};
  return new Data(stack, "data", { ...provider, ...settings });
});
