import { expect, it } from "vitest";
import { InputError } from "../../modules/common/settings/props";
import { Attempts } from "../../stacks/base-attempts";
import { errorOf } from "../support/bad-input";

const refused =
  (...lines: string[]) =>
  () => {
    throw new InputError(lines.join("; "), lines);
  };

it("gives what is made, and ends without an error", () => {
  const attempts = new Attempts();
  expect(attempts.of(() => 3)).toBe(3);
  expect(() => attempts.end()).not.toThrow();
});
it("goes on after wrong settings, and ends with all of them: sorted, counted, none twice", () => {
  const attempts = new Attempts();
  expect(attempts.of(refused("dev: pools[10]: b", "dev: pools[9]: a"))).toBeUndefined();
  attempts.of(refused("dev: pools[9]: a"));
  attempts.add("dev: azs: c");
  const error = errorOf(() => attempts.end()) as InputError;
  expect(error.name).toBe("InputError");
  expect(error.lines).toEqual(["dev: azs: c", "dev: pools[9]: a", "dev: pools[10]: b"]);
  expect(error.message).toBe("3 settings are wrong:\n  dev: azs: c\n  dev: pools[9]: a\n  dev: pools[10]: b");
});
it("says one wrong setting without a count", () => {
  const attempts = new Attempts();
  attempts.of(refused("dev: azs: c"));
  expect(errorOf(() => attempts.end()).message).toBe("dev: azs: c");
});
it("does not go on after an error of another kind", () => {
  const fail = () => {
    throw new TypeError("ours");
  };
  expect(errorOf(() => new Attempts().of(fail)).message).toBe("ours");
});
