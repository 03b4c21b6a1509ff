import { Token } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { releaseShape } from "../../../modules/exadeploy/release-settings";
import { type Release, type ReleaseBackend, releaseValues } from "../../../modules/exadeploy/release-values";
import type { Json } from "../../support/synth";

const image = "registry.example.com/a:1";
const IMAGES = { scheduler: { image }, moduleRepository: { image }, runner: { image } };
const BACKEND: ReleaseBackend = {
  rdsAddress: "db.example.com",
  rdsPort: 5432,
  rdsUsername: "exa",
  rdsDatabase: "modulerepo",
  passwordSecret: { name: "exa-database", key: "postgres_password" },
  certificates: { name: "exa-rds-ca", key: "rds-ca.pem" },
  s3BucketId: "modules",
  s3Region: "us-west-1",
};
const nowhere = { nodeSelector: {}, tolerations: [] };
const values = (settings: object = {}, release: Partial<Release> = {}): Json =>
  releaseValues({
    ...z.strictObject(releaseShape).parse({ ...IMAGES, ...settings }),
    apiKeySecret: { name: "exa-api-key", key: "api_key" },
    serviceAccount: "exadeploy",
    scheduling: { scheduler: nowhere, moduleRepository: nowhere, runner: nowhere },
    cpuOnly: false,
    ...release,
  });

it("names the API key by its Secret, and makes no role", () => {
  expect(values()).toMatchObject({
    exafunction: { apiKeySecret: { name: "exa-api-key", key: "api_key" }, suffix: "", clusterDomain: "cluster.local" },
    rbac: { create: false },
    serviceAccount: { create: true, name: "exadeploy" },
  });
});
it("keeps modules on the node without a backend", () => {
  expect(values().moduleRepository.backend).toEqual({ type: "local" });
});
it("names all of a backend, by TLS", () => {
  expect(values({}, { backend: BACKEND }).moduleRepository.backend).toEqual({
    type: "remote",
    remote: {
      postgres: {
        host: "db.example.com",
        port: 5432,
        database: "modulerepo",
        user: "exa",
        passwordSecret: { name: "exa-database", key: "postgres_password" },
        sslCertificateName: "rds-ca.pem",
        sslConfigMapName: "exa-rds-ca",
      },
      dataBackend: "s3",
      s3: { region: "us-west-1", bucket: "modules" },
    },
  });
});
it("names the bucket's access key where there is one", () => {
  const { s3 } = values({}, { backend: { ...BACKEND, accessKeySecret: "exa-s3" } }).moduleRepository.backend.remote;
  expect(s3.awsAccessKeySecret).toEqual({
    name: "exa-s3",
    accessKeyIdKey: "access_key",
    secretAccessKeyKey: "secret_key",
  });
});
it("takes a port that another stack tells into text, where Terraform finds it", () => {
  const rdsPort = Token.asNumber({ resolve: () => 5433 });
  const { port } = values({}, { backend: { ...BACKEND, rdsPort } }).moduleRepository.backend.remote.postgres;
  expect(port).toMatch(/^\$\{TfToken\[/);
});
it("has each setting where the chart looks for it", () => {
  const all = values(
    {
      scheduler: {
        image: `${image}-s`,
        cpu: "4",
        memory: "8Gi",
        placementGroupDeletionLagSeconds: 6,
        runnerCreationTimeoutSeconds: 900,
        runnerDeletionLagSeconds: 7,
        minRunners: 1,
        maxRunners: 9,
        disableClientsKillingRunners: true,
        additionalConfig: "a: 1",
      },
      moduleRepository: { image: `${image}-m`, cpu: "2", memory: "6Gi", additionalConfig: "b: 1" },
      runner: {
        image: `${image}-r`,
        cpuLimit: "3",
        memoryLimit: "12Gi",
        valueStoreThreads: 8,
        serializeAll: true,
        createHeadlessService: true,
        ingressHost: "runners.example.com",
        additionalConfig: "c: 1",
      },
      suffix: "two",
      clusterDomain: "example.internal",
    },
    { cpuOnly: true },
  );
  expect(all).toMatchObject({
    exafunction: { suffix: "two", clusterDomain: "example.internal" },
    scheduler: {
      image: `${image}-s`,
      resources: { requests: { cpu: "4", memory: "8Gi" }, limits: { cpu: "4", memory: "8Gi" } },
      placementGroupDeletionLagSeconds: 6,
      runnerCreationTimeoutSeconds: 900,
      runnerDeletionLagSeconds: 7,
      minRunners: 1,
      maxRunners: 9,
      disableClientsKillingRunners: true,
      additionalConfig: "a: 1",
    },
    moduleRepository: {
      image: `${image}-m`,
      resources: { requests: { cpu: "2", memory: "6Gi" }, limits: { cpu: "2", memory: "6Gi" } },
      additionalConfig: "b: 1",
    },
    runner: {
      image: `${image}-r`,
      cpuLimit: "3",
      memoryLimit: "12Gi",
      cpuOnly: true,
      valueStoreThreads: 8,
      serializeAll: true,
      createHeadlessService: true,
      ingress: { enabled: true, host: "runners.example.com" },
      additionalConfig: "c: 1",
    },
  });
  expect(values().runner).not.toHaveProperty("ingress");
});
it.each([
  ["internal", "LoadBalancer", { "service.beta.kubernetes.io/aws-load-balancer-internal": "true" }],
  [
    "internal-nlb",
    "LoadBalancer",
    {
      "service.beta.kubernetes.io/aws-load-balancer-type": "external",
      "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
      "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    },
  ],
  ["cluster", "ClusterIP", undefined],
])("is reached as asked: %s", (exposure, type, annotations) => {
  const { scheduler, moduleRepository } = values({ exposure });
  expect(scheduler.service).toEqual({ type, ...(annotations && { annotations }) });
  expect(moduleRepository.service).toEqual(scheduler.service);
});
it("spells tolerations as the chart's template takes them: each with an effect, none of an empty value", () => {
  const runner = {
    nodeSelector: { role: "runner" },
    tolerations: [
      { key: "dedicated", operator: "Equal", value: "runner", effect: "NoSchedule" },
      { key: "team", operator: "Equal", value: "", effect: "NoExecute" },
      { key: "nvidia.com/gpu", operator: "Exists" },
    ],
  } as const;
  const { runner: placed, scheduler } = values(
    {},
    { scheduling: { scheduler: nowhere, moduleRepository: nowhere, runner } },
  );
  expect(placed.nodeSelector).toEqual({ role: "runner" });
  expect(placed.tolerations).toEqual([
    { key: "dedicated", operator: "Equal", value: "runner", effect: "NoSchedule" },
    { key: "team", operator: "Exists", effect: "NoExecute" },
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
    { key: "nvidia.com/gpu", operator: "Exists", effect: "PreferNoSchedule" },
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoExecute" },
  ]);
  expect(scheduler.tolerations).toEqual([]);
});
