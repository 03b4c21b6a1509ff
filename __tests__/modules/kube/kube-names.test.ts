import { expect, it } from "vitest";
import { dataKeySchema, kubeLabelSchema, kubeNameSchema } from "../../../modules/kube/kube-names";

it.each([
  [kubeLabelSchema, "a".repeat(63), true],
  [kubeLabelSchema, "a".repeat(64), false],
  [kubeLabelSchema, "a-1", true],
  [kubeLabelSchema, "a.b", false],
  [kubeLabelSchema, "-a", false],
  [kubeLabelSchema, "a-", false],
  [kubeLabelSchema, "A", false],
  [kubeLabelSchema, "", false],
  [kubeNameSchema, "a".repeat(253), true],
  [kubeNameSchema, "a".repeat(254), false],
  [kubeNameSchema, "a.b-c", true],
  [kubeNameSchema, "a..b", false],
  [kubeNameSchema, "a.-b", false],
  [kubeNameSchema, "a_b", false],
  [dataKeySchema, "a".repeat(253), true],
  [dataKeySchema, "a".repeat(254), false],
  [dataKeySchema, "api_key.json-1", true],
  [dataKeySchema, ".hidden", true],
  [dataKeySchema, ".", false],
  [dataKeySchema, "..a", false],
  [dataKeySchema, "a/b", false],
  [dataKeySchema, "", false],
])("knows whether a name will do (%#)", (schema, name, good) => {
  expect(schema.safeParse(name).success).toBe(good);
});
