import { describe, expect, it } from "vitest";
import { checkForm, EMPTY_FORM } from "../../../assets/gateway/task-form";

const GOOD = { model_class: "PartitionedExampleEtl" };

describe("the form of a task", () => {
  it("needs a model class only", () => {
    expect(checkForm(GOOD)).toEqual({
      values: { ...EMPTY_FORM, method: "", ...GOOD },
      task: { ...GOOD, method: "go", method_kwargs: {}, model_construction_kwargs: {}, resolver_context: {} },
    });
  });
  it("takes everything, and spaces around names", () => {
    const sent = {
      model_class: " _Model2 ",
      method: " build_all ",
      method_kwargs: '{"a": [1, {"b": null}]}',
      model_construction_kwargs: "\n{}\n",
      resolver_context: '{"é": "NaN"}',
      token: "kept out",
    };
    expect(checkForm(sent)).toMatchObject({
      task: {
        model_class: "_Model2",
        method: "build_all",
        method_kwargs: { a: [1, { b: null }] },
        model_construction_kwargs: {},
        resolver_context: { é: "NaN" },
      },
    });
    expect(Object.keys((checkForm(sent) as { task: object }).task)).not.toContain("token");
  });
  it.each([199, 200])("takes a name of %i letters", (length) => {
    expect(checkForm({ model_class: "M".repeat(length) })).toHaveProperty("task");
  });

  const NAME = "must be the name of a model class, such as PartitionedExampleEtl";
  it.each<[Record<string, unknown>, string, string]>([
    [{ model_class: "" }, "model_class", NAME],
    [{ model_class: undefined }, "model_class", NAME],
    [{ model_class: ["A", "B"] }, "model_class", NAME],
    [{ model_class: new File([], "a") }, "model_class", NAME],
    [{ model_class: "2Fast" }, "model_class", NAME],
    [{ model_class: "a.b" }, "model_class", NAME],
    [{ model_class: "A;DROP" }, "model_class", NAME],
    [{ model_class: "M".repeat(201) }, "model_class", "must have at most 200 characters"],
    [{ method: "go()" }, "method", "must be the name of a method, such as go"],
    [{ method: "two words" }, "method", "must be the name of a method, such as go"],
    [{ method: "m".repeat(201) }, "method", "must have at most 200 characters"],
    [{ method_kwargs: "{'a': 1}" }, "method_kwargs", "is not JSON: "],
    [{ method_kwargs: '{"a": 1,}' }, "method_kwargs", "is not JSON: "],
    [{ method_kwargs: '{"a": NaN}' }, "method_kwargs", "is not JSON: "],
    [{ method_kwargs: "[1]" }, "method_kwargs", 'must be a JSON object such as {"name": "value"}, not a list'],
    [{ method_kwargs: "null" }, "method_kwargs", 'must be a JSON object such as {"name": "value"}, not null'],
    [{ model_construction_kwargs: '"text"' }, "model_construction_kwargs", "not a string"],
    [{ resolver_context: "5" }, "resolver_context", "not a number"],
    [{ resolver_context: "true" }, "resolver_context", "not a boolean"],
    [{ resolver_context: "mood=calm" }, "resolver_context", "is not JSON: "],
  ])("with %o is wrong in %s", (wrong, key, message) => {
    const checked = checkForm({ ...GOOD, ...wrong });
    expect(checked).not.toHaveProperty("task");
    expect((checked as { faults: object }).faults).toEqual({ [key]: expect.stringContaining(message) });
  });
  it("keeps all that was typed, and finds every fault", () => {
    const sent = {
      model_class: "no way",
      method: "go",
      method_kwargs: "[",
      model_construction_kwargs: "",
      resolver_context: "7",
    };
    const checked = checkForm(sent);
    expect(checked.values).toEqual(sent);
    expect(Object.keys((checked as { faults: object }).faults)).toEqual([
      "model_class",
      "method_kwargs",
      "resolver_context",
    ]);
  });
});
