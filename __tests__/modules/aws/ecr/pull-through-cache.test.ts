import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { EcrPullThroughCacheRule } from "@cdktf/provider-aws/lib/ecr-pull-through-cache-rule";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { PullThroughCache, type PullThroughCacheProps } from "../../../../modules/aws/ecr/pull-through-cache";
import { errorOf, rejects } from "../../../support/bad-input";
import { synth } from "../../../support/synth";

const RABBITMQ = "docker/library/rabbitmq:4.1.4";
const build = (props: PullThroughCacheProps = { prefix: "dev-fossa" }, image = RABBITMQ) =>
  synth((stack) => {
    const cache = new PullThroughCache(stack, "cache", props);
    new TerraformOutput(stack, "image", { value: cache.image(image), staticId: true });
    new TerraformOutput(stack, "statements", { value: cache.pullStatements, staticId: true });
  });
const ACCOUNT = "\\$\\{data\\.aws_caller_identity\\.\\w+\\.account_id\\}";
const REGION = "\\$\\{data\\.aws_region\\.\\w+\\.id\\}";

it("is one rule for Amazon's public registry", () => {
  const { parsed, one } = build();
  expect(Object.keys(parsed.resource)).toEqual(["aws_ecr_pull_through_cache_rule"]);
  expect(one(EcrPullThroughCacheRule)).toEqual(
    expect.objectContaining({ ecr_repository_prefix: "dev-fossa", upstream_registry_url: "public.ecr.aws" }),
  );
  expect(one(EcrPullThroughCacheRule)).not.toHaveProperty("credential_arn");
});
it.each(["public.ecr.aws", "quay.io", "registry.k8s.io"] as const)("is for %s where asked", (upstream) => {
  const { one } = build({ prefix: "p2", upstream }, "a/b:1");
  expect(one(EcrPullThroughCacheRule).upstream_registry_url).toBe(upstream);
});
it("names an image by account and region as Terraform finds them, after the rule is there", () => {
  const { outputs, data, json } = build();
  const rule = "\\$\\{aws_ecr_pull_through_cache_rule\\.\\w+\\.ecr_repository_prefix\\}";
  expect(outputs.image.value).toMatch(
    new RegExp(`^${ACCOUNT}\\.dkr\\.ecr\\.${REGION}\\.amazonaws\\.com/${rule}/docker/library/rabbitmq:4\\.1\\.4$`),
  );
  expect(data(DataAwsCallerIdentity)).toHaveLength(1);
  expect(data(DataAwsRegion)).toHaveLength(1);
  const { provider, ...rest } = JSON.parse(json);
  expect(JSON.stringify(provider)).toContain("us-east-1");
  expect(JSON.stringify(rest)).not.toMatch(/us-east-1|\d{12}/);
});
it("lets a puller make repositories below the prefix only", () => {
  const [password, access] = build().outputs.statements.value;
  expect(password).toMatchObject({ Action: "ecr:GetAuthorizationToken", Resource: "*" });
  expect(access.Action).toEqual(
    expect.arrayContaining(["ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:BatchGetImage"]),
  );
  expect(access.Resource).toMatch(new RegExp(`^arn:aws:ecr:${REGION}:${ACCOUNT}:repository/dev-fossa/\\*$`));
});
it.each(["ab", "a".repeat(30), "team/a", "a-b_c.d"])("accepts the prefix %s", (prefix) => {
  expect(build({ prefix }).one(EcrPullThroughCacheRule).ecr_repository_prefix).toBe(prefix);
});

describe("refuses the image", () => {
  it.each([
    ["rabbitmq:4.1.4", "must have a path, such as docker/library/rabbitmq:4.1.4"],
    ["public.ecr.aws/docker/library/rabbitmq:4", "must be what comes after public.ecr.aws/"],
    ["docker/library/rabbitmq", "must have a tag or a digest"],
    ["docker/library/rabbitmq:latest", "fixed tag or a digest"],
    ["docker/library/Rabbit:4", "must be an image such as"],
  ])("%s", (image, words) => {
    const error = errorOf(() => build(undefined, image));
    expect(error.name).toBe("InputError");
    expect(error.message).toMatch(/^test\/cache: image: /);
    expect(error.message).toContain(words);
  });
});
it("takes an image without a path from a registry that has such", () => {
  const { outputs } = build({ prefix: "k8s", upstream: "registry.k8s.io" }, "pause:3.10");
  expect(outputs.image.value).toMatch(/\/pause:3\.10$/);
});

rejects<PullThroughCacheProps>(
  "test/cache",
  [
    ["prefix", {} as never, "is required"],
    ["prefix", { prefix: "a" }, "at least 2 characters", "got 1"],
    ["prefix", { prefix: "a".repeat(31) }, "at most 30 characters", "got 31"],
    ["prefix", { prefix: "Fossa" }, "lower-case", '"Fossa"'],
    ["prefix", { prefix: "ROOT" }, "lower-case"],
    ["prefix", { prefix: "fossa/" }, "lower-case"],
    ["prefix", { prefix: "/fossa" }, "lower-case"],
    ["prefix", { prefix: "a--b" }, "lower-case"],
    ["prefix", { prefix: "a b" }, "lower-case"],
    ["upstream", { prefix: "ab", upstream: "docker.io" as never }, "public.ecr.aws, quay.io, registry.k8s.io"],
    ["upstream", { prefix: "ab", upstream: "registry-1.docker.io" as never }, "must be one of"],
    ["upstream", { prefix: "ab", upstream: null as never }, "must be one of"],
    ["upstrem", { prefix: "ab", upstrem: "quay.io" } as never, "did you mean upstream?"],
  ],
  (stack, props) => new PullThroughCache(stack, "cache", props),
);
