import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { DataAwsEcrImage } from "@cdktf/provider-aws/lib/data-aws-ecr-image";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { TerraformOutput, type TerraformStack, TerraformVariable } from "cdktf";
import { describe, expect, it } from "vitest";
import { ImageRepository } from "../../../../modules/aws/ecr/image-repository";
import { PullThroughCache } from "../../../../modules/aws/ecr/pull-through-cache";
import { ImageBuild, type ImageBuildProps, imageTag } from "../../../../modules/aws/image-build/image-build";
import { folderDigest } from "../../../../modules/common/bundling/folder";
import { type BadInput, errorOf, rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";
import { imageFolder, KMS_KEY, REPOSITORY, TOPIC } from "./image-build.fixture";

const FOLDER = imageFolder();
const DIGEST = `sha256:${"0f".repeat(32)}`;
const publish = (stack: TerraformStack, made: ImageBuild) => {
  new TerraformOutput(stack, "uri", { value: made.imageUri, staticId: true });
  new TerraformOutput(stack, "tag", { value: made.tag, staticId: true });
  if (made.build.kind !== "host") return;
  new TerraformOutput(stack, "statements", { value: made.build.statements, staticId: true });
};
const build = (props: Partial<ImageBuildProps> = {}) =>
  synth((stack) => {
    const repository = new ImageRepository(stack, "repository", { name: "fossa" });
    publish(stack, new ImageBuild(stack, "image", { name: "dev-fossa", folder: FOLDER, repository, ...props }));
  });
const alone = (props: ImageBuildProps) => synth((stack) => publish(stack, new ImageBuild(stack, "image", props)));
const prebuilt = (image: string) => alone({ name: "dev-fossa", method: "prebuilt", image });
const tagOf = (props: Partial<ImageBuildProps> = {}): string => build(props).outputs.tag.value;
const policies = (props: Partial<ImageBuildProps> = {}): Record<string, Json[]> =>
  Object.fromEntries(
    build(props)
      .all(IamRolePolicy)
      .map(({ name, policy }) => [name, JSON.parse(policy).Statement]),
  );
const variables = (props: Partial<ImageBuildProps> = {}): Record<string, string> =>
  Object.fromEntries(
    build(props)
      .one(CodebuildProject)
      .environment.environment_variable.map(({ name, value }: Json) => [name, value]),
  );

describe("the tag", () => {
  it("is the digest of the folder, and the architecture", () => {
    expect(tagOf()).toBe(`${folderDigest(FOLDER)}-amd64`);
    expect(tagOf({ architecture: "X86_64" })).toBe(tagOf());
    expect(tagOf({ architecture: "ARM64" })).toBe(`${folderDigest(FOLDER)}-arm64`);
    expect(imageTag("0f", "ARM64")).toBe("0f-arm64");
    expect(tagOf()).toMatch(/^[0-9a-f]{16}-amd64$/);
  });
  it("is another after a change in the folder, and not after a touch", () => {
    const folder = imageFolder();
    expect(tagOf({ folder })).toBe(tagOf());
    utimesSync(join(folder, "Dockerfile"), 1, 1);
    expect(tagOf({ folder })).toBe(tagOf());
    writeFileSync(join(folder, "app", "main.py"), "#");
    expect(tagOf({ folder })).not.toBe(tagOf());
  });
  it("counts files that are made as if they lay in the folder, in any order", () => {
    const [a, b] = [Buffer.from("a"), new Uint8Array([98])];
    const beside = imageFolder({ "app/a.mjs": "a", constructor: "b" });
    expect(tagOf({ files: { constructor: b, "app/a.mjs": a } })).toBe(tagOf({ folder: beside }));
    expect(tagOf({ files: { "app/a.mjs": a, constructor: b } })).toBe(tagOf({ folder: beside }));
    expect(tagOf({ files: { "app/a.mjs": b } })).not.toBe(tagOf({ files: { "app/a.mjs": a } }));
    expect(tagOf({ folder: imageFolder({ constructor: "b" }), files: { "app/a.mjs": a } })).toBe(
      tagOf({ folder: beside }),
    );
    expect(tagOf({ files: {} })).toBe(tagOf());
  });
  it("is the same whoever builds", () => {
    expect(tagOf({ method: "host" })).toBe(tagOf({ method: "codebuild" }));
  });
});

describe("the URI", () => {
  it("is the repository's with the tag, known without an image", () => {
    for (const method of ["codebuild", "host"] as const) {
      const { outputs, data } = build({ method });
      expect(outputs.uri.value).toMatch(new RegExp(`^\\$\\{aws_ecr_repository\\.\\w+\\.repository_url\\}:${tagOf()}$`));
      expect(data(DataAwsEcrImage)).toEqual([]);
    }
  });
  it("is of a repository that exists, too", () => {
    const { outputs } = alone({ name: "dev-fossa", folder: FOLDER, repository: REPOSITORY });
    expect(outputs.uri.value).toBe(`${REPOSITORY.repositoryUrl}:${tagOf()}`);
  });
  it.each([
    ["public.ecr.aws/org/worker:1.2.3", "1.2.3"],
    [`quay.io/org/worker@${DIGEST}`, DIGEST],
    [`quay.io/org/worker:latest@${DIGEST}`, "latest"],
  ])("is the image given: %s, and nothing is made", (image, tag) => {
    const { outputs, parsed } = prebuilt(image);
    expect(outputs.uri.value).toBe(image);
    expect(outputs.tag.value).toBe(tag);
    expect(parsed).not.toHaveProperty("resource");
    expect(parsed).not.toHaveProperty("data");
  });
  it("may be one that is known only later", () => {
    const { outputs } = synth((stack) => {
      const image = new TerraformVariable(stack, "given", { type: "string" }).stringValue;
      publish(stack, new ImageBuild(stack, "image", { name: "dev-fossa", method: "prebuilt", image }));
    });
    expect(outputs.uri.value).toBe("$" + "{var.given}");
    expect(outputs.tag.value).toBe("");
  });
  it.each(["codebuild", "host"] as const)("never says latest (%s)", (method) => {
    expect(build({ method }).json).not.toContain(":latest");
  });
});

describe("codebuild", () => {
  it("is who builds by default: privileged, told of repository and region, for x86", () => {
    const { one, json } = build();
    expect(build({ method: "codebuild" }).json).toBe(json);
    expect(one(CodebuildProject).environment).toMatchObject({ privileged_mode: true, type: "LINUX_CONTAINER" });
    expect(variables()).toEqual({
      REPOSITORY_URL: refTo(EcrRepository, "repository_url"),
      REPOSITORY_NAME: refTo(EcrRepository, "name"),
      AWS_DEFAULT_REGION: expect.stringMatching(/^\$\{data\.aws_region\.\w+\.id\}$/),
      IMAGE_TAG: tagOf(),
      PLATFORM: "linux/amd64",
    });
    expect(one(SchedulerSchedule).name).toBe(`dev-fossa-${tagOf()}`);
    expect(one(S3Object).key).toBe(`image/${tagOf()}.zip`);
  });
  it("builds for ARM on ARM where asked", () => {
    expect(build({ architecture: "ARM64" }).one(CodebuildProject).environment.type).toBe("ARM_CONTAINER");
    expect(variables({ architecture: "ARM64" }).PLATFORM).toBe("linux/arm64");
  });
  it("pushes to that repository only, and does nothing everywhere but get a password", () => {
    const found = policies();
    expect(Object.keys(found).sort()).toEqual(["log", "push", "source", "start"]);
    const everywhere = Object.values(found)
      .flat()
      .filter(({ Resource }) => [Resource].flat().includes("*"));
    expect(everywhere.map(({ Action }) => Action)).toEqual(["ecr:GetAuthorizationToken"]);
    expect(JSON.stringify(found)).not.toContain("ecr:*");
    const push = found.push?.find(({ Action }) => Action.includes("ecr:PutImage"));
    expect(push.Resource).toEqual(refTo(EcrRepository, "arn"));
  });
  it("has one project more than nothing when a file is added in another order", () => {
    const one = imageFolder({ b: "b", a: "a" });
    const other = imageFolder({ a: "a", b: "b" });
    expect(build({ folder: one }).json).toBe(build({ folder: other }).json);
  });
  it("starts a service anew where asked, and may do that only", () => {
    const deploys = { clusterName: "dev", serviceName: "worker" };
    expect(variables({ deploys })).toMatchObject({ CLUSTER_NAME: "dev", SERVICE_NAME: "worker" });
    const { service } = policies({ deploys });
    expect(service).toEqual([
      expect.objectContaining({
        Action: ["ecs:DescribeServices", "ecs:UpdateService"],
        Resource: expect.stringMatching(
          /^arn:aws:ecs:\$\{data\.aws_region\.\w+\.id\}:\$\{data\.aws_caller_identity\.\w+\.account_id\}:service\/dev\/worker$/,
        ),
      }),
    ]);
    expect(policies({ deploys: { ...deploys, roleNames: ["dev-worker-*"] } }).service).toHaveLength(2);
  });
  it("pulls public images through the cache first, where asked", () => {
    const { one, all } = synth((stack) => {
      const cache = new PullThroughCache(stack, "cache", { prefix: "dev" });
      const warm = { cache, images: ["docker/library/rabbitmq:4.1.4", "a/b:1"] };
      new ImageBuild(stack, "image", { name: "dev-fossa", folder: FOLDER, repository: REPOSITORY, warm });
    });
    const found = one(CodebuildProject).environment.environment_variable.find(
      ({ name }: Json) => name === "WARM_IMAGES",
    );
    expect(found.value).toMatch(/^\S+\/docker\/library\/rabbitmq:4\.1\.4 \S+\/a\/b:1$/);
    const warm = all(IamRolePolicy).find(({ name }) => name === "warm");
    expect(warm.policy).toContain("ecr:BatchImportUpstreamImage");
  });
  it("takes settings of its own, and encrypts the zip under the key given", () => {
    const { one, json } = build({ kmsKeyArn: KMS_KEY, codebuild: { alertTopicArn: TOPIC, timeoutMinutes: 5 } });
    expect(one(CodebuildProject).build_timeout).toBe(5);
    expect(one(CloudwatchMetricAlarm).alarm_actions).toEqual([TOPIC]);
    expect(json).toContain("kms:Decrypt");
  });
  it("names no account and no region but the provider's", () => {
    const { provider, ...rest } = JSON.parse(build({ deploys: { clusterName: "dev", serviceName: "worker" } }).json);
    expect(provider.aws[0].region).toBe("us-east-1");
    expect(JSON.stringify(rest)).not.toMatch(/us-east-1|\b\d{12}\b/);
  });
});

describe("host", () => {
  it("finds the tag and the zip in the bucket; nothing else is made", () => {
    const { all, parsed } = build({ method: "host" });
    expect(
      all(S3Object)
        .map(({ key }) => key)
        .sort(),
    ).toEqual([`image/${tagOf()}.zip`, "image/tag"]);
    const kinds = Object.keys(parsed.resource).filter((kind) => !/^aws_(s3|ecr)_/.test(kind));
    expect(kinds).toEqual(["terraform_data"]); // which keeps the repository from being replaced
  });
  it("may push to that repository only, and start the service anew where asked", () => {
    const statements = (props = {}): Json[] => build({ method: "host", ...props }).outputs.statements.value;
    expect(statements().filter(({ Resource }) => Resource === "*")).toEqual([
      expect.objectContaining({ Action: "ecr:GetAuthorizationToken" }),
    ]);
    expect(statements().find(({ Sid }) => Sid === "Push").Resource).toEqual(refTo(EcrRepository, "arn"));
    expect(statements().some(({ Sid }) => Sid === "Service")).toBe(false);
    const deploys = { clusterName: "dev", serviceName: "worker" };
    expect(statements({ deploys }).some(({ Sid }) => Sid === "Service")).toBe(true);
  });
});

const given = { name: "dev-fossa", folder: FOLDER, repository: REPOSITORY };
const ready: ImageBuildProps = { name: "dev-fossa", method: "prebuilt", image: "quay.io/a/b:1" };
const bad = (key: string, props: Json, ...words: string[]): BadInput<ImageBuildProps> => [key, props, ...words];
rejects<ImageBuildProps>(
  "test/image",
  [
    bad("name", { ...given, name: undefined }, "is required"),
    bad("name", { ...given, name: "a" }, "at least 2 characters"),
    bad("name", { ...given, name: "a".repeat(101) }, "at most 100 characters", "got 101"),
    bad("name", { ...given, name: "Fossa" }, "lower-case", '"Fossa"'),
    bad("name", { ...given, name: "-fossa" }, "lower-case"),
    bad("name", { ...given, name: "fossa_worker" }, "lower-case"),
    bad("name", { ...given, name: "xn--fossa" }, "must not begin with xn--"),
    bad("method", { ...given, method: "docker" }, "codebuild, host, prebuilt", '"docker"'),
    bad("folder", { ...given, folder: undefined }, "required where method is codebuild"),
    bad("folder", { ...given, method: "host", folder: undefined }, "required where method is host"),
    bad("folder", { ...given, folder: "" }, "at least 1 characters"),
    bad("folder", { ...given, folder: "/nowhere" }, "it does not exist", "/nowhere"),
    bad("folder", { ...given, folder: join(FOLDER, "Dockerfile") }, "it is a file"),
    bad("repository", { ...given, repository: undefined }, "required where method is codebuild"),
    bad("repository", { ...given, repository: "fossa" }, "an ImageRepository", "repositoryArn"),
    bad("repository", { ...given, repository: { repositoryUrl: "a" } }, "an ImageRepository"),
    bad("architecture", { ...given, architecture: "arm64" }, "X86_64, ARM64"),
    bad("image", { ...given, image: "quay.io/a/b:1" }, "left out where method is codebuild", "quay.io/a/b:1"),
    bad("image", { ...ready, image: undefined }, "required where method is prebuilt"),
    bad("image", { ...ready, image: "quay.io/a/b" }, "must have a tag or a digest", "quay.io/a/b"),
    bad("image", { ...ready, image: "quay.io/a/b:latest" }, "since latest moves"),
    bad("image", { ...ready, image: "not an image" }, "must be an image such as"),
    bad(
      "files.app/main.py",
      { ...given, files: { "app/main.py": Buffer.from("a") } },
      "must not lie in the folder already",
    ),
    bad("files.a", { ...given, files: { a: "text" } }, "must be bytes", '"text"'),
    bad("files./a", { ...given, files: { "/a": Buffer.from("a") } }, "must be a path below the folder"),
    bad("files.../a", { ...given, files: { "../a": Buffer.from("a") } }, "must be a path below the folder"),
    bad("files.a/./b", { ...given, files: { "a/./b": Buffer.from("a") } }, "must be a path below the folder"),
    bad("files.a/", { ...given, files: { "a/": Buffer.from("a") } }, "must be a path below the folder"),
    bad("files.", { ...given, files: { "": Buffer.from("a") } }, "must be a path below the folder"),
    bad("files", { ...ready, files: { a: Buffer.from("a") } }, "left out where method is prebuilt"),
    bad("folder", { ...ready, folder: FOLDER }, "left out where method is prebuilt"),
    bad("repository", { ...ready, repository: REPOSITORY }, "left out where method is prebuilt"),
    bad("deploys", { ...ready, deploys: { clusterName: "a", serviceName: "b" } }, "left out where method is prebuilt"),
    bad("kmsKeyArn", { ...ready, kmsKeyArn: KMS_KEY }, "left out where method is prebuilt"),
    bad("codebuild", { ...ready, codebuild: {} }, "left out where method is prebuilt"),
    bad("codebuild", { ...given, method: "host", codebuild: {} }, "left out where method is host"),
    bad(
      "warm",
      { ...given, method: "host", warm: { cache: { image: String, pullStatements: [] }, images: ["a"] } },
      "left out where method is host",
    ),
    bad("warm.cache", { ...given, warm: { cache: "dev", images: ["a/b:1"] } }, "a PullThroughCache"),
    bad("warm.images", { ...given, warm: { cache: { image: String, pullStatements: [] }, images: [] } }, "at least 1"),
    bad("kmsKeyArn", { ...given, kmsKeyArn: "alias/a" }, "ARN of a KMS key"),
    bad("deploys.serviceName", { ...given, deploys: { clusterName: "dev" } }, "is required"),
    bad("deploys.clusterName", { ...given, deploys: { clusterName: "a b", serviceName: "b" } }, "letters, digits"),
    bad("codebuild.timeoutMinutes", { ...given, codebuild: { timeoutMinutes: 4 } }, "at least 5", "got 4"),
    bad("codebuild.timeoutMinutes", { ...given, codebuild: { timeoutMinutes: 2161 } }, "at most 2160", "got 2161"),
    bad("codebuild.queuedTimeoutMinutes", { ...given, codebuild: { queuedTimeoutMinutes: 4 } }, "at least 5"),
    bad("codebuild.queuedTimeoutMinutes", { ...given, codebuild: { queuedTimeoutMinutes: 481 } }, "at most 480"),
    bad("codebuild.logRetentionDays", { ...given, codebuild: { logRetentionDays: 2 } }, "one of 0, 1, 3, 5"),
    bad("codebuild.logKmsKeyArn", { ...given, codebuild: { logKmsKeyArn: "key" } }, "ARN of a KMS key"),
    bad("codebuild.alertTopicArn", { ...given, codebuild: { alertTopicArn: "alerts" } }, "ARN of an SNS topic"),
    bad("codebuild.computeType", { ...given, codebuild: { computeType: "SMALL" } }, "BUILD_GENERAL1_SMALL"),
    bad("codebuild.timeout", { ...given, codebuild: { timeout: 5 } }, "unknown key"),
    bad("archtecture", { ...given, archtecture: "ARM64" }, "did you mean architecture?"),
  ],
  (stack, props) => new ImageBuild(stack, "image", props),
);
it("names every fault in one error", () => {
  const props = { name: "A", method: "prebuilt", folder: FOLDER } as const;
  const { message } = errorOf(() => alone(props));
  for (const word of ["name: ", "image: ", "folder: "]) expect(message).toContain(word);
});
