import { describe, expect, it } from "vitest";
import {
  DEFAULT_VERSION,
  EKS_VERSIONS,
  NEWEST_MINOR,
  newestExtended,
  SUPPORT_DAY,
  supportWarning,
} from "../../../../modules/aws/eks/eks-versions";

describe("the versions of EKS", () => {
  it("are all from 1.30 to 1.36, the oldest first", () => {
    const minors = Object.keys(EKS_VERSIONS);
    expect(minors).toEqual(["1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36"]);
    expect(NEWEST_MINOR).toBe(36);
  });
  it("end one after the other, extended support a year after standard support", () => {
    const known = Object.values(EKS_VERSIONS).flatMap((ends) => (ends.standard ? [ends] : []));
    const ends = known.map(({ standard = "" }) => standard);
    expect(ends).toEqual([...ends].sort());
    for (const { standard = "", extended } of known) {
      expect(new Date(standard).toISOString().slice(0, 10)).toBe(standard);
      expect(extended).toBe(`${Number(standard.slice(0, 4)) + 1}${standard.slice(4)}`);
    }
  });
  it("have a default in standard support", () => {
    expect(EKS_VERSIONS[DEFAULT_VERSION]?.standard?.localeCompare(SUPPORT_DAY)).toBe(1);
  });
});

it.each([
  ["2025-07-22", "1.29"],
  ["2025-07-23", "1.30"],
  ["2026-12-01", "1.33"],
  ["2026-12-02", "1.34"],
  ["2027-03-27", "1.35"],
  ["2030-01-01", "1.35"],
])("on %s standard support has ended up to %s", (day, version) => {
  expect(newestExtended(day)).toBe(version);
});

describe("a warning", () => {
  it.each(["STANDARD", "EXTENDED"] as const)("is due where no support is left, with supportType %s", (type) => {
    expect(supportWarning("1.31", type)).toMatch(
      /^Extended support of Kubernetes 1\.31 ends on 2026-11-26\. .*to 1\.35/,
    );
  });
  it("is due where EKS upgrades the cluster at the end of standard support", () => {
    expect(supportWarning("1.34", "STANDARD")).toMatch(
      /^Standard support of Kubernetes 1\.34 ends on 2026-12-02\. .*fee/,
    );
    expect(supportWarning("1.32", "STANDARD")).toContain("2026-03-23");
  });
  it.each([
    ["1.32", "EXTENDED"],
    ["1.34", "EXTENDED"],
    ["1.35", "STANDARD"],
    ["1.36", "STANDARD"],
    ["1.39", "STANDARD"],
  ] as const)("is not due of %s with supportType %s", (version, type) => {
    expect(supportWarning(version, type)).toBeUndefined();
  });
});
