import type { Construct } from "constructs";
import { describe, expect, it, vi } from "vitest";
import type { z } from "zod";
import { synth } from "../support/synth";
import { planTransitions } from "../support/transitions/plan-batch";
import { gapsOf, pathsOf, type Subject, transitionsOf } from "../support/transitions/settings";
import { onAws } from "./stacks.fixture";
import { cluster } from "./transitions/cluster";
import { CONSEQUENCES, consequenceOf, upgrading } from "./transitions/consequences";
import * as dask from "./transitions/dask";
import { fossaCluster, fossaGateway } from "./transitions/fossa";
import { mlEc2 } from "./transitions/ml-ec2";
import { moduleRepoBackend } from "./transitions/module-repo-backend";
import { network } from "./transitions/network";
import * as parts from "./transitions/parts";
import { foreignPeering, peering } from "./transitions/peering";
import * as portfolio from "./transitions/portfolio";
import * as prefect from "./transitions/prefect";
import * as storage from "./transitions/storage";
import * as training from "./transitions/training";
import { staticWebsite } from "./transitions/website";

/** Schemas by the class of the construct that they check; each is there once its construct has been made. */
const schemas = vi.hoisted(() => new Map<string, z.ZodType>());
vi.mock("../../modules/common/settings/props", async (original) => {
  const props = await original<typeof import("../../modules/common/settings/props")>();
  const parseProps = (scope: Construct, schema: z.ZodType, input: object) => {
    if (!schemas.has(scope.constructor.name)) schemas.set(scope.constructor.name, schema);
    return props.parseProps(scope, schema, input);
  };
  return { ...props, parseProps };
});

/** What is planned together: a provider starts for each. */
const BATCHES: Record<string, Subject[]> = {
  cluster: [cluster],
  "network and data": [network, peering, foreignPeering, moduleRepoBackend, ...Object.values(storage)],
  machines: [mlEc2],
  farm: [fossaGateway, fossaCluster],
  parts: Object.values(parts),
  "Dask and Prefect": [...Object.values(dask), ...Object.values(prefect)],
  training: Object.values(training),
  portfolio: Object.values(portfolio),
  "portfolio website": [staticWebsite],
};
const SUBJECTS = Object.values(BATCHES).flat();

describe("the table of changes", () => {
  it.each(SUBJECTS)("has every setting of $name, or says why it does not change", (subject) => {
    synth((scope) => subject.build(scope, subject.base(scope) as never));
    const schema = schemas.get(subject.name.split(" ")[0] as string) as z.ZodType;
    expect(gapsOf(subject, pathsOf(schema))).toEqual({ missing: [], unknown: [] });
  });
  it("is what docs/transitions.md tells", async () => {
    await expect(upgrading()).toMatchFileSnapshot("../../docs/transitions.md");
  });
});

onAws("a change of a setting, from the state of the value before it", () => {
  const met = new Set<unknown>();
  it.each(Object.entries(BATCHES))("is planned as it says, in the %s", async (name, subjects) => {
    const transitions = subjects.flatMap(transitionsOf);
    const findings = await planTransitions(name.replaceAll(" ", "-"), transitions);
    const faults = transitions.flatMap((transition, index) =>
      (findings[index] ?? []).flatMap((finding) => {
        const known = consequenceOf(transition, finding);
        met.add(known);
        return known ? [] : `${transition.name}: ${finding.kind} ${finding.what} (${finding.detail})`;
      }),
    );
    expect(faults).toEqual([]);
  });
  it("has all the consequences that the table tells", () => {
    expect(CONSEQUENCES.filter((consequence) => !met.has(consequence))).toEqual([]);
  });
});
