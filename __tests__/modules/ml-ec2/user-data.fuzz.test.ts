import { TerraformOutput } from "cdktf";
import fc from "fast-check";
import { renderUserData } from "../../../modules/ml-ec2/user-data";
import type { UserDataInput } from "../../../modules/ml-ec2/user-data-schema";
import { fuzz } from "../../support/fuzz";

const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$/).map((name) => `b-${name}`);
const hex = fc.stringMatching(/^[0-9a-f]{17}$/);
/** Different devices, in any order, on folders of which none lies in another. */
const dataVolumes = fc
  .shuffledSubarray([..."fghijklmnop"])
  .map((letters) => letters.map((letter) => ({ device: `/dev/sd${letter}`, mountPoint: `/data/${letter}` })));

const valid: fc.Arbitrary<UserDataInput> = fc.record(
  {
    projectName: fc.stringMatching(/^[a-z][a-z0-9-]{0,35}[a-z0-9]$/),
    environment: fc.constantFrom("dev", "staging", "prod"),
    region: fc.constantFrom("us-east-1", "eu-central-2", "us-gov-west-1", "ap-southeast-4"),
    datasetsBucket: bucket,
    modelsBucket: bucket,
    jupyter: fc.oneof(
      fc.constant(false as const),
      fc
        .stringMatching(/^[\w/+=.@-]{1,60}$/)
        .map((name) => ({ tokenSecretArn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}` })),
    ),
    gpu: fc.boolean(),
    fleet: fc.boolean(),
    logGroup: fc.stringMatching(/^[\w./#-]{1,80}$/),
    metricsNamespace: fc.stringMatching(/^[a-z]{2,20}\/[a-z]{2,8}$/),
    workloadType: fc.constantFrom("training", "inference", "notebook"),
    frameworks: fc.shuffledSubarray(["pytorch", "tensorflow"] as ("pytorch" | "tensorflow")[]),
    tensorboard: fc.boolean(),
    listen: fc.constantFrom("loopback", "network"),
    dataVolumes,
    sharedFiles: fc.record({
      fileSystemId: hex.map((id) => `fs-${id}`),
      accessPointId: hex.map((id) => `fsap-${id}`),
      mountPoint: fc.constantFrom("/mnt/shared", "/shared", "/srv/files"),
    }),
  },
  {
    requiredKeys: [
      ...(["projectName", "environment", "region", "datasetsBucket", "modelsBucket"] as const),
      ...(["jupyter", "gpu", "fleet", "logGroup", "metricsNamespace"] as const),
    ],
  },
);

/** Texts that would be code in a shell, a template or a unit file, or that are no text at all. */
const hostile = fc.constantFrom<unknown>("", "a b", "$(id)", "`id`", "a'b", "a\nEOF\nid", "%{if}", "A;B", 7, null, {});
const invalid = fc.tuple(valid, hostile, fc.nat(9)).map(([props, value, choice]) => {
  const texts = [
    "projectName",
    "environment",
    "region",
    "datasetsBucket",
    "modelsBucket",
    "logGroup",
    "metricsNamespace",
  ];
  const text = texts[choice];
  if (text !== undefined) return { key: text, props: { ...props, [text]: value } as UserDataInput };
  const volume = { device: "/dev/sdf", mountPoint: "/data" };
  const [key, change] = (
    [
      ["dataVolumes[0].mountPoint", { dataVolumes: [{ ...volume, mountPoint: value }] }],
      ["dataVolumes[0].device", { dataVolumes: [{ ...volume, device: value }] }],
      ["jupyter.tokenSecretArn", { jupyter: { tokenSecretArn: value } }],
    ] as [string, object][]
  )[choice - texts.length] as [string, object];
  return { key, props: { ...props, ...change } as UserDataInput };
});

fuzz("user-data", { valid, invalid }, (scope, props) => {
  new TerraformOutput(scope, "script", { value: renderUserData(props) });
});
