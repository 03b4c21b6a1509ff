import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { workOf } from "../../../assets/gateway/work";
import type { NodeInfo } from "../../../assets/gateway/worker-answers";
import type { Limits } from "../../../assets/gateway/worker-client";
import { type WorkerTrouble, workerFault } from "../../../assets/gateway/worker-fault";
import { COMPLETE, IDLE, RUNNING } from "../../support/fake-worker";

const info = { ...IDLE, running_tasks: [RUNNING], recent_completed_tasks: [COMPLETE, COMPLETE] } as NodeInfo;

describe("what workers do", () => {
  it("is counted, with ten of them asked at a time", async () => {
    let open = 0;
    let most = 0;
    const addresses = Array.from({ length: 100 }, (_, n) => `10.0.0.${n}`);
    const nodeInfo = async () => {
      most = Math.max(most, ++open);
      await wait(1);
      open--;
      return info;
    };
    const work = await workOf({ nodeInfo }, addresses);
    expect([...work.keys()]).toEqual(addresses);
    expect(work.get("10.0.0.99")).toEqual({ running: 1, completed: 2, free: 4 });
    expect(most).toBe(10);
  });
  it("is limited in time and size for each", async () => {
    const limits: unknown[] = [];
    const nodeInfo = async (_: string, given: unknown) => {
      limits.push(given);
      return info;
    };
    await workOf({ nodeInfo }, ["10.0.0.1"]);
    expect(limits).toEqual([{ timeoutMs: 1_500, maxBytes: 1_048_576, signal: expect.any(AbortSignal) }]);
  });
  it.each<[WorkerTrouble, string]>([
    [{ kind: "time", seconds: 1, port: 1, posted: false }, "No answer"],
    [{ kind: "connection", code: "ECONNREFUSED", port: 1 }, "No connection"],
    [{ kind: "status", status: 500 }, "Returned an error"],
    [{ kind: "not-json", beginning: "" }, "Invalid answer"],
    [{ kind: "shape", issue: "" }, "Invalid answer"],
    [{ kind: "large", megabytes: 1 }, "Answer too large"],
  ])("with %o is %s, and others are counted all the same", async (trouble, problem) => {
    const nodeInfo = async (address: string) => {
      if (address === "bad") throw workerFault(address, trouble);
      return info;
    };
    const work = await workOf({ nodeInfo }, ["bad", "good"]);
    expect(work.get("bad")).toEqual({ problem });
    expect(work.get("good")).toMatchObject({ running: 1 });
  });
  it("is not waited for when the first take all the time", async () => {
    const asked: string[] = [];
    const nodeInfo = (address: string, { signal }: Limits = {}) => {
      asked.push(address);
      return new Promise<NodeInfo>((_, reject) => {
        const trouble = { kind: "time", seconds: 1, port: 1, posted: false } as const;
        signal?.addEventListener("abort", () => reject(workerFault(address, trouble)));
      });
    };
    const addresses = Array.from({ length: 12 }, (_, n) => `10.0.0.${n}`);
    const work = await workOf({ nodeInfo }, addresses, 30);
    expect(asked).toEqual(addresses.slice(0, 10));
    expect(work.get("10.0.0.9")).toEqual({ problem: "No answer" });
    expect(work.get("10.0.0.11")).toEqual({ problem: "Not queried: other workers took too long" });
  });
  it("does not hide an error of its own", async () => {
    const nodeInfo = async () => Promise.reject(new TypeError("mine"));
    await expect(workOf({ nodeInfo }, ["a"])).rejects.toThrow("mine");
  });
});
