import { type Panel, panelsOf, variablesOf } from "./grafana-dashboard";

/** GPUs of the selected nodes; one series per GPU or MIG instance. */
const chosen = 'node=~"$node"';
const perGpu = "{{node}} {{gpu}}{{GPU_I_ID}}";

const lines = (title: string, description: string, unit: string, expr: string, max?: number): Panel => ({
  kind: "timeseries",
  title,
  description,
  unit,
  max,
  queries: [{ expr, legend: perGpu }],
});
const number = (title: string, description: string, unit: string, expr: string, max?: number): Panel => ({
  kind: "stat",
  title,
  description,
  unit,
  max,
  queries: [{ expr }],
});

const ROWS: readonly (readonly Panel[])[] = [
  [
    number("GPUs", "GPUs that report, on all chosen nodes.", "none", `count(DCGM_FI_DEV_FB_USED{${chosen}})`),
    number(
      "GPUs in use",
      "GPUs that a pod has been given, busy or not.",
      "none",
      `count(DCGM_FI_DEV_FB_USED{${chosen},exported_pod!=""}) or vector(0)`,
    ),
    number("Utilization", "Mean over all GPUs.", "percent", `avg(DCGM_FI_DEV_GPU_UTIL{${chosen}})`, 100),
    number(
      "Memory used",
      "Of the memory of all GPUs.",
      "percent",
      `100 * sum(DCGM_FI_DEV_FB_USED{${chosen}}) / sum(DCGM_FI_DEV_FB_USED{${chosen}} + DCGM_FI_DEV_FB_FREE{${chosen}})`,
      100,
    ),
    number("Power", "Of all GPUs together.", "watt", `sum(DCGM_FI_DEV_POWER_USAGE{${chosen}})`),
    number(
      "GPUs with errors",
      "GPUs whose driver reported an XID error; the number of the last is in the panel below.",
      "none",
      `count(DCGM_FI_DEV_XID_ERRORS{${chosen}} > 0) or vector(0)`,
    ),
  ],
  [
    lines(
      "Utilization",
      "Part of the time in which a kernel ran, be it on one multiprocessor or on all.",
      "percent",
      `DCGM_FI_DEV_GPU_UTIL{${chosen}}`,
      100,
    ),
    lines(
      "Tensor cores active",
      "Part of the cycles in which tensor cores worked: what training is bought for.",
      "percentunit",
      `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${chosen}}`,
      1,
    ),
  ],
  [
    lines("Memory used", "Frame buffer in use.", "decmbytes", `DCGM_FI_DEV_FB_USED{${chosen}} * 1.048576`),
    lines(
      "Memory bandwidth",
      "Part of the cycles in which data moved to or from the GPU's memory.",
      "percentunit",
      `DCGM_FI_PROF_DRAM_ACTIVE{${chosen}}`,
      1,
    ),
  ],
  [
    lines("Temperature", "Of the GPU's core.", "celsius", `DCGM_FI_DEV_GPU_TEMP{${chosen}}`),
    lines("Power", "Drawn by each GPU.", "watt", `DCGM_FI_DEV_POWER_USAGE{${chosen}}`),
    lines(
      "Clock",
      "Of the multiprocessors; it falls when heat or power is too much.",
      "hertz",
      `DCGM_FI_DEV_SM_CLOCK{${chosen}} * 1e6`,
    ),
  ],
  [
    {
      kind: "timeseries",
      title: "PCIe traffic",
      description: "Bytes per second between GPU and host.",
      unit: "Bps",
      queries: [
        { expr: `DCGM_FI_PROF_PCIE_TX_BYTES{${chosen}}`, legend: `${perGpu} sent` },
        { expr: `DCGM_FI_PROF_PCIE_RX_BYTES{${chosen}}`, legend: `${perGpu} received` },
      ],
    },
    lines(
      "Last XID error",
      "Number of the driver's last error on each GPU, 0 when none.",
      "none",
      `DCGM_FI_DEV_XID_ERRORS{${chosen}}`,
    ),
  ],
  [
    {
      kind: "timeseries",
      title: "Utilization by pod",
      description: "Mean over the GPUs that each pod has.",
      unit: "percent",
      max: 100,
      queries: [
        {
          expr: `avg by (exported_namespace, exported_pod) (DCGM_FI_DEV_GPU_UTIL{${chosen},exported_pod!=""})`,
          legend: "{{exported_namespace}}/{{exported_pod}}",
        },
      ],
    },
    {
      kind: "table",
      title: "Given but idle",
      description: "Pods whose GPUs were used less than one hundredth of the last half hour.",
      unit: "percent",
      queries: [
        {
          expr: `avg by (exported_namespace, exported_pod, node) (avg_over_time(DCGM_FI_DEV_GPU_UTIL{${chosen},exported_pod!=""}[30m])) < 1`,
        },
      ],
    },
  ],
];

/** Dashboard of the GPUs of a cluster, from the metrics of {@link DcgmExporter}. */
export const gpuDashboard = () => ({
  uid: "ml-infra-gpus",
  title: "GPUs",
  tags: ["gpu"],
  timezone: "browser",
  schemaVersion: 39,
  editable: false,
  refresh: "30s",
  time: { from: "now-3h", to: "now" },
  templating: variablesOf("DCGM_FI_DEV_GPU_UTIL", ["node"]),
  panels: panelsOf(ROWS),
});
