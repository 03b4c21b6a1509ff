import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { firstGpuJob } from "../../examples/first-gpu-job/environment";
import { allocatableOf } from "../../modules/cluster/allocatable";
import type { NodePool } from "../../modules/cluster/node-pool";
import { bytes } from "../../modules/kube/quantity";
import { poolsOf, runnersOf } from "../modules/kube/pools.fixture";
import type { Json } from "../support/synth";
import { onKubernetes } from "./kube.fixture";
import { ControlPlane } from "./support/control-plane";
import { nodeOf } from "./support/nodes";
import { podOf } from "./support/pods";
import { objectsOf } from "./support/stack-objects";

const EXAMPLE = join("examples", "first-gpu-job");
const IN_JOBS = "--namespace=jobs";

const { systemGroups, runnerPools } = firstGpuJob.exadeploy?.cluster ?? {};

onKubernetes("the first GPU job", (version) => {
  let plane: ControlPlane;
  let queue: Json[];
  beforeAll(async () => {
    plane = await ControlPlane.start(version, inject("scratch"));
    await plane.addKinds("kueue", "kuberay-operator");
    await plane.kubectl.apply(Object.values(objectsOf(firstGpuJob)).flat());
    const pools = poolsOf({ systemGroups, runnerPools });
    expect(pools.map(({ name }) => name)).toEqual(["default", "runner-gpu"]);
    await plane.addNodes(pools.flatMap((pool) => [1, 2].map((number) => nodeOf(pool, `${pool.name}-${number}`))));
    queue = await plane.kubectl.applyFile(join(EXAMPLE, "queue.yaml"));
  });
  afterAll(() => plane?.stop());

  /** Selector and tolerations that Kueue gives to pods of a flavor. Source: Kueue's documentation, "Resource Flavor". */
  const flavor = (name: string): { nodeSelector: Json; tolerations: Json[] } => {
    const { spec = {} } = queue.find((one) => one.kind === "ResourceFlavor" && one.metadata.name === name) ?? {};
    return { nodeSelector: spec.nodeLabels ?? {}, tolerations: spec.tolerations ?? [] };
  };
  const nodeNamed = async (...selector: string[]) => {
    const [pod] = await plane.kubectl.until("a pod with a node", async () => {
      const pods = await plane.kubectl.get("pods", IN_JOBS, ...selector);
      return pods[0]?.spec.nodeName ? pods : undefined;
    });
    return pod?.spec.nodeName;
  };

  it("has a quota for every flavor and resource, which leads pods without a GPU past the GPU nodes", () => {
    const { spec } = queue.find((one) => one.kind === "ClusterQueue") as Json;
    const [group, ...others] = spec.resourceGroups;
    expect(others).toEqual([]);
    expect(group.flavors.map(({ name }: Json) => name)).toEqual(["cpu", "gpu"]);
    const gpus = group.flavors.map(
      ({ resources }: Json) => resources.find(({ name }: Json) => name === "nvidia.com/gpu").nominalQuota,
    );
    expect(gpus.map(String)).toEqual(["0", "4"]);
  });
  it("admits no more than the nodes of the pool can hold", () => {
    const [pool] = runnersOf(...(runnerPools ?? []));
    const { cpu = "", memory = "" } = allocatableOf((pool as NodePool).settings, { prefixDelegation: false });
    const { spec } = queue.find((one) => one.kind === "ClusterQueue") as Json;
    const [, { resources }] = spec.resourceGroups[0].flavors;
    const quota = (name: string) => resources.find((one: Json) => one.name === name).nominalQuota;
    const nodes = runnerPools?.[0]?.maxSize ?? 0;
    expect(Number(quota("cpu"))).toBeLessThan((nodes * Number.parseInt(cpu, 10)) / 1000);
    expect(bytes(quota("memory"))).toBeLessThan(nodes * bytes(memory));
    expect(quota("nvidia.com/gpu")).toBe(String(nodes)); // a GPU each
  });
  it("waits suspended, without a pod, until it is admitted; then it runs on a GPU node and ends", async () => {
    await plane.kubectl.applyFile(join(EXAMPLE, "train.yaml"));
    await plane.kubectl.do("wait", "--for=condition=Suspended", "job/first-training", IN_JOBS, "--timeout=60s");
    expect(await plane.kubectl.get("pods", IN_JOBS)).toEqual([]);

    const { nodeSelector, tolerations } = flavor("gpu");
    const admitted = { spec: { suspend: false, template: { spec: { nodeSelector, tolerations } } } };
    await plane.kubectl.do(
      "patch",
      "job/first-training",
      IN_JOBS,
      "--type=merge",
      `--patch=${JSON.stringify(admitted)}`,
    );
    expect(await nodeNamed("--selector=job-name=first-training")).toMatch(/^runner-gpu-/);
    await plane.kubectl.do("wait", "--for=condition=Complete", "job/first-training", IN_JOBS, "--timeout=60s");
  });
  it("without the queue stays off the GPU nodes, whose taint of runners it does not tolerate", async () => {
    const pod = podOf("alone", { container: { resources: { limits: { "nvidia.com/gpu": "1" } } } });
    await plane.kubectl.create([{ ...pod, metadata: { name: "alone", namespace: "jobs" } }]);
    await plane.kubectl.do("wait", "--for=condition=PodScheduled=False", "pod/alone", IN_JOBS, "--timeout=60s");
    await plane.kubectl.do("delete", "pod", "alone", IN_JOBS);
  });
  it("is followed by a service, whose head needs no GPU node and whose worker gets one", async () => {
    const [service] = await plane.kubectl.applyFile(join(EXAMPLE, "inference.yaml"));
    const { headGroupSpec, workerGroupSpecs } = (service as Json).spec.rayClusterConfig;
    const pods = { head: [headGroupSpec, "cpu"], worker: [workerGroupSpecs[0], "gpu"] } as const;
    for (const [name, [group, flavored]] of Object.entries(pods)) {
      const spec = { ...group.template.spec, ...flavor(flavored) };
      const metadata = { name, namespace: "jobs", labels: { ray: name } };
      await plane.kubectl.create([{ apiVersion: "v1", kind: "Pod", metadata, spec }]);
    }
    expect(await nodeNamed("--selector=ray=head")).toMatch(/^default-/);
    expect(await nodeNamed("--selector=ray=worker")).toMatch(/^runner-gpu-/);
  });
  it("stays within the namespace's quota, beside the queue's", async () => {
    const [quota] = await plane.kubectl.get("resourcequota", IN_JOBS);
    expect(quota?.spec.hard["requests.nvidia.com/gpu"]).toBe("4");
    const pod = podOf("many", { container: { resources: { limits: { "nvidia.com/gpu": "5" } } } });
    const { stderr } = await plane.kubectl.tryCreate([{ ...pod, metadata: { name: "many", namespace: "jobs" } }]);
    expect(stderr).toContain("exceeded quota");
  });
  it("may not use the host's network, which the namespace's standard forbids", async () => {
    const pod = podOf("host", { spec: { hostNetwork: true } });
    const { stderr } = await plane.kubectl.tryCreate([{ ...pod, metadata: { name: "host", namespace: "jobs" } }]);
    expect(stderr).toContain("violates PodSecurity");
  });
});
