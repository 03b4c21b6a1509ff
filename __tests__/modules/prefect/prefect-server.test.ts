import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  SharedLoadBalancer,
  type SharedLoadBalancerProps,
} from "../../../modules/aws/load-balancer/shared-load-balancer";
import { PrefectServer, type PrefectServerProps } from "../../../modules/prefect/prefect-server";
import { rejects } from "../../support/bad-input";
import { type Json, refTo, synth } from "../../support/synth";
import { buildServer, containerOf, KEY, SERVER, serviceOf, statementsOf, TOPIC } from "./prefect.fixture";

const FAMILY = "dev-prefect-server";
const env = (container: Json) =>
  Object.fromEntries(container.environment.map(({ name, value }: Json) => [name, value]));
const secrets = (container: Json) =>
  Object.fromEntries((container.secrets ?? []).map(({ name, valueFrom }: Json) => [name, valueFrom]));
/** A server behind a load balancer of its own, with what it says of itself. */
const balanced = (some: Partial<PrefectServerProps> = {}, own: Partial<SharedLoadBalancerProps> = {}) =>
  synth((stack) => {
    const loadBalancer = new SharedLoadBalancer(stack, "balancer", {
      ...own,
      name: "dev-dask",
      network: { vpcId: "vpc-1", vpcCidrBlocks: ["10.0.0.0/16"], privateSubnetIds: ["subnet-a", "subnet-b"] },
    });
    const { url, apiUrl } = new PrefectServer(stack, "server", { ...SERVER, loadBalancer, ...some });
    new TerraformOutput(stack, "url", { value: url, staticId: true });
    new TerraformOutput(stack, "api_url", { value: apiUrl, staticId: true });
  });

describe("the server", () => {
  it("reaches its database by its parts, with the password that RDS manages, and checks who answers", () => {
    const container = containerOf(buildServer(), FAMILY);
    expect(env(container)).toMatchObject({
      PREFECT_SERVER_DATABASE_DRIVER: "postgresql+asyncpg",
      PREFECT_SERVER_DATABASE_HOST: refTo(DbInstance, "address"),
      PREFECT_SERVER_DATABASE_PORT: "5432",
      PREFECT_SERVER_DATABASE_USER: "prefect",
      PREFECT_SERVER_DATABASE_NAME: "prefect",
      PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_ENABLED: "true",
      PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_CA_FILE: "/tmp/rds.pem",
      DATABASE_CERTIFICATES: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
    });
    expect(secrets(container).PREFECT_SERVER_DATABASE_PASSWORD).toMatch(
      /^\$\{aws_db_instance\.\w+\.master_user_secret\[0\]\.secret_arn\}:password::$/,
    );
    expect(JSON.stringify(env(container))).not.toContain("CONNECTION_URL");
  });
  it("starts without a shell where this project has no certificates of the region's databases", () => {
    const container = containerOf(buildServer({ region: "cn-north-1" }), FAMILY);
    expect(container.command).toEqual(["prefect", "server", "start"]);
    expect(Object.keys(env(container)).filter((name) => /TLS|CERTIFICATES/.test(name))).toEqual([]);
  });
  it("is well while it reaches its database, and has time to make the tables", () => {
    expect(containerOf(buildServer(), FAMILY).healthCheck).toMatchObject({
      command: ["CMD", "python", "-c", expect.stringContaining("http://127.0.0.1:4200/api/ready")],
      startPeriod: 180,
    });
    expect(serviceOf(buildServer(), FAMILY)).toMatchObject({
      desired_count: 1,
      health_check_grace_period_seconds: 180,
      deployment_circuit_breaker: { enable: true, rollback: true },
      network_configuration: { assign_public_ip: false },
    });
  });
  it("asks for an auth string that no file holds", () => {
    const built = buildServer();
    expect(secrets(containerOf(built, FAMILY)).PREFECT_SERVER_API_AUTH_STRING).toMatch(
      /^\$\{aws_secretsmanager_secret_version\.\w+\.arn\}:auth_string::\$\{aws_secretsmanager_secret_version\.\w+\.version_id\}$/,
    );
    expect(built.one(SecretsmanagerSecretVersion)).not.toHaveProperty("secret_string");
    expect(built.one(SecretsmanagerSecretVersion).secret_string_wo).toContain("admin:");
    expect(statementsOf(built, "service", "secrets")[0].Resource).toHaveLength(2);
  });
  it("asks for nothing where told so", () => {
    const built = buildServer({ authentication: false });
    expect(built.all(SecretsmanagerSecret)).toEqual([]);
    expect(Object.keys(secrets(containerOf(built, FAMILY)))).toEqual(["PREFECT_SERVER_DATABASE_PASSWORD"]);
  });
  it("sends nothing about its use, and has variables of the user's", () => {
    const container = containerOf(buildServer({ environment: { PREFECT_LOGGING_LEVEL: "DEBUG" } }), FAMILY);
    expect(env(container)).toMatchObject({ PREFECT_SERVER_ANALYTICS_ENABLED: "false", PREFECT_LOGGING_LEVEL: "DEBUG" });
  });
  it("sounds an alarm when none runs", () => {
    expect(buildServer().all(CloudwatchMetricAlarm)).toEqual([]);
    expect(buildServer({ alarmTopicArns: [TOPIC] }).one(CloudwatchMetricAlarm).alarm_name).toBe(`${FAMILY}-no-tasks`);
  });
});

describe("the database", () => {
  it("is a PostgreSQL of its own in the private subnets, which the server alone reaches", () => {
    const { one, all } = buildServer();
    expect(one(DbInstance)).toMatchObject({
      identifier: "dev-prefect-server",
      db_name: "prefect",
      username: "prefect",
      manage_master_user_password: true,
      multi_az: false,
      publicly_accessible: false,
      storage_encrypted: true,
    });
    expect(one(DbSubnetGroup)).toMatchObject({ subnet_ids: ["subnet-a", "subnet-b"] });
    const [rule, ...others] = all(VpcSecurityGroupIngressRule);
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ from_port: 5432, referenced_security_group_id: refTo(SecurityGroup, "id") });
  });
  it("has a standby, another port and another name where asked", () => {
    const built = buildServer({ database: { dbMultiAz: true, dbPort: 6543, dbName: "flows", dbUsername: "owner" } });
    expect(built.one(DbInstance)).toMatchObject({ multi_az: true, port: 6543, db_name: "flows", username: "owner" });
    expect(env(containerOf(built, FAMILY))).toMatchObject({
      PREFECT_SERVER_DATABASE_PORT: "6543",
      PREFECT_SERVER_DATABASE_NAME: "flows",
      PREFECT_SERVER_DATABASE_USER: "owner",
    });
  });
  it("is encrypted by a key of the user's, as are the secrets that ECS reads", () => {
    const built = buildServer({ kmsKeyArn: KEY });
    expect(built.one(DbInstance)).toMatchObject({ kms_key_id: KEY, master_user_secret_kms_key_id: KEY });
    expect(built.one(SecretsmanagerSecret).kms_key_id).toBe(KEY);
    expect(statementsOf(built, "service", "secrets")[1]).toMatchObject({ Action: "kms:Decrypt", Resource: [KEY] });
  });
});

it("needs a host where the certificate of its load balancer is not for the load balancer's own name", () => {
  const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
  expect(() => balanced({}, { certificateArn })).toThrow(
    "test/server: host: is required where the load balancer's certificate is given by its ARN",
  );
  expect(balanced({ host: "prefect.example.com" }, { certificateArn }).outputs.api_url?.value).toBe(
    "https://prefect.example.com/api",
  );
});

it("needs Secrets Manager and an image of ECR where its network has no NAT", () => {
  const ENOUGH = ["ecr.api", "ecr.dkr", "logs", "s3", "secretsmanager"];
  const image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/prefect:1";
  expect(() => buildServer({ privateReach: ENOUGH, image })).not.toThrow();
  expect(() => buildServer({ privateReach: ENOUGH })).toThrow("test/server: image: must be in ECR");
  expect(() => buildServer({ privateReach: ENOUGH.slice(0, 4), image })).toThrow(
    "test/server: privateReach: must reach secretsmanager from its private subnets",
  );
});

describe("without a load balancer", () => {
  it("has a private name, and lets in those who are admitted", () => {
    const built = synth((stack) => {
      const server = new PrefectServer(stack, "server", SERVER);
      server.admit({ workers: { securityGroupId: "sg-workers" } });
      expect(server.apiUrl).toBe("http://prefect.dev-prefect.internal:4200/api");
      expect(server.url).toBe("http://prefect.dev-prefect.internal:4200");
    });
    expect(built.one(ServiceDiscoveryPrivateDnsNamespace)).toMatchObject({
      name: "dev-prefect.internal",
      vpc: "vpc-1",
    });
    const rules = built.all(VpcSecurityGroupIngressRule);
    expect(rules.find(({ referenced_security_group_id: id }) => id === "sg-workers")).toMatchObject({
      from_port: 4200,
    });
    expect(env(containerOf(built, FAMILY))).not.toHaveProperty("PREFECT_SERVER_API_BASE_PATH");
  });
});

describe("behind a load balancer", () => {
  it("stands under a path, which page and API know", () => {
    const built = balanced();
    expect(built.one(LbListenerRule).condition).toEqual([{ path_pattern: { values: ["/prefect", "/prefect/*"] } }]);
    expect(built.one(LbTargetGroup)).toMatchObject({ port: 4200, target_type: "ip" });
    expect(built.one(LbTargetGroup).health_check.path).toBe("/prefect/api/health");
    expect(env(containerOf(built, FAMILY))).toMatchObject({
      PREFECT_SERVER_API_BASE_PATH: "/prefect/api",
      PREFECT_UI_SERVE_BASE: "/prefect",
      PREFECT_UI_API_URL: expect.stringMatching(/^http:\/\/\$\{aws_lb\..*\.dns_name\}\/prefect\/api$/),
      PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75",
    });
    expect(containerOf(built, FAMILY).healthCheck.command[3]).toContain(":4200/prefect/api/ready");
    expect(built.outputs.api_url.value).toMatch(/\/prefect\/api$/);
    expect(serviceOf(built, FAMILY).load_balancer).toEqual([
      { target_group_arn: refTo(LbTargetGroup, "arn"), container_name: "server", container_port: 4200 },
    ]);
    expect(built.all(ServiceDiscoveryPrivateDnsNamespace)).toEqual([]);
  });
  it("stands at the root of a host of its own", () => {
    const built = balanced({ host: "prefect.example.com" });
    expect(built.one(LbListenerRule).condition).toEqual([{ host_header: { values: ["prefect.example.com"] } }]);
    expect(built.one(LbTargetGroup).health_check.path).toBe("/api/health");
    expect(built.outputs.url.value).toBe("http://prefect.example.com");
    expect(env(containerOf(built, FAMILY))).not.toHaveProperty("PREFECT_UI_SERVE_BASE");
  });
});

rejects<unknown>(
  "test/server",
  [
    ["name", { name: "Dev" }, "lower-case", '"Dev"'],
    ["name", { name: "x".repeat(41) }, "at most 40"],
    ["region", { region: "mars" }, "AWS region"],
    ["cluster", { cluster: "dev" }, "an EcsCluster"],
    ["subnetIds", { subnetIds: ["subnet-a"] }, "at least 2 items"],
    ["subnetIds", { subnetIds: Array.from({ length: 17 }, (_, i) => `s${i}`) }, "at most 16"],
    ["loadBalancer", { loadBalancer: "balancer" }, "a SharedLoadBalancer"],
    ["host", { host: "prefect.example.com" }, "left out without loadBalancer"],
    ["host", { host: "Prefect" }, "host in lower case"],
    ["image", { image: "prefect:latest" }, "fixed tag"],
    ["memory", { cpu: 512, memory: 8192 }, "one of 1024, 2048, 3072, 4096", "got 8192"],
    ["authentication", { authentication: "admin" }, "boolean"],
    ["authVersion", { authVersion: 0 }, "at least 1"],
    ["authVersion", { authentication: false, authVersion: 2 }, "left out where authentication is off", "got 2"],
    ["database.dbName", { database: { dbName: "postgres" } }, "must not be postgres"],
    ["database.dbStorage", { database: { dbStorage: 19 } }, "at least 20"],
    ["kmsKeyArn", { kmsKeyArn: "alias/a" }, "ARN of a KMS key"],
    [
      "environment.PREFECT_SERVER_DATABASE_HOST",
      { environment: { PREFECT_SERVER_DATABASE_HOST: "x" } },
      "must be left out",
    ],
    ["environment.PREFECT_API_URL", { environment: { PREFECT_API_URL: "x" } }, "must be left out"],
    ["executeCommand", { executeCommand: "yes" }, "boolean"],
    ["alarmTopicArns", { alarmTopicArns: [] }, "at least 1 items"],
    ["desiredCount", { desiredCount: 2 }, "unknown key"],
  ],
  (stack, props) => new PrefectServer(stack, "server", { ...SERVER, ...(props as object) }),
);
