import fc from "fast-check";
import { DcgmExporter, type DcgmExporterProps } from "../../../modules/kube/dcgm-exporter";
import { fuzz, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";
import { PART_BREAKS, POOLS_BREAKS, validPart, validPools } from "./pools.fixture";

const valid: fc.Arbitrary<DcgmExporterProps> = fc.record(
  {
    pools: validPools,
    namespace: fc.constantFrom("kube-system", "metrics", undefined),
    serviceMonitor: fc.oneof(
      fc.constantFrom(false as const, undefined),
      fc.record(
        {
          intervalSeconds: fc.integer({ min: 5, max: 300 }),
          labels: fc.constantFrom<Record<string, string>>({}, { release: "x" }),
        },
        { requiredKeys: [] },
      ),
    ),
    dashboard: fc.constantFrom(true, false, undefined),
    ...validPart,
  },
  { requiredKeys: ["pools"] },
);
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...PART_BREAKS,
  ...POOLS_BREAKS,
  ...["", "A", "a b", 7, null].map((namespace) => ["namespace", { namespace }] as const),
  ...[true, "on", null, 30].map((serviceMonitor) => ["serviceMonitor", { serviceMonitor }] as const),
  ...[4, 301, "30s"].map(
    (intervalSeconds) => ["serviceMonitor.intervalSeconds", { serviceMonitor: { intervalSeconds } }] as const,
  ),
  ["dashboard", { dashboard: "yes" }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<DcgmExporterProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/exporter",
  { valid, invalid },
  inCluster((scope, props: DcgmExporterProps) => new DcgmExporter(scope, "exporter", props)),
  0.4,
);
