import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { NodePool } from "../../modules/cluster/node-pool";
import type { RunnerPool } from "../../modules/cluster/runner-pool";
import { karpenterObjects } from "../../modules/kube/karpenter-nodes";
import { karpenterFaults, karpenterTagFaults } from "../../modules/kube/karpenter-options";
import { goPrograms } from "../../tools/control-plane/go-programs";
import { KUBERNETES_VERSIONS } from "../../tools/control-plane/kubernetes";
import { type MotoServer, startMoto } from "../../tools/portfolio/moto-server";
import { validRunnerPool } from "../modules/cluster/group-arbitraries.fixture";
import { CPU, GPU, runnersOf } from "../modules/kube/pools.fixture";
import { type AwsCall, allows, callsIn } from "../support/aws-calls";
import type { ChildProgram } from "../support/child-program";
import { freePorts } from "../support/free-ports";
import type { Json } from "../support/synth";
import { ControlPlane } from "./support/control-plane";
import { KarpenterRequests, listed, tagsAtLaunch } from "./support/karpenter-requests";
import { environmentOf, type KarpenterStack, karpenterStack, type World } from "./support/karpenter-stack";
import { podOf } from "./support/pods";

const ASKS_GPU = "nvidia.com/gpu";
const MIG = { mig: "1g.10gb" };
const EFA = { efa: true, instanceTypes: ["p4d.24xlarge"], subnetIndex: 0 };

interface Case {
  readonly pool: Partial<RunnerPool>;
  /** What each pod asks for. */
  readonly pods: Record<string, number>[];
  /** Nodes that these pods need. */
  readonly nodes: number;
}

/** Every kind of pool, and pods for it. */
const CASES: Readonly<Record<string, Case>> = {
  cpu: { pool: { ...CPU, instanceTypes: ["m5.xlarge", "m6i.xlarge"] }, pods: [{ cpu: 2 }], nodes: 1 },
  arm: { pool: { ...CPU, instanceTypes: ["m7g.xlarge"] }, pods: [{ cpu: 2 }], nodes: 1 },
  spot: {
    pool: { ...CPU, capacityType: "SPOT", instanceTypes: ["m5.xlarge", "m5d.xlarge", "m6i.xlarge"] },
    pods: [{ cpu: 2 }],
    nodes: 1,
  },
  zone: { pool: { ...CPU, subnetIndex: 1 }, pods: [{ cpu: 2 }], nodes: 1 },
  disks: { pool: { ...CPU, instanceTypes: ["m5d.xlarge"], localStorage: "raid0" }, pods: [{ cpu: 2 }], nodes: 1 },
  tainted: {
    pool: { ...CPU, additionalTaints: [{ key: "team", value: "a", effect: "NO_EXECUTE" }] },
    pods: [{ cpu: 2 }],
    nodes: 1,
  },
  gpu: { pool: {}, pods: [{ [ASKS_GPU]: 4 }], nodes: 1 },
  bottlerocket: { pool: { imageFamily: "bottlerocket" }, pods: [{ [ASKS_GPU]: 1 }], nodes: 1 },
  turns: {
    pool: { instanceTypes: ["g5.xlarge"], gpuSharing: { timeSlicing: 4 } },
    pods: Array(5).fill({ [ASKS_GPU]: 1 }),
    nodes: 2,
  },
  mps: { pool: { instanceTypes: ["g5.xlarge"], gpuSharing: { mps: 3 } }, pods: [{ [ASKS_GPU]: 3 }], nodes: 1 },
  slots: {
    pool: { imageFamily: "bottlerocket", instanceTypes: ["g5.xlarge"], gpuSharing: { timeSlicing: 2 } },
    pods: [{ [ASKS_GPU]: 2 }],
    nodes: 1,
  },
  mig: { pool: { instanceTypes: ["p4d.24xlarge"], gpuSharing: MIG }, pods: [{ [ASKS_GPU]: 32 }], nodes: 1 },
  fraction: { pool: { instanceTypes: ["g6f.xlarge"], gpuCount: 1 }, pods: [{ [ASKS_GPU]: 1 }], nodes: 1 },
  neuron: {
    pool: { category: "neuron", instanceTypes: ["inf2.xlarge"] },
    pods: [{ "aws.amazon.com/neuron": 1 }],
    nodes: 1,
  },
  efa: { pool: EFA, pods: [{ [ASKS_GPU]: 8, "vpc.amazonaws.com/efa": 4 }], nodes: 1 },
  cards: {
    pool: { ...EFA, instanceTypes: ["p6-b300.48xlarge"] },
    pods: [{ [ASKS_GPU]: 8, "vpc.amazonaws.com/efa": 16 }],
    nodes: 1,
  },
  small: { pool: { ...CPU, maxSize: 1 }, pods: [{ cpu: 3 }, { cpu: 3 }], nodes: 1 },
  enough: {
    pool: { instanceTypes: ["g5.xlarge"], gpuSharing: { timeSlicing: 4 } },
    pods: [{ [ASKS_GPU]: 5 }],
    nodes: 0,
  },
};
const poolOf = (suffix: string, { pool }: Case): RunnerPool => ({ ...GPU, ...pool, minSize: 0, suffix });
const nameOf = (suffix: string) => `runner-${suffix}`;
const claimsOf = (claims: Json[], suffix: string) =>
  claims.filter(({ metadata }) => metadata.labels["karpenter.sh/nodepool"] === nameOf(suffix));

const missing = inject("missing");
describe.skipIf(missing !== "")("Karpenter's controller", () => {
  let plane: ControlPlane;
  let moto: MotoServer;
  let world: World;
  let stack: KarpenterStack;
  let controller: ChildProgram;
  let claims: Json[];
  let calls: AwsCall[];
  const callsFile = join(inject("scratch"), "karpenter-calls.jsonl");

  beforeAll(async () => {
    plane = await ControlPlane.start(KUBERNETES_VERSIONS.at(-1) ?? "", inject("scratch"));
    const worldFile = join(inject("scratch"), "karpenter-world.json");
    const script = join("__tests__", "kube", "support", "python", "karpenter_moto.py");
    const own = {
      CALLS: callsFile,
      WORLD: worldFile,
      AWS_REGION: "us-west-2",
      MOTO_IAM_LOAD_MANAGED_POLICIES: "false",
    };
    moto = await startMoto(
      join(inject("motoEnvironment"), "bin", "python"),
      [script, "-H", "127.0.0.1", "-p", "0"],
      own,
    );
    world = JSON.parse(readFileSync(worldFile, "utf8"));
    stack = karpenterStack(
      world,
      plane.url,
      Object.entries(CASES).map(([suffix, one]) => poolOf(suffix, one)),
    );
    await plane.addKinds("karpenter-crd");
    await plane.kubectl.apply(stack.objects);
    const program = join(await goPrograms({ folder: join("tools", "control-plane", "karpenter") }), "controller");
    const [metrics, health] = await freePorts(2);
    controller = plane.run("karpenter", program, [], {
      ...environmentOf(stack.values),
      KUBECONFIG: plane.kubeconfig,
      LEADER_ELECTION_NAMESPACE: "kube-system", // a pod has it from its account
      METRICS_PORT: String(metrics),
      HEALTH_PROBE_PORT: String(health),
      AWS_ENDPOINT_URL: moto.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
    await controller.until("finds all pools ready", async () => {
      const found = [...(await plane.kubectl.get("nodepools")), ...(await plane.kubectl.get("nodeoverlays"))];
      return found.every(({ status }) => isTrue(status, "Ready")) || undefined;
    });
    await plane.kubectl.create(
      Object.entries(CASES).flatMap(([suffix, { pods }]) =>
        pods.map((asked, i) => pendingPod(`${suffix}-${i}`, suffix, asked)),
      ),
    );
    claims = await controller.until("has started a node for each pod that can have one", async () => {
      const found = await plane.kubectl.get("nodeclaims");
      const enough = Object.entries(CASES).every(([suffix, { nodes }]) => claimsOf(found, suffix).length >= nodes);
      return enough && found.every(({ status }) => isTrue(status, "Launched")) ? found : undefined;
    });
    calls = callsIn(callsFile);
  });
  afterAll(async () => {
    await plane?.stop();
    await moto?.stop();
  });

  describe.each(Object.entries(CASES))("for a pool %s", (suffix, one) => {
    const pool = poolOf(suffix, one);
    const fleets = () =>
      calls.filter(
        ({ action, input }) =>
          action === "CreateFleet" &&
          tagsAtLaunch(input).instance?.["karpenter.sh/nodepool"] === nameOf(suffix) &&
          input.DryRun !== "true",
      );
    it("starts as many nodes as the pods need", () => {
      expect(claimsOf(claims, suffix)).toHaveLength(one.nodes);
    });
    it("starts them of the pool's types, in its subnets, as it buys them", () => {
      const allowed = pool.subnetIndex === undefined ? world.subnetIds : [world.subnetIds[pool.subnetIndex]];
      expect(fleets()).toHaveLength(one.nodes);
      for (const { input } of fleets()) {
        const overrides = listed(input, "LaunchTemplateConfigs").flatMap((config) => listed(config, "Overrides"));
        expect(overrides.length).toBeGreaterThan(0);
        for (const { InstanceType, SubnetId } of overrides) {
          expect(pool.instanceTypes).toContain(InstanceType);
          expect(allowed).toContain(SubnetId);
        }
        const type = pool.capacityType === "SPOT" ? "spot" : "on-demand";
        expect(input["TargetCapacitySpecification.DefaultTargetCapacityType"]).toBe(type);
      }
      for (const { metadata, spec } of claimsOf(claims, suffix)) {
        expect(pool.instanceTypes).toContain(metadata.labels["node.kubernetes.io/instance-type"]);
        for (const { key, value = "", effect } of pool.additionalTaints ?? []) {
          expect(spec.taints).toContainEqual({ key, value, effect: effect === "NO_EXECUTE" ? "NoExecute" : effect });
        }
      }
    });
  });

  it("gives nodes with EFA the interfaces of a node group, in both security groups", () => {
    const interfaces = (suffix: string) =>
      calls
        .filter(
          ({ action, input }) => action === "CreateLaunchTemplate" && JSON.stringify(input).includes(nameOf(suffix)),
        )
        .map(({ input }) => listed(input, "LaunchTemplateData.NetworkInterface"))
        .filter((found) => found.length > 1)[0];
    expect(interfaces("efa")?.map((one) => one.InterfaceType)).toEqual(Array(4).fill("efa"));
    expect(interfaces("cards")?.map((one) => one.InterfaceType)).toEqual(["interface", ...Array(16).fill("efa-only")]);
    for (const one of [...(interfaces("efa") ?? []), ...(interfaces("cards") ?? [])]) {
      expect(listed(one, "SecurityGroupId").sort()).toEqual(
        [world.nodeSecurityGroupId, world.efaSecurityGroupId].sort(),
      );
    }
  });

  describe("its definitions", () => {
    const SPARE = "--dry-run=server";
    const objectsOf = (pool: NodePool) =>
      karpenterObjects(pool, {
        ...{
          clusterName: "ml",
          nodeRoleName: "node",
          nodeSecurityGroupId: "sg-0a",
          subnetIds: world.subnetIds,
          tags: {},
        },
        ...{ consolidation: "WhenEmpty", consolidateAfterMinutes: 5, expireAfterHours: 720 },
      });
    it("take every pool that is accepted", async () => {
      const random = fc
        .sample(validRunnerPool, { numRuns: 100, seed: 17 })
        .flatMap((pool, i) => runnersOf({ ...pool, minSize: 0, suffix: `random-${i}` }))
        .filter((pool) => karpenterFaults(pool, world.subnetIds).length === 0);
      expect(random.length).toBeGreaterThan(20);
      await plane.kubectl.apply(random.flatMap(objectsOf), SPARE);
    });
    it.each([
      ["tags", "eks:eks-cluster-name"],
      ["tags", "kubernetes.io/cluster/ml"],
      ["tags", "kubernetes.io/cluster"],
      ["tags", "karpenter.sh/nodepool"],
      ["tags", "karpenter.sh/nodeclaim"],
      ["tags", "karpenter.k8s.aws/ec2nodeclass"],
      ["labels", "karpenter.sh/x"],
      ["labels", "notkarpenter.sh/x"],
      ["labels", "karpenter.sh"],
      ["labels", "a.karpenter.k8s.aws/x"],
    ])("refuse what is refused: %s %s", async (kind, key) => {
      const [nodeClass, nodePool] = objectsOf(runnersOf(poolOf("spare", CASES.cpu as Case))[0] as NodePool) as Json[];
      if (kind === "tags") nodeClass.spec.tags = { [key]: "x" };
      else nodePool.spec.template.metadata.labels = { [key]: "x" };
      await expect(plane.kubectl.apply([kind === "tags" ? nodeClass : nodePool], SPARE)).rejects.toThrow("restricted");
      const faults =
        kind === "tags"
          ? karpenterTagFaults({ [key]: "x" })
          : karpenterFaults({
              ...(runnersOf(poolOf("spare", CASES.cpu as Case))[0] as NodePool),
              labels: { [key]: "x" },
            });
      expect(faults).toHaveLength(1);
    });
  });

  it("starts no node beyond maxSize for a pod that comes later", async () => {
    await plane.kubectl.create([pendingPod("small-later", "small", { cpu: 3 })]);
    const of = "--field-selector=involvedObject.name=small-later,reportingComponent=karpenter";
    const [event] = await plane.kubectl.until("what Karpenter says of the pod", async () => {
      const events = await plane.kubectl.get("events", of);
      return events.length > 0 ? events : undefined;
    });
    expect(event.message).toMatch(/exceed limits|limits have been exhausted/);
    expect(claimsOf(await plane.kubectl.get("nodeclaims"), "small")).toHaveLength(1);
  });

  it("ends what it started when its objects are deleted", async () => {
    await plane.kubectl.delete([...stack.objects].reverse(), 100);
    expect(await plane.kubectl.get("nodeclaims")).toEqual([]);
  });

  it("makes no call that its policy refuses, and every kind of change that it is allowed", () => {
    const requests = new KarpenterRequests(world);
    const asked = callsIn(callsFile).flatMap((call) => requests.of(call));
    expect(asked.filter((request) => !allows(stack.statements, request))).toEqual([]);
    const changing = stack.statements.flatMap(({ Action }) => [Action].flat()).filter((action) => !isReading(action));
    const made = new Set([...asked.map(({ action }) => action), ...IMPLIED]);
    expect(changing.filter((action) => !made.has(action))).toEqual([]);
  });
});

/** What IAM asks for beside the call that was made, and what an event from the queue would take. */
const IMPLIED = ["iam:PassRole", "iam:TagInstanceProfile", "sqs:DeleteMessage"];
const isReading = (action: string) => /:(Describe|Get|List|Receive)/.test(action);
const isTrue = (status: Json, type: string) =>
  (status?.conditions ?? []).some((one: Json) => one.type === type && one.status === "True");

/** A pod that waits for a node of one pool. */
const pendingPod = (name: string, suffix: string, asked: Record<string, number>) =>
  podOf(name, {
    spec: { tolerations: [{ operator: "Exists" }], nodeSelector: { "karpenter.sh/nodepool": nameOf(suffix) } },
    container: {
      resources: { limits: Object.fromEntries(Object.entries(asked).map(([key, n]) => [key, String(n)])) },
    },
  });
