import { describe, expect, it } from "vitest";
import { notPriced, paid, ref } from "./cost.fixture";

describe("a cluster", () => {
  const cluster = (own: object) => ({ aws_eks_cluster: { c: own } });
  const extended = (version: string) => ({
    "EKS cluster": [100, "hour", 10],
    [`EKS extended support of ${version}`]: [100, "hour", 50],
  });
  it("costs its hours", () => {
    expect(paid(cluster({ version: "1.34" }))).toEqual({ "EKS cluster": [100, "hour", 10] });
    expect(paid(cluster({}))).toEqual({ "EKS cluster": [100, "hour", 10] });
  });
  it("costs extended support when its version is in it and EKS does not upgrade it", () => {
    expect(paid(cluster({ version: "1.31" }))).toEqual(extended("1.31"));
    expect(paid(cluster({ version: "1.9" }))).toEqual(extended("1.9"));
    expect(paid(cluster({ version: "1.31", upgrade_policy: { support_type: "EXTENDED" } }))).toEqual(extended("1.31"));
    expect(paid(cluster({ version: "1.32" }))).toEqual({ "EKS cluster": [100, "hour", 10] });
    expect(paid(cluster({ version: "2.0" }))).toEqual({ "EKS cluster": [100, "hour", 10] });
    expect(paid(cluster({ version: "1.31", upgrade_policy: { support_type: "STANDARD" } }))).toEqual({
      "EKS cluster": [100, "hour", 10],
    });
  });
  it("costs its provisioned tier besides", () => {
    expect(paid(cluster({ control_plane_scaling_config: { tier: "tier-2xl" } }))).toEqual({
      "EKS cluster": [100, "hour", 10],
      "EKS control plane tier-2xl": [100, "hour", 340],
    });
    expect(paid(cluster({ control_plane_scaling_config: { tier: "standard" } }))).toEqual({
      "EKS cluster": [100, "hour", 10],
    });
  });
  it.each([
    [{ version: ref("var.version") }, "version is not known at synth"],
    [
      { control_plane_scaling_config: { tier: "tier-ultra" } },
      "EKS control plane tier-ultra has no price in us-east-1",
    ],
    [{ compute_config: { enabled: true } }, "nodes that EKS Auto Mode makes, and its fee on them: by use"],
  ])("of %j is listed: %s", (own, reason) => {
    expect(notPriced(cluster(own))).toEqual([`aws_eks_cluster.c: ${reason}`]);
  });
});

describe("a service on Fargate", () => {
  const service = (own: object = {}, task: object = {}) => ({
    aws_ecs_task_definition: { t: { cpu: "512", memory: "2048", ...task } },
    aws_ecs_service: {
      s: {
        name: "workers",
        launch_type: "FARGATE",
        desired_count: 4,
        task_definition: ref("aws_ecs_task_definition.t.arn"),
        ...own,
      },
    },
  });
  it("costs the cores and memory of its tasks", () => {
    expect(paid(service())).toEqual({
      "Fargate vCPU": [200, "vCPU-hour", 8.1],
      "Fargate memory": [800, "GB-hour", 3.56],
    });
    expect(notPriced(service())).toEqual([]);
    expect(paid(service(), { usage: { sizes: { workers: 1 } } })["Fargate vCPU"]).toEqual([50, "vCPU-hour", 2.02]);
    expect(paid(service({ desired_count: undefined }))["Fargate vCPU"]).toEqual([0, "vCPU-hour", 0]);
  });
  it("costs less on ARM, and more with a public address or a larger disk", () => {
    expect(paid(service({}, { runtime_platform: { cpu_architecture: "ARM64" } }))).toEqual({
      "Fargate ARM vCPU": [200, "vCPU-hour", 6.48],
      "Fargate ARM memory": [800, "GB-hour", 2.85],
    });
    const larger = service(
      { network_configuration: { assign_public_ip: true } },
      { ephemeral_storage: { size_in_gib: 120 } },
    );
    expect(paid(larger)).toMatchObject({
      "public IPv4": [400, "hour", 2],
      "Fargate disk above 20 GB": [40_000, "GB-hour", 4.44],
    });
  });
  it("is spread by its strategy over Fargate and Fargate Spot", () => {
    const spread = (...capacity_provider_strategy: object[]) =>
      paid(service({ launch_type: undefined, capacity_provider_strategy }));
    expect(
      spread({ capacity_provider: "FARGATE", base: 1, weight: 1 }, { capacity_provider: "FARGATE_SPOT", weight: 2 }),
    ).toMatchObject({ "Fargate vCPU": [100, "vCPU-hour", 4.05], "Fargate Spot vCPU": [100, "vCPU-hour", 1.21] });
    expect(spread({ capacity_provider: "FARGATE_SPOT", weight: 1 })).toMatchObject({
      "Fargate vCPU": [0, "vCPU-hour", 0],
      "Fargate Spot vCPU": [200, "vCPU-hour", 2.43],
    });
    expect(spread({ capacity_provider: "FARGATE", base: 9 }, { capacity_provider: "FARGATE_SPOT", weight: 1 })).toEqual(
      paid(service()),
    );
    expect(spread({ capacity_provider: ref("aws_ecs_capacity_provider.p.name"), weight: 1 })).toEqual({});
  });
  it("costs nothing by itself on instances or as a daemon", () => {
    expect(paid(service({ launch_type: "EC2" }))).toEqual({});
    expect(paid(service({ scheduling_strategy: "DAEMON" }))).toEqual({});
  });
  it.each([
    [{ task_definition: "workers:3" }, {}, "its aws_ecs_task_definition is not in this stack"],
    [{ desired_count: ref("var.n") }, {}, "desired_count is not known at synth"],
    [{ launch_type: undefined }, {}, "its launch type is that of its cluster, of which the service does not tell"],
    [{}, { cpu: undefined }, "aws_ecs_task_definition.cpu is not given"],
    [
      {},
      { runtime_platform: { operating_system_family: "WINDOWS_SERVER_2022_CORE" } },
      "Fargate tasks on Windows have no price here",
    ],
  ])("of %j with %j is listed: %s", (own, task, reason) => {
    expect(notPriced(service(own, task))).toEqual([`aws_ecs_service.s: ${reason}`]);
  });
});
