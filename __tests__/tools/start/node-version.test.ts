import { describe, expect, it } from "vitest";
import { checkNode } from "../../../tools/start/node-version";

describe("checkNode", () => {
  it.each(["20.9.0", "v20.9.0", "v20.10.0", "v21.0.0", "v22.1.3", "v100.0.0", "v22.0.0-nightly2024"])(
    "accepts %s",
    (version) => expect(checkNode(version)).toBeUndefined(),
  );
  it.each(["v20.8.1", "20.8.99", "v18.20.4", "v9.99.99", "", "latest", "20.9"])("refuses %j", (version) => {
    expect(checkNode(version)).toBe(
      `Node.js is ${version}, but 20.9.0 or newer is needed: install a newer one from https://nodejs.org.`,
    );
  });
  it("accepts the one that runs this test", () => expect(checkNode(process.version)).toBeUndefined());
});
