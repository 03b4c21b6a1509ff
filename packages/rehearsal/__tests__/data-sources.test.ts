import { describe, expect, it } from "vitest";
import { answerOf } from "../src/data-sources";
import type { Value } from "../src/msgpack-cty";
import { factsOf } from "../src/simulated/facts";
import { Seed } from "../src/simulated/seed";

const ask = (type: string, config: Record<string, Value> = {}, region = "us-west-2") =>
  answerOf(type, { config, facts: factsOf({ region }), seed: new Seed("seed") });

describe("data sources answer", () => {
  it("the availability zones of the region without the excluded ones", () => {
    expect(ask("aws_availability_zones").names).toEqual(["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"]);
    expect(
      ask("aws_availability_zones", { exclude_zone_ids: ["usw2-az2"], exclude_names: ["us-west-2d"] }),
    ).toMatchObject({
      names: ["us-west-2a", "us-west-2c"],
      zone_ids: ["usw2-az1", "usw2-az3"],
    });
  });
  it("the caller and its role", () => {
    const { account_id, arn } = ask("aws_caller_identity");
    expect(account_id).toBe("123456789012");
    expect(ask("aws_iam_session_context", { arn: arn as Value })).toMatchObject({
      issuer_arn: "arn:aws:iam::123456789012:role/rehearsal",
      issuer_name: "rehearsal",
      session_name: "rehearsal",
    });
    expect(ask("aws_iam_session_context", { arn: "arn:aws:iam::123456789012:user/me" }).issuer_arn).toBe(
      "arn:aws:iam::123456789012:user/me",
    );
  });
  it("the only version of a secret", () => {
    const { id, versions } = ask("aws_secretsmanager_secret_versions", { secret_id: "arn:s" });
    expect(id).toBe("arn:s");
    expect(versions).toEqual([
      expect.objectContaining({ version_id: expect.stringMatching(/^[\da-f-]{36}$/), version_stages: ["AWSCURRENT"] }),
    ]);
  });
  it("region and partition", () => {
    expect(ask("aws_region", {}, "cn-north-1")).toMatchObject({
      id: "cn-north-1",
      name: "cn-north-1",
      region: "cn-north-1",
    });
    expect(ask("aws_partition", {}, "cn-north-1")).toMatchObject({
      partition: "aws-cn",
      dns_suffix: "amazonaws.com.cn",
      reverse_dns_prefix: "cn.com.amazonaws",
    });
  });
  it.each([
    ["/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", /^ami-[0-9a-f]{17}$/],
    [
      "/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/image_id",
      /^ami-[0-9a-f]{17}$/,
    ],
    ["/aws/service/bottlerocket/aws-k8s-1.34/x86_64/latest/image_id", /^ami-[0-9a-f]{17}$/],
    [
      "/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/release_version",
      /^1\.34\.0-\d{8}$/,
    ],
    ["/my/own", /^value-[0-9a-f]{8}$/],
  ])("the parameter %s", (name, form) => {
    const { value, insecure_value } = ask("aws_ssm_parameter", { name });
    expect(value).toMatch(form);
    expect(insecure_value).toBe(value);
  });
  it("a parameter of JSON", () => {
    const { value } = ask("aws_ssm_parameter", {
      name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended",
    });
    expect(JSON.parse(value as string)).toHaveProperty("image_id", expect.stringMatching(/^ami-/));
  });
  it.each([
    ["aws_subnets", /^subnet-[0-9a-f]{17}$/],
    ["aws_route_tables", /^rtb-[0-9a-f]{17}$/],
    ["aws_security_groups", /^sg-[0-9a-f]{17}$/],
  ])("several different ids for %s", (type, form) => {
    const ids = ask(type).ids as string[];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(form);
  });
  it("the requested image, add-on and endpoint service", () => {
    expect(ask("aws_ami")).toMatchObject({ id: expect.stringMatching(/^ami-/), virtualization_type: "hvm" });
    expect(ask("aws_eks_addon_version", { addon_name: "coredns", kubernetes_version: "1.33" })).toEqual({
      id: "coredns",
      version: "v1.33.0-eksbuild.1",
    });
    expect(ask("aws_ecr_image", { image_tag: "v1" })).toMatchObject({
      image_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      image_tags: ["v1"],
    });
    expect(ask("aws_vpc_endpoint_service", { service: "s3" }).service_name).toBe("com.amazonaws.us-west-2.s3");
  });
  it("nothing for other types", () => expect(ask("aws_anything")).toEqual({}));
});
