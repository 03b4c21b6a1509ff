import { expect, it } from "vitest";
import { z } from "zod";
import { checkRelease, releaseShape } from "../../../modules/exadeploy/release-settings";

const schema = z.strictObject(releaseShape).superRefine(checkRelease);
const image = "registry.example.com/a:1";
const MINIMAL = { scheduler: { image }, moduleRepository: { image }, runner: { image } };
const parse = (scheduler: object) => schema.safeParse({ ...MINIMAL, scheduler: { image, ...scheduler } });

it("has the chart's own settings by default", () => {
  expect(schema.parse(MINIMAL)).toEqual({
    scheduler: {
      image,
      cpu: "2.5",
      memory: "5Gi",
      placementGroupDeletionLagSeconds: 5,
      runnerCreationTimeoutSeconds: 600,
      runnerDeletionLagSeconds: 5,
      disableClientsKillingRunners: false,
    },
    moduleRepository: { image, cpu: "1", memory: "3.5Gi" },
    runner: { image, valueStoreThreads: 4, serializeAll: false, createHeadlessService: false },
    exposure: "internal",
    suffix: "",
    clusterDomain: "cluster.local",
  });
});
it.each([
  [{ minRunners: 3, maxRunners: 3 }, true],
  [{ minRunners: 3, maxRunners: 2 }, false],
  [{ minRunners: 3 }, true],
  [{ maxRunners: 1 }, true],
])("compares the numbers of runners: %j", (scheduler, good) => {
  expect(parse(scheduler).success).toBe(good);
});
// the grammar of references, and those that the reference's own pattern took wrongly
it.each([
  ["r/x:v1-2", true],
  ["host:5000/r/x:t", true],
  [`r/x@sha256:${"0".repeat(64)}`, true],
  [`r/x:v1@sha256:${"a".repeat(64)}`, true],
  ["r/x", false],
  ["r/x:", false],
  ["r/x@sha256:abc", false],
  ["r/x:a;b", false],
  ["HOST.example/x:1", true], // a registry may have capitals; a path may not
  ["host.example/R/x:1", false],
])("knows whether an image is one: %s", (text, good) => {
  const { success, error } = parse({ image: text });
  expect(success, error?.message).toBe(good);
});
