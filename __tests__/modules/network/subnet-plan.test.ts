import fc from "fast-check";
import { expect, it } from "vitest";
import { contains } from "../../../modules/common/settings/cidr";
import { overlapsIn, planSubnets, podBitsOf } from "../../../modules/network/subnet-plan";

const on = { private: {}, public: {}, database: {} };
const vpc = { cidr: "10.255.0.0/16", zoneCount: 3, ...on };

it("hands out private, public and database blocks of /20 from a /16 over three zones", () => {
  expect(planSubnets(vpc)).toEqual({
    private: ["10.255.16.0/20", "10.255.32.0/20", "10.255.48.0/20"],
    public: ["10.255.64.0/20", "10.255.80.0/20", "10.255.96.0/20"],
    database: ["10.255.112.0/20", "10.255.128.0/20", "10.255.144.0/20"],
    pod: [],
  });
});
it("does not move a tier when another is turned off", () => {
  const { database, private: privateBlocks } = planSubnets({ ...vpc, public: undefined });
  expect(planSubnets({ ...vpc, public: undefined }).public).toEqual([]);
  expect(database).toEqual(planSubnets(vpc).database);
  expect(privateBlocks).toEqual(planSubnets(vpc).private);
});
it("fills fifteen of sixteen blocks with five zones", () => {
  const { database } = planSubnets({ ...vpc, zoneCount: 5 });
  expect(database).toHaveLength(5);
  expect(database.at(-1)).toBe("10.255.240.0/20");
});
it("halves the blocks for six zones, since sixteen do not hold eighteen", () => {
  const { private: privateBlocks, database } = planSubnets({ ...vpc, zoneCount: 6 });
  expect(privateBlocks[0]).toBe("10.255.8.0/21");
  expect(database.at(-1)).toBe("10.255.144.0/21");
});
it("takes the number of bits that is asked for", () => {
  expect(planSubnets({ ...vpc, subnetNewbits: 8 }).public).toEqual(["10.255.4.0/24", "10.255.5.0/24", "10.255.6.0/24"]);
});
it("keeps blocks that are given, and computes the tiers that name none", () => {
  const plan = planSubnets({ ...vpc, private: { cidrs: ["10.255.1.0/24"] } });
  expect(plan.private).toEqual(["10.255.1.0/24"]);
  expect(plan.public[0]).toBe("10.255.64.0/20");
});
it.each([
  [2, ["100.64.0.0/17", "100.64.128.0/17"]],
  [3, ["100.64.0.0/18", "100.64.64.0/18", "100.64.128.0/18"]],
  [4, ["100.64.0.0/18", "100.64.64.0/18", "100.64.128.0/18", "100.64.192.0/18"]],
])("cuts the pod block into as few parts as give %i zones one each", (zoneCount, blocks) => {
  expect(planSubnets({ ...vpc, zoneCount, podCidr: "100.64.0.0/16" }).pod).toEqual(blocks);
});
it.each([
  [2, 1],
  [3, 2],
  [4, 2],
  [5, 3],
  [6, 3],
])("needs for %i zones %i bits of the pod block", (zones, bits) => {
  expect(podBitsOf(zones)).toBe(bits);
});
it("finds every pair of blocks that share an address, and no other", () => {
  const plan = {
    private: ["10.0.0.0/24", "10.0.1.0/24"],
    public: ["10.0.0.128/25"],
    database: ["10.0.0.0/23"],
    pod: ["10.0.0.0/16"],
  };
  const pairs = overlapsIn(plan).map((pair) => pair.map(({ tier, index }) => `${tier}.${index}`));
  expect(pairs).toEqual([
    ["private.0", "public.0"],
    ["private.0", "database.0"],
    ["private.1", "database.0"],
    ["public.0", "database.0"],
  ]);
});
it("never computes blocks that overlap, leave the VPC or are too small", () => {
  const inputs = fc.record({ prefix: fc.integer({ min: 16, max: 23 }), zoneCount: fc.integer({ min: 2, max: 6 }) });
  fc.assert(
    fc.property(inputs, ({ prefix, zoneCount }) => {
      const cidr = `10.0.0.0/${prefix}`;
      const plan = planSubnets({ cidr, zoneCount, ...on });
      const blocks = [...plan.private, ...plan.public, ...plan.database];
      expect(blocks).toHaveLength(3 * zoneCount);
      expect(overlapsIn(plan)).toEqual([]);
      for (const block of blocks) {
        expect(contains(cidr, block)).toBe(true);
        expect(Number(block.split("/")[1])).toBeLessThanOrEqual(28);
      }
    }),
  );
});
