import fc from "fast-check";
import { ImageBuild, type ImageBuildProps } from "../../../../modules/aws/image-build/image-build";
import { fuzz, type Wrong } from "../../../support/fuzz";
import { imageFolder, KMS_KEY, REPOSITORY, TOPIC } from "./image-build.fixture";

const folders = [imageFolder(), imageFolder({ "a b/ü.txt": "x", "run.sh": "#!/bin/sh" })];
const name = fc.stringMatching(/^[a-w][a-z0-9-]{1,60}$/).filter((text) => !/^(sthree-|amzn-s3-demo-)/.test(text));
const optional = <T>(keys: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(keys, { requiredKeys: [] });
const ecsName = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const cache = { image: (path: string) => `cache/${path}`, pullStatements: [] };

const architecture = fc.constantFrom("X86_64", "ARM64") as fc.Arbitrary<"X86_64" | "ARM64">;
const deploys = fc.record(
  {
    clusterName: ecsName,
    serviceName: ecsName,
    roleNames: fc.array(fc.stringMatching(/^[a-z-]{4,40}\*?$/), { minLength: 1, maxLength: 10 }),
  },
  { requiredKeys: ["clusterName", "serviceName"] },
);
const codebuild = optional({
  computeType: fc.constantFrom("BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE"),
  timeoutMinutes: fc.integer({ min: 5, max: 2160 }),
  queuedTimeoutMinutes: fc.integer({ min: 5, max: 480 }),
  logRetentionDays: fc.constantFrom(1, 7, 30, 3653),
  logKmsKeyArn: fc.constant(KMS_KEY),
  alertTopicArn: fc.constant(TOPIC),
});
const warm = fc.record({
  cache: fc.constant(cache),
  images: fc.array(fc.stringMatching(/^[a-z]{1,10}\/[a-z]{1,10}:[0-9]{1,3}$/), { minLength: 1, maxLength: 20 }),
});
const files = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,9}(\/[a-z]{1,9}){0,2}\.mjs$/),
  fc.uint8Array({ maxLength: 50 }),
  { maxKeys: 4 },
);
const source = { files, name, folder: fc.constantFrom(...folders), repository: fc.constant(REPOSITORY) };
const common = { architecture, deploys, kmsKeyArn: fc.constant(KMS_KEY) };
const requiredKeys = ["name", "folder", "repository"] as const;

const built = fc.record(
  { ...source, ...common, codebuild, warm, method: fc.constant("codebuild") },
  { requiredKeys: [...requiredKeys] },
);
const onHost = fc.record(
  { ...source, ...common, method: fc.constant("host") },
  { requiredKeys: [...requiredKeys, "method"] },
);
const given = fc.record(
  {
    name,
    method: fc.constant("prebuilt"),
    architecture,
    image: fc.constantFrom("quay.io/a/b:1", `a/b@sha256:${"0f".repeat(32)}`, "localhost:5000/a:1"),
  },
  { requiredKeys: ["name", "method", "image"] },
);
const valid = fc.oneof(built, onHost, given) as fc.Arbitrary<ImageBuildProps>;

const wrong: Record<string, fc.Arbitrary<unknown>> = {
  name: fc.constantFrom(undefined, "", "a", "A b", "-a", "xn--a", "a".repeat(101), 5),
  method: fc.constantFrom("docker", "", null, 1),
  folder: fc.constantFrom("", "/nowhere/at/all", __filename, 5, null),
  repository: fc.constantFrom("fossa", {}, null, 5, { repositoryUrl: "a", repositoryArn: "b" }),
  architecture: fc.constantFrom("x86", "arm64", "", null),
  image: fc.constantFrom("", "a", "a:latest", "a b:1", "a:main", 5, null),
  kmsKeyArn: fc.constantFrom("", "alias/a", 5, null),
  files: fc.constantFrom(1, "a", null, []),
  unknown: fc.constantFrom(1, "a", {}),
};
const inside: Record<string, [key: string, arbitrary: fc.Arbitrary<unknown>]> = {
  "files.../a": ["files", fc.uint8Array().map((bytes) => ({ "../a": bytes }))],
  "files.Dockerfile": ["files", fc.uint8Array().map((bytes) => ({ Dockerfile: bytes }))],
  "deploys.clusterName": [
    "deploys",
    fc.constantFrom("", "a b", "a".repeat(256), 5).map((clusterName) => ({ clusterName, serviceName: "a" })),
  ],
  "deploys.roleNames[0]": [
    "deploys",
    fc.constantFrom("*", "a*b", "").map((role) => ({ clusterName: "a", serviceName: "a", roleNames: [role] })),
  ],
  "codebuild.timeoutMinutes": [
    "codebuild",
    fc
      .oneof(fc.integer({ max: 4 }), fc.integer({ min: 2161 }), fc.constant(5.5))
      .map((timeoutMinutes) => ({ timeoutMinutes })),
  ],
  "codebuild.queuedTimeoutMinutes": [
    "codebuild",
    fc
      .oneof(fc.integer({ max: 4 }), fc.integer({ min: 481 }))
      .map((queuedTimeoutMinutes) => ({ queuedTimeoutMinutes })),
  ],
  "codebuild.logRetentionDays": [
    "codebuild",
    fc.constantFrom(4, 2, 31, -1).map((logRetentionDays) => ({ logRetentionDays })),
  ],
  "codebuild.alertTopicArn": [
    "codebuild",
    fc.constantFrom("", "a", "arn:aws:sqs:us-east-1:111122223333:a").map((alertTopicArn) => ({ alertTopicArn })),
  ],
  "warm.images": ["warm", fc.constant({ cache, images: [] })],
  "warm.cache": ["warm", fc.constantFrom(1, "a", {}, null).map((other) => ({ cache: other, images: ["a/b:1"] }))],
};
/** Keys that another method needs, or has no use for. */
const misplaced = fc.oneof(
  fc
    .tuple(given, fc.constantFrom("folder", "files", "repository", "deploys", "kmsKeyArn", "codebuild", "warm"))
    .chain(([props, key]) =>
      ({ ...source, ...common, codebuild, warm })[key as "folder"].map((value) => ({
        key,
        props: { ...props, [key]: value },
      })),
    ),
  fc
    .tuple(onHost, fc.constantFrom("codebuild", "warm"))
    .chain(([props, key]) =>
      ({ codebuild, warm })[key as "warm"].map((value) => ({ key, props: { ...props, [key]: value } })),
    ),
  fc
    .tuple(fc.oneof(built, onHost), fc.constantFrom("folder", "repository"))
    .map(([props, key]) => ({ key, props: { ...props, [key]: undefined } })),
  given.map((props) => ({ key: "image", props: { ...props, image: undefined } })),
  built.map((props) => ({ key: "image", props: { ...props, image: "quay.io/a/b:1" } })),
);
const broken = fc.oneof(
  fc
    .tuple(valid, fc.constantFrom(...Object.keys(wrong)))
    .chain(([props, key]) =>
      (wrong[key] as fc.Arbitrary<unknown>).map((value) => ({ key, props: { ...props, [key]: value } })),
    ),
  fc.tuple(built, fc.constantFrom(...Object.keys(inside))).chain(([props, path]) => {
    const [key, values] = inside[path] as (typeof inside)[string];
    return values.map((value) => ({ key: path, props: { ...props, [key]: value } }));
  }),
  misplaced,
) as fc.Arbitrary<Wrong<ImageBuildProps>>;

fuzz("test/image", { valid, invalid: broken }, (stack, props) => new ImageBuild(stack, "image", props));
