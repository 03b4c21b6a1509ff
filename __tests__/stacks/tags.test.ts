import { beforeAll, describe, expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { synthApp } from "../support/synth";
import { type Made, WholeApp } from "../support/whole-app";
import { addressConfigurations, awsConfigurations } from "./configurations.fixture";
import { keyedApp } from "./keyed-configurations.fixture";
import { MAKERS, NOTHING_LATER, UNTAGGED } from "./made-later.fixture";

/** Every resource of every configuration, with the tags of its stack. */
let everything: { made: Made; tags: Record<string, string> }[];

beforeAll(() => {
  const others = new Set([...awsConfigurations, ...addressConfigurations]);
  const apps = [new WholeApp(synthApp(dev, prod, ...others)), keyedApp().app];
  everything = apps.flatMap((app) => app.resources.map((made) => ({ made, tags: app.defaultTags(made.stack) })));
}, 120_000);

describe("what is made later from a description of ours", () => {
  it("is known for every type of resource", () => {
    const known = [...Object.keys(MAKERS), ...Object.keys(UNTAGGED), ...NOTHING_LATER];
    const types = new Set(everything.map(({ made }) => made.type));
    expect([...types].filter((type) => !known.includes(type))).toEqual([]);
    expect(known.filter((type) => !types.has(type))).toEqual([]);
    expect(known.filter((type, index) => known.indexOf(type) !== index)).toEqual([]);
  });
  it("bears the tags of the stack", () => {
    const bare = everything.flatMap(({ made, tags }) =>
      (MAKERS[made.type]?.(made) ?? []).flatMap(({ what, tags: given }) => {
        if (given === "all") return [];
        const lacking = Object.keys(tags).filter((key) => given === "none" || given[key] === undefined);
        return lacking.length > 0 ? [`${what} of ${made.path} lack ${lacking.join(", ")}`] : [];
      }),
    );
    expect(bare).toEqual([]);
  });
  it("is looked for in each of these ways", () => {
    const idle = Object.entries(MAKERS).filter(
      ([type, later]) => !everything.some(({ made }) => made.type === type && later(made).length > 0),
    );
    expect(idle.map(([type]) => type)).toEqual([]);
  });
});

it("no object in a bucket bears tags, of which S3 takes ten at most", () => {
  const objects = everything.filter(({ made }) => made.type === "aws_s3_object");
  expect(objects.length).toBeGreaterThan(10);
  const tagged = objects.filter(
    ({ made }) =>
      made.body.tags || Object.keys(made.body.override_provider?.default_tags?.tags ?? { tags: "all" }).length > 0,
  );
  expect(tagged.map(({ made }) => made.path)).toEqual([]);
});
