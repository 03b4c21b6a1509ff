import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prod } from "../../environments/prod";
import { buildApp } from "../../stacks/app";
import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../stacks/environment";
import type { ExadeploySettings } from "../../stacks/exadeploy/settings";
import { systemKeys } from "../../stacks/systems";
import { configurations } from "./exadeploy/configurations.fixture";
import { PARTS, REMOTE } from "./exadeploy/kube-configurations.fixture";

/** Nothing is written there. */
const OUTDIR = mkdtempSync(join(tmpdir(), "cdktf-test-"));
const { exadeploy, mlEc2, fossa, dask } = prod;
const { peers } = configurations["multi-peer"].exadeploy as ExadeploySettings;

/** An environment that uses most of what there is. */
export const rich: EnvironmentSettings = {
  ...prod,
  exadeploy: {
    ...exadeploy,
    peers,
    clientNetwork: { cidr: "10.7.0.0/16" },
    kube: { platform: { ...PARTS, karpenter: undefined }, release: REMOTE },
  },
  mlEc2: {
    ...mlEc2,
    machines: {
      ...mlEc2?.machines,
      dataVolumes: [{ name: "data", size: 100, mountPoint: "/data" }],
      ciRole: { subjects: ["repo:acme/models:ref:refs/heads/main"] },
      snapshots: {},
      patching: {},
      audit: {},
    },
  },
  fossa,
  dask,
  portfolio: {
    domain: { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE", apex: true },
    website: {
      certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
      folder: false,
      pages: ["resume.html"],
      fallback: "notFound",
      immutableFolders: ["_next/static"],
      bucket: { name: "my-site", forceDestroy: false, noncurrentVersionDays: 30 },
      priceClass: "PriceClass_200",
      contentSecurityPolicy: { "img-src": ["'self'"] },
      httpsDays: 30,
      accessLogs: { retentionDays: 30 },
      waf: { rateLimit: 500 },
      errorPercent: 1,
      tracing: true,
      logRetentionDays: 30,
    },
    alarms: true,
    alertEmails: ["ml-team@example.com"],
  },
};

/** What an app of these environments says is wrong, one line each; none if all is right. */
export function wrongLines(...environments: Environment[]): readonly string[] {
  try {
    buildApp(environments, { outdir: OUTDIR });
    return [];
  } catch (error) {
    const { name, lines } = error as { name: string; lines: readonly string[] };
    if (name !== "InputError") throw error;
    return lines;
  }
}

/** The settings with another value at a path as errors write it; objects on the way are made where there are none. */
export function withValue<T extends object>(settings: T, path: string, value: unknown): T {
  const keys = keysOf(path);
  const put = (node: unknown, [key, ...rest]: (string | number)[]): unknown => {
    if (key === undefined) return value;
    const copy = Array.isArray(node) ? [...node] : { ...(node as object) };
    const at = copy as Record<string | number, unknown>;
    at[key] = put(at[key], rest);
    return copy;
  };
  return put(settings, keys) as T;
}

const keysOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|\["([^"]*)"\]|([^.[\]]+)/g)].map(([, index, quoted, key]) =>
    index === undefined ? (quoted ?? key ?? "") : Number(index),
  );

/** What is said of {@link rich} with that value; of the systems it has only the one that the path is of. */
export function linesWith(path: string, value: unknown): readonly string[] {
  const settings = withValue(rich, path, value);
  const system = systemKeys.find((key) => path.startsWith(key)) ?? "exadeploy";
  const others = systemKeys.filter((key) => key !== system).map((key) => [key, undefined]);
  return wrongLines(defineEnvironment({ ...settings, ...Object.fromEntries(others) }));
}
