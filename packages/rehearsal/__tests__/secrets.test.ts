import { describe, expect, it } from "vitest";
import { DEFAULT_SECRET, Secrets } from "../src/secrets";

/** Secrets of which version 1 and then version 2 was written. */
function written() {
  const secrets = new Secrets();
  for (const version of ["1", "2"]) {
    secrets.write({ secret_string_wo: `value ${version}` }, { secret_id: "s", version_id: version });
  }
  return secrets;
}

describe("secrets", () => {
  it("are read by version, or the latest", () => {
    expect(written().read({ secret_id: "s", version_id: "1" })).toBe("value 1");
    expect(written().read({ secret_id: "s", version_id: null })).toBe("value 2");
  });
  it("may also be written through the state", () => {
    const secrets = new Secrets();
    secrets.write({ secret_string: "open" }, { secret_id: "s", version_id: "1" });
    expect(secrets.read({ secret_id: "s" })).toBe("open");
  });
  it("that no stack wrote have a user name and a password", () => {
    expect(written().read({ secret_id: "other" })).toBe(DEFAULT_SECRET);
    expect(written().read({ secret_id: "s", version_id: "3" })).toBe(DEFAULT_SECRET);
    expect(JSON.parse(DEFAULT_SECRET)).toEqual({ username: expect.any(String), password: expect.any(String) });
  });
  it("that exist have the configured text in every version, until one is written", () => {
    const secrets = new Secrets({ mine: "open sesame" });
    expect(secrets.read({ secret_id: "mine" })).toBe("open sesame");
    expect(secrets.read({ secret_id: "mine", version_id: "1" })).toBe("open sesame");
    expect(secrets.read({ secret_id: "other" })).toBe(DEFAULT_SECRET);
    secrets.write({ secret_string_wo: "new" }, { secret_id: "mine", version_id: "2" });
    expect(secrets.read({ secret_id: "mine" })).toBe("new");
  });
  it("are not stored without a text", () => {
    const secrets = new Secrets();
    secrets.write({ secret_string_wo: null, secret_binary: "AA==" }, { secret_id: "s" });
    secrets.write(null, null);
    expect(secrets.read({ secret_id: "s" })).toBe(DEFAULT_SECRET);
  });
});
