import { describe, expect, it } from "vitest";
import { parsePythonJson } from "../../../assets/gateway/json";

describe("JSON of Python", () => {
  it.each<[string, unknown]>([
    ['{"a":[1,null]}', { a: [1, null] }],
    ['{"loss":NaN,"best":-Infinity,"worst":[Infinity]}', { loss: "NaN", best: "-Infinity", worst: ["Infinity"] }],
    ['{"text":"NaN and \\" Infinity","loss":NaN}', { text: 'NaN and " Infinity', loss: "NaN" }],
  ])("%s is read", (text, value) => {
    expect(parsePythonJson(text)).toEqual(value);
  });
  it.each(["", "<html>", '{"a":', "{a:1}", '{"a":NaN', "NaNny"])("%o is refused", (text) => {
    expect(() => parsePythonJson(text)).toThrow(SyntaxError);
  });
});
