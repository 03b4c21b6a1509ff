import { describe, expect, it } from "vitest";
import type { StackReport } from "../src/rehearsal";
import { stackLines, summaryLine } from "../src/report";

const report = (more: Partial<StackReport> = {}): StackReport => ({
  id: "dev-box",
  needs: [],
  verdict: "passed",
  resources: 12,
  dataSources: 3,
  seconds: 1.25,
  steps: {},
  diagnostics: [],
  ...more,
});

describe("the line of a stack", () => {
  it("has its figures and verdict", () => {
    expect(stackLines(report(), 9)).toBe("✓ dev-box      12 resources    3 data sources    1.3 s  passed");
  });
  it("names the failed step, followed by Terraform's diagnostics", () => {
    const diagnostics: StackReport["diagnostics"] = [
      { severity: "error", summary: "A", detail: "" },
      { severity: "error", summary: "B", detail: "" },
    ];
    expect(stackLines(report({ verdict: "failed", failedIn: "second plan", diagnostics }), 7)).toBe(
      [
        "✗ dev-box    12 resources    3 data sources    1.3 s  failed in second plan",
        ...["  ╷", "  │ Error: A", "  ╵", "  ╷", "  │ Error: B", "  ╵"],
      ].join("\n"),
    );
  });
  it("names the missing dependencies of a skipped stack", () => {
    expect(stackLines(report({ verdict: "skipped", skippedFor: ["a", "b"] }), 7)).toBe(
      "- dev-box  skipped: needs a, b",
    );
  });
});

describe("the summary", () => {
  const of = (...stacks: StackReport[]) =>
    summaryLine({ passed: false, terraform: "Terraform 1.11.4", seconds: 12.345, stacks });

  it("counts passed stacks", () => {
    expect(of(report(), report())).toBe(
      "2 of 2 stacks with 24 resources deployed and destroyed: 12.3 s with Terraform 1.11.4",
    );
  });
  it("counts failed and skipped stacks", () => {
    expect(of(report(), report({ verdict: "failed" }), report({ verdict: "skipped" }))).toBe(
      "1 of 3 stacks with 12 resources deployed and destroyed, 1 failed, 1 skipped: 12.3 s with Terraform 1.11.4",
    );
  });
});
