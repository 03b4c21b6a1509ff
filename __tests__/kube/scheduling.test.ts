import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Json } from "../support/synth";
import { onKubernetes } from "./kube.fixture";
import { POD_KINDS, POOLS } from "./scheduling.fixture";
import { ControlPlane } from "./support/control-plane";
import { nodeOf } from "./support/nodes";
import { podOf, verdictOf } from "./support/pods";

const FITS = "fits";
/** Pools whose nodes each kind of pod may be on. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  plain: ["default", "extra"],
  "of ExaDeploy's scheduler": ["scheduler"],
  "of ExaDeploy's module repository": ["module-repository"],
  "of Prometheus": ["prometheus"],
  "of a batch group": ["batch"],
  "a runner": ["runner-cpu"],
  "a GPU, no toleration": ["extra-gpu"],
  "a GPU": [
    "extra-gpu",
    "runner-bottlerocket",
    "runner-efa",
    "runner-gpu",
    "runner-mig",
    "runner-mps",
    "runner-shared",
  ],
  // four shares of one GPU are as good as four GPUs to the scheduler: whoever wants whole ones names the pool
  "four GPUs": ["runner-efa", "runner-gpu", "runner-mig", "runner-shared"],
  "a share of four": ["runner-shared"],
  "a MIG instance": ["runner-mig"],
  "GPUs with EFA": ["runner-efa"],
  "a Neuron device": ["extra-inf", "runner-inf"],
  "a NeuronCore": ["extra-inf", "runner-inf"],
  "a NeuronCore, no toleration": [],
  "more CPUs than a node": [],
};

onKubernetes("the scheduler", (version) => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await ControlPlane.start(version, inject("scratch"));
  });
  afterAll(() => plane?.stop());

  describe("every kind of pod on every kind of pool", () => {
    const kinds = Object.keys(POD_KINDS);
    const cells = kinds.flatMap((kind, row) => POOLS.map((pool) => ({ kind, pool, name: `${pool.name}-${row}` })));
    let verdicts: Map<string, string>;
    beforeAll(async () => {
      // a node for each pair, so that no pod takes the room of another
      await plane.addNodes(cells.map(({ pool, name }) => nodeOf(pool, name)));
      await plane.kubectl.create(cells.map(({ kind, name }) => podOf(name, POD_KINDS[kind] ?? {}, name)));
      verdicts = await plane.kubectl.until("a verdict on every pod", async () => {
        const pods = await plane.kubectl.get("pods");
        const found = new Map(
          pods.flatMap((pod: Json) => (verdictOf(pod) ? [[pod.metadata.name, verdictOf(pod)]] : [])),
        );
        return found.size === cells.length ? (found as Map<string, string>) : undefined;
      });
    });
    const verdictOn = (row: number, { name }: { name: string }) => verdicts.get(`${name}-${row}`) ?? "";

    it.each(kinds.map((kind, row) => [kind, row] as const))(
      "%s goes where it should, and nowhere else",
      (kind, row) => {
        const fitting = POOLS.filter((pool) => verdictOn(row, pool) === FITS);
        expect(fitting.map(({ name }) => name)).toEqual(TABLE[kind]);
      },
    );
    it("is kept off the others for the reasons of the table, the same on every version", async () => {
      const lines = kinds.flatMap((kind, row) => {
        const found = [...new Set(POOLS.map((pool) => verdictOn(row, pool)))];
        const rows = found.map((verdict) => {
          const pools = POOLS.filter((pool) => verdictOn(row, pool) === verdict);
          return `  ${verdict}: ${pools.map(({ name }) => name).join(", ")}`;
        });
        return [kind, ...rows.sort()];
      });
      await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("rendered/scheduling.txt");
    });
  });
});
