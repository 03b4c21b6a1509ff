import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { publishedOutputs, synthApp } from "../../support/synth";

const build = (exadeploy: EnvironmentSettings["exadeploy"] = {}) =>
  synthApp(defineEnvironment({ name: "test", region: "us-west-2", exadeploy })).stack("test-exadeploy-cluster");
const outputs = [
  "cluster_arn",
  "cluster_name",
  "cluster_oidc_issuer_url",
  "cluster_primary_security_group_id",
  "cluster_security_group_id",
  "node_security_group_id",
  "oidc_provider",
];

it("names the cluster after environment and system, and takes its settings", () => {
  expect(build({ cluster: { version: "1.33" } }).one(EksCluster)).toMatchObject({
    name: "test-exadeploy",
    version: "1.33",
  });
});
it("stands in the private subnets of the network stack", () => {
  const [subnet] = build().one(EksCluster).vpc_config.subnet_ids;
  expect(subnet).toMatch(
    /^\$\{data\.terraform_remote_state\.[\w-]*test-exadeploy-network\.outputs\.[\w-]*private[\w-]*\}$/,
  );
});
it("publishes the reference's outputs", () => {
  expect(publishedOutputs(build())).toEqual([...outputs, "oidc_provider_arn"]);
  expect(publishedOutputs(build({ cluster: { oidcProvider: false } }))).toEqual(outputs);
});

describe("who administers the cluster", () => {
  const entries = (exadeploy: EnvironmentSettings["exadeploy"]) =>
    build(exadeploy)
      .all(EksAccessEntry)
      .map(({ principal_arn }) => principal_arn);
  const deployer = expect.stringMatching(/^\$\{data\.aws_iam_session_context\.[\w-]+\.issuer_arn\}$/);

  it("is nobody by default", () => {
    expect(entries({})).toEqual([]);
  });
  it("is the user or role that deploys, where asked for, beside those that are named", () => {
    expect(entries({ deployerIsAdministrator: true })).toEqual([deployer]);
    const cluster = { administrators: { platform: "arn:aws:iam::111122223333:role/platform" } };
    expect(entries({ deployerIsAdministrator: true, cluster })).toEqual([deployer, cluster.administrators.platform]);
  });
});
