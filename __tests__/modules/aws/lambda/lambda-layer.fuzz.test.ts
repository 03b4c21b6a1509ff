import { resolve } from "node:path";
import fc from "fast-check";
import { LambdaLayer, type LambdaLayerProps } from "../../../../modules/aws/lambda/lambda-layer";
import { broken, fuzz } from "../../../support/fuzz";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const TOPIC = { arn: "arn:aws:sns:us-east-1:111122223333:alerts" };
const optional = { requiredKeys: [] };
const valid: fc.Arbitrary<LambdaLayerProps> = fc.record(
  {
    name: fc.stringMatching(/^[a-z][a-z0-9]{0,10}(-[a-z0-9]{1,10}){1,3}$/),
    packageDir: fc.constant(resolve("assets/receipts-package")),
    topic: fc.constantFrom(TOPIC, { ...TOPIC, keyArn: KEY }),
    pythonVersions: fc.shuffledSubarray(["3.11", "3.12", "3.13"] as const, { minLength: 1 }),
    architectures: fc.shuffledSubarray(["arm64", "x86_64"] as const, { minLength: 1 }),
    description: fc.string({ maxLength: 150 }),
    forceRebuild: fc.boolean(),
    versionsKept: fc.integer({ min: 1, max: 100 }),
    version: fc.integer({ min: 1, max: 1_000_000 }),
    permissions: fc.record(
      {
        accountIds: fc.uniqueArray(fc.stringMatching(/^\d{12}$/), { maxLength: 50 }),
        organizationId: fc.stringMatching(/^o-[a-z0-9]{10,32}$/),
      },
      optional,
    ),
    update: fc.record(
      { timeoutSeconds: fc.integer({ min: 10, max: 900 }), memory: fc.integer({ min: 128, max: 10_240 }) },
      optional,
    ),
    kmsKeyArn: fc.constant(KEY),
    codebuild: fc.record(
      {
        timeoutMinutes: fc.integer({ min: 5, max: 2160 }),
        queuedTimeoutMinutes: fc.integer({ min: 5, max: 480 }),
        logRetentionDays: fc.constantFrom(0, 7, 30),
      },
      optional,
    ),
    logLevel: fc.constantFrom("ALL", "ERROR", "FATAL"),
    logData: fc.boolean(),
    tracing: fc.boolean(),
    logRetentionDays: fc.constantFrom(0, 1, 30, 3653),
    logKmsKeyArn: fc.constant(KEY),
  },
  { requiredKeys: ["name", "packageDir"] },
) as fc.Arbitrary<LambdaLayerProps>;
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "a", "Receipts", "a b", "x".repeat(51)],
  ["packageDir", undefined, null, "", "assets/none", "assets/receipts-package/README.md", "assets/lambda-layer"],
  ["topic", null, {}, "arn"],
  ["pythonVersions", [], ["3.12", "3.12"], "3.13", null],
  ["pythonVersions[0]", "3.9", 3.13, null],
  ["architectures", [], ["arm64", "arm64"], "arm64", null],
  ["architectures[0]", "aarch64", null],
  ["description", "x".repeat(151), 5, null],
  ["forceRebuild", "yes", 1, null],
  ["versionsKept", 0, 101, 1.5, "5", null],
  ["version", 0, 1_000_001, 1.5, "1", null],
  ["permissions", [], "all", null],
  ["permissions.accountIds", ["111122223333", "111122223333"], "111122223333", null],
  ["permissions.accountIds[0]", "1", 111122223333, null],
  ["permissions.organizationId", "mine", "o-A1B2C3D4E5", "", null],
  ["update", 300, null],
  ["update.timeoutSeconds", 9, 901, 10.5, null],
  ["update.memory", 127, 10_241, null],
  ["kmsKeyArn", "", "alias/a", null],
  ["codebuild", "small", null],
  ["codebuild.timeoutMinutes", 4, 2161, null],
  ["codebuild.alertTopicArn", TOPIC.arn],
  ["logLevel", "OFF", null],
  ["logData", 1, null],
  ["tracing", "on", null],
  ["logRetentionDays", 2, null],
  ["logKmsKeyArn", "alias/a", null],
  ["runtime", "python3.13"],
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  // an array may have more than the wrong one
  .map(([props, [path, value]]) =>
    path.endsWith("[0]") ? broken({ ...props, ...emptied(path) }, path, value) : broken(props, path, value),
  );

/** Settings in which the list of a path is there and empty. */
function emptied(path: string): Partial<LambdaLayerProps> {
  const [key, inner] = path.replace("[0]", "").split(".");
  return inner === undefined ? { [key as string]: [] } : { [key as string]: { [inner]: [] } };
}

fuzz("test/layer", { valid, invalid }, (stack, props) => new LambdaLayer(stack, "layer", props), 0.3);
