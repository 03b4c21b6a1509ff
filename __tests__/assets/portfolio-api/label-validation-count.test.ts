import { expect, it } from "vitest";
import { ask } from "./handlers.fixture";

it("counts the words of each label by what is known of them, in the order of names", async () => {
  const known = { DATE: ["VALID", "PENDING", "VALID"], TAX: [undefined] } as Record<string, (string | undefined)[]>;
  const { body, queries } = await ask("label-validation-count", ({ ExpressionAttributeValues: values }) => ({
    items: (known[values[":label"]?.S.replace("LABEL#", "") ?? ""] ?? []).map((status) =>
      status === undefined ? {} : { validation_status: status },
    ),
  }));
  expect(queries).toHaveLength(18);
  expect(Object.keys(body)).toEqual([...Object.keys(body)].sort());
  expect(JSON.stringify(body.DATE)).toBe('{"PENDING":1,"VALID":2}');
  expect([body.TAX, body.TIME]).toEqual([{ NONE: 1 }, {}]);
});
