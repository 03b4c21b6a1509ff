import { expect, it } from "vitest";
import { familiesOf, workPoolNameSchema, workQueueNameSchema } from "../../../modules/prefect/pool-name";

it.each(["a", "dev", "Dev_2-b", "x".repeat(100), "7"])("a pool may be called %s", (name) => {
  expect(workPoolNameSchema.safeParse(name).success).toBe(true);
});
it.each(["", "a b", "a.b", "a/b", "é", "x".repeat(101), "prefect", "Prefect-dev"])(
  "a pool may not be called %s",
  (name) => {
    expect(workPoolNameSchema.safeParse(name).success).toBe(false);
  },
);
it.each(["default", "a.b-c_d", "1", "x".repeat(100)])("a queue may be called %s", (name) => {
  expect(workQueueNameSchema.safeParse(name).success).toBe(true);
});
it.each(["", "-a", "a b", "a;b", "$(a)", "x".repeat(101)])("a queue may not be called %s", (name) => {
  expect(workQueueNameSchema.safeParse(name).success).toBe(false);
});
it("a worker registers families of its pool", () => {
  expect(familiesOf("dev")).toBe("prefect_dev_*");
});
