import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineEnvironment, type EnvironmentSettings } from "../../stacks/environment";
import { ruleFaults } from "../support/reachability/group-rules";
import { Whole } from "../support/reachability/whole";
import { type Json, synthApp } from "../support/synth";

const CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";

/** What EC2 would refuse of the rules of all stacks of these settings. */
function faultsOf(environment: Parameters<typeof synthApp>[0]): string[] {
  const { ids, stack } = synthApp(environment);
  return ruleFaults(new Whole(Object.fromEntries(ids.map((id) => [id, stack(id).parsed]))));
}

type Systems = Omit<EnvironmentSettings, "name" | "region">;
const of = (systems: Systems) => defineEnvironment({ name: "dev", region: "us-west-2", ...systems });

/** Few values, so that they meet: a block of the VPC, those of peers, and others. */
const BLOCKS = ["10.0.0.0/16", "10.0.16.0/20", "10.1.0.0/16", "10.2.0.0/16", "192.168.2.0/24", "203.0.113.0/24"];
const blocks = fc.array(fc.constantFrom(...BLOCKS), { maxLength: 4 });
const many = fc.integer({ min: 0, max: 40 }).map((count) => Array.from({ length: count }, (_, n) => `10.9.${n}.0/24`));
const ports = fc.uniqueArray(fc.constantFrom(22, 80, 443, 8080, 8443, 8888, 9876), { minLength: 1, maxLength: 4 });

/** Nothing that rules do not depend on. */
const BARE = {
  systemGroups: { scheduler: false as const, "module-repository": false as const, prometheus: false as const },
  runnerPools: [],
  autoscaler: "none" as const,
};

const exadeploy: fc.Arbitrary<Systems> = fc
  .record({
    clientPorts: ports,
    webhookPorts: ports,
    clientCidrs: fc.oneof(blocks, many),
    apiCidrs: fc.oneof(blocks, many),
    autoMode: fc.option(fc.constant({}), { nil: undefined }),
    peers: fc.array(fc.oneof(blocks, many), { maxLength: 2 }),
  })
  .map(({ peers, ...cluster }) => ({
    exadeploy: {
      cluster: { ...cluster, ...BARE },
      peers: Object.fromEntries(
        peers.map((cidrs, n) => [`peer-${n}`, { vpcId: `vpc-0000000${n}`, cidrs, routeTables: [] }]),
      ),
    },
  }));
const fossa: fc.Arbitrary<Systems> = fc
  .record({
    allowedCidrs: blocks,
    ssh: blocks,
    egressPorts: ports,
    tls: fc.option(fc.constant({ certificateArn: CERTIFICATE }), { nil: undefined }),
    page: fc.constantFrom("host" as const, "container" as const, "none" as const),
    egress: fc.constantFrom("nat-instance" as const, "nat-gateway" as const),
  })
  .map(({ egress, ...gateway }) => ({ fossa: { egress, gateway } }));
const mlEc2: fc.Arbitrary<Systems> = fc
  .record({
    allowedCidrs: blocks,
    instanceConnect: fc.boolean(),
    loadBalancer: fc.option(
      fc.record({
        certificateArn: fc.constant(CERTIFICATE),
        allowedCidrs: blocks,
        targetPort: fc.constantFrom(8888, 6006),
      }),
      { nil: undefined },
    ),
  })
  .map((machines) => ({ mlEc2: { machines, owner: "a", costCenter: "b" } }));

describe("any blocks and ports", () => {
  it.each(Object.entries({ exadeploy, fossa, mlEc2 }))(
    "of %s are refused by their name, or make rules that EC2 takes",
    { timeout: 600_000 },
    (_, settings) => {
      let taken = 0;
      const check = (systems: Systems) => {
        try {
          expect(faultsOf(of(systems))).toEqual([]);
          taken++;
        } catch (error) {
          if ((error as Json).name !== "InputError") throw error;
        }
      };
      fc.assert(fc.property(settings, check), { numRuns: 40 });
      expect(taken).toBeGreaterThan(5);
    },
  );
});
