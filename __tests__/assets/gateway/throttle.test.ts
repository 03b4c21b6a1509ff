import { beforeEach, describe, expect, it } from "vitest";
import { Throttle } from "../../../assets/gateway/throttle";

describe("the throttle", () => {
  let now = 0;
  let throttle: Throttle;
  const fail = (client: string, times: number) => {
    for (let n = 0; n < times; n++) throttle.failed(client);
  };
  beforeEach(() => {
    throttle = new Throttle({ now: () => now, failures: 3, windowMs: 60_000, capacity: 5 });
  });

  it("lets a client fail three times in a minute", () => {
    fail("1.2.3.4", 2);
    expect(throttle.wait("1.2.3.4")).toBe(0);
    now += 20_000;
    fail("1.2.3.4", 1);
    expect(throttle.wait("1.2.3.4")).toBe(40);
    expect(throttle.wait("1.2.3.5")).toBe(0);
    now += 39_001;
    expect(throttle.wait("1.2.3.4")).toBe(1);
    now += 999;
    expect(throttle.wait("1.2.3.4")).toBe(0);
    fail("1.2.3.4", 2);
    expect(throttle.wait("1.2.3.4")).toBe(0);
  });
  it.each([
    ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", true],
    ["2001:db8::1", "2001:db8:0:0:1::", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["::ffff:1.2.3.4", "::ffff:1.2.3.5", false],
    ["1.2.3.4", "1.2.3.5", false],
  ])("counts %s and %s together: %s", (one, other, together) => {
    fail(one, 3);
    expect(throttle.wait(other) > 0).toBe(together);
  });
  it("forgets the oldest when there are too many", () => {
    for (const last of [1, 2, 3, 4, 5]) {
      now += 1;
      fail(`10.0.0.${last}`, 3);
    }
    expect(throttle.wait("10.0.0.1")).toBe(60);
    fail("10.0.0.6", 3);
    expect(throttle.wait("10.0.0.1")).toBe(0);
    expect(throttle.wait("10.0.0.2")).toBe(60);
    expect(throttle.wait("10.0.0.6")).toBe(60);
  });
  it("is of ten failures in a minute by itself", () => {
    throttle = new Throttle({ now: () => now });
    fail("a", 9);
    expect(throttle.wait("a")).toBe(0);
    fail("a", 1);
    expect(throttle.wait("a")).toBe(60);
  });
});
