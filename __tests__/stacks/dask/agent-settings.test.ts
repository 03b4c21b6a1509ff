import { describe, expect, it } from "vitest";
import { agentSchema } from "../../../stacks/dask/agent-settings";

const WORKERS = [{ name: "dev", workPool: "dev" }];
const API = { url: "https://prefect.example.com/api" };
const faults = (settings: unknown) =>
  (agentSchema.safeParse(settings).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("the agent layer", () => {
  it.each([
    { api: API, workers: WORKERS },
    { server: {}, workers: WORKERS },
    { server: {}, workers: WORKERS, alarms: true, alertEmails: ["ops@example.com"] },
  ])("takes %j", (settings) => {
    expect(faults(settings)).toEqual([]);
  });
  it("keeps logs for a month, and counts no tasks, by default", () => {
    expect(agentSchema.parse({ server: {}, workers: WORKERS })).toMatchObject({
      alarms: false,
      cluster: { logRetentionDays: 30, containerInsights: "disabled" },
    });
  });
  it.each<[unknown, string]>([
    [{ workers: WORKERS }, "api: or server is required, but not both, got neither"],
    [{ api: API, server: {}, workers: WORKERS }, "api: or server is required, but not both, got both"],
    [{ api: API }, "workers: "],
    [
      { api: API, workers: WORKERS, alertEmails: ["ops@example.com"] },
      "alertEmails: must be left out where alarms is off",
    ],
    [{ api: API, workers: WORKERS, pools: { prod: {} } }, "pools.prod: must be the pool of a worker (dev)"],
    [{ api: API, workers: [...WORKERS, ...WORKERS] }, "workers.1.name: must be unique"],
  ])("refuses %j", (settings, fault) => {
    expect(faults(settings).join("; ")).toContain(fault);
  });
});
