import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { ImageRepository, type ImageRepositoryProps } from "../../../../modules/aws/ecr/image-repository";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, refTo, synth } from "../../../support/synth";

const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const build = (props: Partial<ImageRepositoryProps> = {}) =>
  synth((stack) => new ImageRepository(stack, "images", { name: "fossa/worker", ...props }));
const rules = (props: Partial<ImageRepositoryProps> = {}): Json[] =>
  JSON.parse(build(props).one(EcrLifecyclePolicy).policy).rules;

it("is a repository with immutable tags, scanned on push, encrypted, with a lifecycle", () => {
  const { parsed, one } = build();
  expect(Object.keys(parsed.resource).sort()).toEqual([
    "aws_ecr_lifecycle_policy",
    "aws_ecr_repository",
    "terraform_data",
  ]);
  expect(one(EcrRepository)).toMatchObject({
    name: "fossa/worker",
    image_tag_mutability: "IMMUTABLE",
    image_scanning_configuration: { scan_on_push: true },
    encryption_configuration: [{ encryption_type: "AES256" }],
    force_delete: false,
  });
  expect(one(EcrRepository)).not.toHaveProperty("tags");
  expect(one(EcrLifecyclePolicy).repository).toEqual(refTo(EcrRepository, "name"));
});
it("is encrypted by the key given", () => {
  expect(build({ kmsKeyArn }).one(EcrRepository).encryption_configuration).toEqual([
    { encryption_type: "KMS", kms_key: kmsKeyArn },
  ]);
});
it.each([true, false])("is deleted with its images: %s", (forceDelete) => {
  expect(build({ forceDelete }).one(EcrRepository).force_delete).toBe(forceDelete);
});
it("bears the tags given", () => {
  expect(build({ tags: { Team: "a" } }).one(EcrRepository).tags).toEqual({ Team: "a" });
});
it("loses what has no tag after a week, then all but the newest thirty", () => {
  expect(rules()).toEqual([
    {
      rulePriority: 1,
      description: expect.any(String),
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: expect.any(String),
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
      action: { type: "expire" },
    },
  ]);
});
it.each([1, 3650])("loses what has no tag after %i days where asked", (untaggedDays) => {
  expect(rules({ untaggedDays })[0].selection.countNumber).toBe(untaggedDays);
});
it.each([1, 1000])("keeps %i images where asked", (keepImages) => {
  expect(rules({ keepImages })[1].selection.countNumber).toBe(keepImages);
});
it.each(["ab", "a1", "a".repeat(256), "fossa/worker", "a.b_c-d/e", "0/1"])("accepts the name %s", (name) => {
  expect(build({ name }).one(EcrRepository).name).toBe(name);
});
it("tells what it is called, and what who uses it has to be allowed", () => {
  const { outputs } = synth((stack) => {
    const images = new ImageRepository(stack, "images", { name: "fossa" });
    for (const key of [
      "repositoryUrl",
      "repositoryArn",
      "repositoryName",
      "pullStatements",
      "pushStatements",
    ] as const) {
      new TerraformOutput(stack, key, { value: images[key], staticId: true });
    }
  });
  expect(outputs.repositoryUrl.value).toEqual(refTo(EcrRepository, "repository_url"));
  expect(outputs.repositoryArn.value).toEqual(refTo(EcrRepository, "arn"));
  expect(outputs.repositoryName.value).toEqual(refTo(EcrRepository, "name"));
  for (const [key, action] of [
    ["pullStatements", "ecr:GetDownloadUrlForLayer"],
    ["pushStatements", "ecr:PutImage"],
  ] as const) {
    const [password, access] = outputs[key]?.value ?? [];
    expect(password).toMatchObject({ Action: "ecr:GetAuthorizationToken", Resource: "*" });
    expect(access.Action).toContain(action);
    expect(access.Resource).toEqual(refTo(EcrRepository, "arn"));
  }
});

const bad = (key: keyof ImageRepositoryProps, value: unknown, ...words: string[]): BadInput<ImageRepositoryProps> => [
  key,
  { name: "fossa", [key]: value },
  ...words,
];
rejects<ImageRepositoryProps>(
  "test/images",
  [
    bad("name", undefined, "is required"),
    bad("name", "a", "at least 2 characters", "got 1"),
    bad("name", "a".repeat(257), "at most 256 characters", "got 257"),
    bad("name", "Fossa", "lower-case", '"Fossa"'),
    bad("name", "fossa worker", "lower-case"),
    bad("name", "/fossa", "lower-case"),
    bad("name", "fossa/", "lower-case"),
    bad("name", "fossa--worker", "lower-case"),
    bad("name", "-fossa", "lower-case"),
    bad("kmsKeyArn", "alias/fossa", "ARN of a KMS key"),
    bad("kmsKeyArn", "arn:aws:kms:us-east-1:111122223333:alias/fossa", "not of an alias"),
    bad("untaggedDays", 0, "at least 1", "got 0"),
    bad("untaggedDays", 3651, "at most 3650", "got 3651"),
    bad("untaggedDays", 1.5, "whole number"),
    bad("keepImages", 0, "at least 1", "got 0"),
    bad("keepImages", 1001, "at most 1000", "got 1001"),
    bad("forceDelete", "yes", "of type boolean"),
    ["tags.aws:a", { name: "fossa", tags: { "aws:a": "b" } }, "must not begin with aws:"],
    ["forcedelete", { name: "fossa", forcedelete: true } as never, "did you mean forceDelete?"],
    ["mutable", { name: "fossa", mutable: true } as never, "known keys"],
  ],
  (stack, props) => new ImageRepository(stack, "images", props),
);
