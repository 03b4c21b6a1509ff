import { expect, it } from "vitest";
import { gpuDashboard } from "../../../modules/kube/gpu-dashboard";
import { matchesGolden } from "./golden.fixture";

/** Metrics that the exporter gives unless told otherwise: github.com/NVIDIA/dcgm-exporter, etc/default-counters.csv. */
const GIVEN = [
  "DCGM_FI_DEV_SM_CLOCK",
  "DCGM_FI_DEV_GPU_TEMP",
  "DCGM_FI_DEV_POWER_USAGE",
  "DCGM_FI_DEV_GPU_UTIL",
  "DCGM_FI_DEV_XID_ERRORS",
  "DCGM_FI_DEV_FB_FREE",
  "DCGM_FI_DEV_FB_USED",
  "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
  "DCGM_FI_PROF_DRAM_ACTIVE",
  "DCGM_FI_PROF_PCIE_TX_BYTES",
  "DCGM_FI_PROF_PCIE_RX_BYTES",
];
const { panels } = gpuDashboard();
const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

it("is as rendered", async () => {
  await matchesGolden(gpuDashboard(), "gpu-dashboard");
});
it("asks for every metric that the exporter gives of a GPU's work, and for no other", () => {
  expect([...new Set(queries.flatMap((expr) => expr.match(/DCGM_\w+/g) ?? []))].sort()).toEqual([...GIVEN].sort());
});
it("minds the chosen nodes in each query", () => {
  for (const expr of queries) {
    const metrics = expr.match(/DCGM_\w+/g) ?? [];
    expect(expr.match(/DCGM_\w+\{node=~"\$node"/g), expr).toHaveLength(metrics.length);
  }
});
it("fills rows of 24 columns, no panel over another", () => {
  for (const y of new Set(panels.map(({ gridPos }) => gridPos.y))) {
    const row = panels.filter(({ gridPos }) => gridPos.y === y);
    expect(row.reduce((sum, { gridPos }) => sum + gridPos.w, 0)).toBe(24);
  }
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});
it("says of each panel what it shows", () => {
  for (const { title, description } of panels) expect(description.length, title).toBeGreaterThan(10);
});
