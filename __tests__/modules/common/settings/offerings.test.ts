import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Offerings } from "../../../../modules/common/settings/offerings";

const file = join(mkdtempSync(join(tmpdir(), "offerings-")), "record.json");
const regions = { "eu-west-1": { m5: "large xlarge", "db.t4g": "micro" }, "eu-west-2": { "u-6tb1": "metal" } };
writeFileSync(file, JSON.stringify({ source: "a test", regions }));
const record = new Offerings(file);

it("knows the types of every region, and their families", () => {
  expect(["m5.large", "m5.xlarge", "db.t4g.micro", "u-6tb1.metal"].map((type) => record.knows(type))).toEqual(
    Array(4).fill(true),
  );
  expect(["m5.2xlarge", "m5", "m.large", "db.m5.large"].map((type) => record.knows(type))).toEqual(
    Array(4).fill(false),
  );
  expect(["m5.2xlarge", "db.t4g.huge"].map((type) => record.knowsFamilyOf(type))).toEqual([true, true]);
  expect(["m.large", "m5a.large", "t4g.micro"].map((type) => record.knowsFamilyOf(type))).toEqual(Array(3).fill(false));
});
it("has the types of one region, and nothing on a region that it does not have", () => {
  expect([...(record.in("eu-west-1") ?? [])]).toEqual(["m5.large", "m5.xlarge", "db.t4g.micro"]);
  expect(record.in("eu-west-3")).toBeUndefined();
});
it("suggests what may have been meant", () => {
  expect([record.nearest("m5.lrge"), record.nearest("something else")]).toEqual(["m5.large", undefined]);
});
it("reads its file when asked only", () => {
  expect(() => new Offerings(join(file, "none"))).not.toThrow();
});
