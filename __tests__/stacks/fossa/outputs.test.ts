import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { IMAGE, TLS } from "../../modules/fargate-fossa/fossa.fixture";
import { publishedOutputs, synthApp } from "../../support/synth";

const build = (fossa: EnvironmentSettings["fossa"] = {}) =>
  synthApp(defineEnvironment({ name: "dev", region: "eu-west-2", fossa }));

describe("by default", () => {
  const made = build();
  const gateway = made.stack("dev-fossa-gateway");
  const cluster = made.stack("dev-fossa-cluster");
  it("the gateway tells its address, its page, its repository and the commands that lead there", () => {
    expect(publishedOutputs(gateway)).toEqual([
      "build_command",
      "gateway_forward_command",
      "gateway_local_url",
      "gateway_password_command",
      "gateway_url",
      "gateway_user",
      "instance_id",
      "public_ip",
      "repository_name",
      "repository_url",
      "source_ami_id",
      "ssm_session_command",
      "worker_image",
    ]);
    expect(gateway.outputs.gateway_password_command.value).toContain(
      "aws secretsmanager get-secret-value --region eu-west-2",
    );
  });
  it("the cluster tells its names and how a task is posted", () => {
    expect(publishedOutputs(cluster)).toEqual([
      "broker_address",
      "cluster_name",
      "log_group_name",
      "submit_command",
      "worker_address",
      "worker_service_name",
    ]);
  });
  it("the command to post a task comes through both shells as it was meant", () => {
    const command = cluster.outputs.submit_command.value.replace(/\$\{[^}]*\}/, "i-1");
    // the first shell reads the command; what it would hand to the host is read by a second one
    const script = `aws() { printf '%s' "\${@: -1}"; }; ${command}`;
    const { command: sent } = JSON.parse(spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout);
    const words = spawnSync("bash", ["-c", `curl() { printf '%s\\n' "$@"; }; ${sent[0]}`], { encoding: "utf8" }).stdout;
    expect(words.trim().split("\n")).toEqual([
      "-sS",
      "--json",
      '{"model_class":"PartitionedExampleEtl"}',
      "http://worker.dev-fossa.internal:2345/api/0.01/task",
    ]);
  });
});
it("with TLS, the page is found at its own address", () => {
  const tls = { ...TLS, tls: { domainName: "fossa.example.com", hostedZoneId: "Z123", internal: false } };
  const { outputs } = build({ gateway: tls }).stack("dev-fossa-gateway");
  expect(outputs.gateway_url.value).toBe("https://fossa.example.com");
  expect(outputs).not.toHaveProperty("gateway_forward_command");
});
it("the page as a service is told by the cluster", () => {
  const gateway = { page: "container", imageBuild: "prebuilt", image: IMAGE, pageImage: IMAGE, ...TLS } as const;
  const made = build({ egress: "nat-gateway", gateway });
  expect(made.stack("dev-fossa-cluster").outputs.gateway_url.value).toMatch(/^https:/);
  expect(publishedOutputs(made.stack("dev-fossa-gateway"))).toEqual([
    "gateway_password_command",
    "gateway_user",
    "worker_image",
  ]);
});
