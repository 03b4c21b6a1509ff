import fc from "fast-check";
import { fuzz, type Wrong } from "../../support/fuzz";
import { addBox, type BoxSettings, OPTIONS } from "./ml-ec2.fixture";

const names = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];
/** Options that exclude each other; the first of a pair wins. */
const CLASHES: readonly (readonly [winner: string, ...losers: string[]])[] = [
  ["fleet", "instanceCount", "spot", "autoRecovery"],
  ["spot", "schedule"],
];
const compatible = (chosen: readonly string[]) => {
  const out = CLASHES.flatMap(([winner, ...losers]) => (chosen.includes(winner) ? losers : []));
  return chosen.filter((name) => !out.includes(name));
};

const base = fc.record({
  projectName: fc.stringMatching(/^[a-z][a-z0-9]{0,35}[a-z0-9]$/).filter((name) => !/^(xn|sthree|amzn)/.test(name)),
  environment: fc.constantFrom("dev" as const, "staging" as const, "prod" as const),
  jupyter: fc.constant(true),
  tensorboard: fc.boolean(),
  workloadType: fc.constantFrom("training" as const, "inference" as const, "notebook" as const),
  logRetentionDays: fc.constantFrom(1 as const, 7 as const, 365 as const),
  cpuAlarmThreshold: fc.integer({ min: 1, max: 100 }),
});
const valid: fc.Arbitrary<BoxSettings> = fc
  .tuple(base, fc.subarray(names))
  .map(([settings, chosen]) =>
    Object.assign({}, settings, ...compatible(chosen).map((name) => OPTIONS[name as keyof typeof OPTIONS])),
  );

const BREAKS: readonly [key: string, change: object][] = [
  ["projectName", { projectName: "Bad Name" }],
  ["environment", { environment: "test" }],
  ["region", { region: "nowhere" }],
  ["network", { network: {} }],
  ["jupyter", { jupyter: "yes" }],
  ["instanceType", { instanceType: "t3" }],
  ["instanceCount", { instanceCount: 21 }],
  ["rootVolumeSize", { rootVolumeSize: 5000 }],
  ["allowedCidrs[0]", { allowedCidrs: ["0.0.0.0/0"] }],
  ["s3LifecycleDays", { s3LifecycleDays: 1 }],
  ["s3Encryption", { s3Encryption: "none" }],
  ["audit.events", { audit: { events: "Some" } }],
  ["snapshots.retain", { snapshots: { retain: 1001 } }],
  ["schedule.stop", { schedule: { stop: "at eight" } }],
  ["patching.hours", { patching: { hours: 25 } }],
  ["fleet.maxSize", { fleet: { minSize: 5, maxSize: 2 } }],
  ["ciRole.subjects", { ciRole: { subjects: [] } }],
  ["alertEmails[0]", { alertEmails: ["nobody"] }],
  ["instanceTypes", { instanceTypes: ["t3.medium"] }],
];
const invalid: fc.Arbitrary<Wrong<BoxSettings>> = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([settings, [key, change]]) => ({ key, props: { ...settings, ...change } as BoxSettings }));

fuzz("test/box", { valid, invalid }, (stack, settings) => addBox(stack as never, settings), 0.3);
