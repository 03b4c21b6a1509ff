import { DataAwsRouteTables } from "@cdktf/provider-aws/lib/data-aws-route-tables";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Route } from "@cdktf/provider-aws/lib/route";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { describe, expect, it } from "vitest";
import { dev } from "../../../environments/dev";
import { prod } from "../../../environments/prod";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { errorOf } from "../../support/bad-input";
import { type Json, synthApp } from "../../support/synth";
import { configurations } from "./configurations.fixture";

const apps = Object.fromEntries(
  Object.entries({ ...configurations, dev, prod }).map(([name, env]) => [name, synthApp(env)]),
);
const appOf = (name: string) => apps[name] as ReturnType<typeof synthApp>;
const layersOf = (name: string) => appOf(name).ids.map((id) => id.replace(`${name}-exadeploy-`, ""));
const everyStack = Object.values(apps).flatMap(({ ids, stack }) => ids.map((id) => [id, stack(id)] as const));
const manifestOf = (name: string): Json => appOf(name).app.manifest.buildManifest();

describe("the configurations differ by the stacks that they have", () => {
  it.each([
    ["basic", ["client-network", "cluster", "module-repo-backend", "network", "peering"], 1],
    ["multi-peer", ["client-network", "cluster", "module-repo-backend", "network", "peering"], 4],
    ["no-peer", ["cluster", "module-repo-backend", "network"], 0],
    ["local-backend", ["client-network", "cluster", "network", "peering"], 1],
  ])("%s", (name, layers, connections) => {
    expect(layersOf(name)).toEqual(layers);
    const { ids, stack } = appOf(name);
    const count = (type: Parameters<ReturnType<typeof stack>["all"]>[0]) =>
      ids.reduce((sum, id) => sum + stack(id).all(type).length, 0);
    expect(count(VpcPeeringConnection)).toBe(connections);
    expect(count(EksCluster)).toBe(1);
    expect(count(DbInstance)).toBe(layers.includes("module-repo-backend") ? 1 : 0);
    expect(count(S3Bucket)).toBe(layers.includes("module-repo-backend") ? 1 : 0);
    for (const id of ids) expect(stack(id).data(DataAwsRouteTables)).toEqual([]);
  });
  it("a local backend leaves no database security group", () => {
    const { ids, text } = appOf("local-backend");
    for (const id of ids) expect(text(id)).not.toMatch(/aws_db_instance|module-repo(?!sitory)/);
  });
});

describe("the stacks", () => {
  it("need what they build on, and nothing else", () => {
    const needs = Object.fromEntries(
      Object.entries(manifestOf("dev").stacks).map(([id, { dependencies }]: [string, Json]) => [
        id,
        dependencies.sort(),
      ]),
    );
    expect(needs).toEqual({
      "dev-exadeploy-network": [],
      "dev-exadeploy-client-network": [],
      "dev-exadeploy-cluster": ["dev-exadeploy-network"],
      "dev-exadeploy-module-repo-backend": ["dev-exadeploy-cluster", "dev-exadeploy-network"],
      "dev-exadeploy-peering": ["dev-exadeploy-client-network", "dev-exadeploy-cluster", "dev-exadeploy-network"],
      "dev-fossa-network": [],
      "dev-fossa-gateway": ["dev-fossa-network"],
      "dev-fossa-cluster": ["dev-fossa-gateway", "dev-fossa-network"],
      "dev-ml-ec2": [],
      "dev-dask-network": [],
      "dev-dask-container": ["dev-dask-network"],
      "dev-dask-agent": ["dev-dask-container", "dev-dask-network"],
      "dev-training-network": [],
      "dev-training-storage": ["dev-training-network"],
      "dev-training-jobs": [],
      "dev-training-compute": ["dev-training-jobs", "dev-training-network", "dev-training-storage"],
      "dev-portfolio-data": [],
      "dev-portfolio-layers": [],
      "dev-portfolio-website": [],
      "dev-portfolio-api": ["dev-portfolio-data", "dev-portfolio-layers", "dev-portfolio-website"],
    });
  });
  it("use no provider but aws, and pass no secret to each other", () => {
    for (const [id, { parsed }] of everyStack) {
      expect(Object.keys(parsed.terraform.required_providers), id).toEqual(["aws"]);
      const crossed = Object.entries<Json>(parsed.output ?? {}).filter(([name]) =>
        name.startsWith("cross-stack-output"),
      );
      const values = crossed.filter(([name]) => !/arn$/.test(name)); // where a secret is, is none
      for (const [name] of values) expect(name).not.toMatch(/password|secret|access_key/);
    }
  });
  it("hold no security-group rule that mixes, and no password", () => {
    for (const [id, { parsed, json }] of everyStack) {
      expect(Object.keys(parsed.resource ?? {}), id).not.toContain("aws_security_group_rule");
      const seen = json.replace(/"password": "(\$\{[^{}"]*\.version_id\})?"/g, ""); // which version it is, is none
      expect(seen, id).not.toMatch(/"password"|"random_password"|kubernetes_config_map/);
    }
  });
  it("emit nothing that AWS provider 5.100 does not know", () => {
    for (const [id, { parsed }] of everyStack) {
      for (const resources of Object.values<Json>(parsed.resource ?? {})) {
        for (const resource of Object.values<Json>(resources)) {
          expect(Object.keys(resource), id).not.toContain("region");
          expect(Object.keys(resource), id).not.toContain("availability_mode");
          expect(Object.keys(resource), id).not.toContain("control_plane_scaling_config");
        }
      }
      const [cluster] = Object.values<Json>(parsed.resource?.aws_eks_cluster ?? {});
      expect(cluster?.deletion_protection, id).toBeUndefined();
    }
  });
});

it("lets no peer reach the database tier", () => {
  for (const [id, stack] of everyStack) {
    for (const route of stack.all(Route)) {
      if (route.vpc_peering_connection_id) expect(route.route_table_id, id).not.toMatch(/database/);
    }
    if (!id.endsWith("module-repo-backend")) continue;
    for (const rule of stack.all(VpcSecurityGroupIngressRule)) expect(rule.cidr_ipv4, id).toBeUndefined();
  }
});

it("refuses a peer that takes the name of the demo network", () => {
  const exadeploy = {
    ...dev.exadeploy,
    peers: { client: { vpcId: "vpc-0a1b2c3d4e5f60718", cidrs: ["10.1.0.0/16"], routeTables: "all" as const } },
  };
  const environment = defineEnvironment({ name: "test", region: "us-west-2", exadeploy });
  expect(errorOf(() => synthApp(environment)).message).toBe(
    "test: exadeploy.peers.client: is the name under which clientNetwork is peered; rename one or drop clientNetwork",
  );
});

it("gives two environments no global name in common", () => {
  const fixed = (name: string) => {
    const { mlEc2, ...settings } = dev as EnvironmentSettings; // the training box has names of its own for environments
    const { ids, stack } = synthApp(defineEnvironment({ ...settings, name }));
    const keys = ["name", "identifier", "bucket", "bucket_prefix"];
    return ids.flatMap((id) =>
      Object.entries<Json>(stack(id).parsed.resource).flatMap(([type, resources]) =>
        Object.values<Json>(resources).flatMap((resource) =>
          keys
            .map((key) => resource[key])
            .filter((value) => value && !value.includes("${"))
            .map((value) => `${type} ${value}`),
        ),
      ),
    );
  };
  const [first, second] = [fixed("one"), fixed("two")];
  expect(first.length).toBeGreaterThan(8);
  const inline = /^aws_(apigatewayv2_stage|iam_role_policy|service_discovery_service) /; // names within their API, role or namespace
  expect(first.filter((name) => second.includes(name) && !inline.test(name))).toEqual([]);
});

it("synthesizes twice to the same bytes", () => {
  for (const name of ["dev", "multi-peer", "prod"]) {
    const environment = { ...configurations, dev, prod }[name as "dev"];
    const again = synthApp(environment);
    for (const id of again.ids) {
      const path = (text: string) => text.replace(/"path": "[^"]*"/g, ""); // relative to a scratch folder
      expect(path(again.text(id))).toBe(path(appOf(name).text(id)));
    }
  }
});
