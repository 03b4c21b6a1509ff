import { describe, expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { defineEnvironment, type EnvironmentSettings } from "../../stacks/environment";
import { NAMED } from "../../stacks/names-twice";
import { synthApp } from "../support/synth";
import { awsConfigurations } from "./configurations.fixture";
import { wrongLines } from "./wrong-settings.fixture";

const dask = (name: string, settings: EnvironmentSettings["dask"], region = "us-west-2") =>
  defineEnvironment({ name, region, dask: settings });
const agent = (pool: string): EnvironmentSettings["dask"] => ({
  agent: {
    api: { url: "https://prefect.example.com/api" },
    workers: [{ name: "only", workPool: pool }],
  },
});

describe("what AWS knows by its name once", () => {
  it("is refused a second time, by both places", () => {
    expect(wrongLines(dask("dev", { outputBucket: { bucket: "acme" }, modelBucket: { bucket: "acme" } }))).toEqual([
      "dev: dask.modelBucket: must not have the bucket acme, which dev: dask.outputBucket has too: rename one of both",
    ]);
  });
  it("is refused in two environments, whose names make one", () => {
    expect(wrongLines(dask("dev", agent("dask")), dask("dev-prefect", {}))).toEqual([
      "dev-prefect: dask.container.cluster: must not have the log group /aws/lambda/dev-prefect-dask-sweeper, which dev: dask.agent has too: rename one of both",
    ]);
  });
  it("may be in another region, unless it is a bucket, whose name is the only one in the world", () => {
    expect(wrongLines(dask("dev", agent("dask")), dask("dev-prefect", {}, "eu-west-1"))).toEqual([]);
    const [one, two] = [
      dask("aa", { outputBucket: { bucket: "acme" } }),
      dask("bb", { modelBucket: { bucket: "acme" } }, "eu-west-1"),
    ];
    expect(wrongLines(one, two)).toHaveLength(1);
  });
  it("may be in another account", () => {
    const there = defineEnvironment({ name: "dev-prefect", region: "us-west-2", account: "444455556666", dask: {} });
    expect(wrongLines(dask("dev", agent("dask")), there)).toEqual([]);
  });
  it("is the address of a domain in one zone", () => {
    const balanced = (hostedZoneId: string) => ({ loadBalancing: { domainName: "data.example.com", hostedZoneId } });
    const [aa, bb] = [dask("aa", balanced("Z0123456789ONE")), dask("bb", balanced("Z0123456789ONE"))];
    expect(wrongLines(aa, bb)).toEqual([
      "bb: dask.loadBalancing: must not have the record data.example.com, which aa: dask.loadBalancing has too: rename one of both",
    ]);
    expect(wrongLines(aa, dask("cc", balanced("Z0123456789TWO")))).toEqual([]);
  });
  it("is a host, and not the proof of its certificate, which may be one for several", () => {
    const domain = { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE", apex: true };
    const site = (name: string) => defineEnvironment({ name, region: "us-west-2", portfolio: { domain } });
    expect(wrongLines(site("aa"), site("bb"))).toEqual([
      "bb: portfolio.api: must not have the domain of an API api.example.com, which aa: portfolio.api has too: rename one of both",
      "bb: portfolio.website: must not have the record example.com, which aa: portfolio.website has too: rename one of both",
    ]);
  });
  it("is a service, in its stack", () => {
    expect(wrongLines(dask("dev", agent("dask")), dask("other", agent("dask")))).toEqual([]);
  });
});

/** Names that are not the only ones, or of what the app has once, and why. */
const FREE: Readonly<Record<string, string>> = {
  "aws_acm_certificate domain_name": "a domain may have several",
  "aws_apigatewayv2_api name": "AWS tells APIs apart by their ids",
  "aws_apigatewayv2_authorizer name": "of one API",
  "aws_apigatewayv2_stage name": "of one API",
  "aws_appautoscaling_policy name": "of one service",
  "aws_autoscaling_lifecycle_hook name": "of one group",
  "aws_autoscaling_policy name": "of one group",
  "aws_backup_plan name": "AWS Backup knows a plan by its id",
  "aws_backup_selection name": "of one plan",
  "aws_cloudwatch_log_stream name": "of one log group",
  "aws_cloudwatch_metric_alarm metric_name": "what it watches",
  "aws_db_instance db_name": "in one instance",
  "aws_eks_addon addon_name": "of one cluster",
  "aws_iam_role_policy name": "of one role",
  "aws_instance key_name": "a key that exists",
  "aws_security_group name": "of one VPC",
  "aws_service_discovery_private_dns_namespace name": "of one VPC",
  "aws_service_discovery_service name": "of one namespace",
};

it("knows every type of resource that has a name of ours", () => {
  const kinds = new Set<string>();
  for (const environment of [dev, prod, ...awsConfigurations]) {
    const { ids, stack } = synthApp(environment);
    for (const id of ids) {
      for (const [type, resources] of Object.entries<Record<string, object>>(stack(id).parsed.resource ?? {})) {
        for (const resource of Object.values(resources)) {
          for (const [key, value] of Object.entries(resource)) {
            if (!/^(name|identifier|bucket|\w+_name)$/.test(key) || typeof value !== "string" || value.includes("${"))
              continue;
            kinds.add(`${type} ${key}`);
          }
        }
      }
    }
  }
  const known = Object.entries(NAMED).map(([type, { argument }]) => `${type} ${snake(argument)}`);
  expect([...kinds].filter((kind) => !known.includes(kind) && !(kind in FREE)).sort()).toEqual([]);
  expect(Object.keys(FREE).filter((kind) => !kinds.has(kind))).toEqual([]);
});

const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
