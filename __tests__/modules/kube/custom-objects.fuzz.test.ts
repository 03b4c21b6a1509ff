import fc from "fast-check";
import { CustomObjects, type CustomObjectsProps } from "../../../modules/kube/custom-objects";
import { fuzz, jsonValue, type Wrong } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/);
const object = fc.record({
  apiVersion: fc.constantFrom("v1", "example.com/v1"),
  kind: fc.constantFrom("A", "B"),
  metadata: fc.record({ name: label, namespace: label }, { requiredKeys: ["name"] }),
  spec: jsonValue(),
});
const valid: fc.Arbitrary<CustomObjectsProps> = fc.record(
  {
    name: label,
    namespace: label,
    objects: fc.uniqueArray(object, {
      minLength: 1,
      maxLength: 4,
      selector: ({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.namespace}`,
    }),
    timeoutSeconds: fc.integer({ min: 60, max: 3600 }),
  },
  { requiredKeys: ["name", "namespace", "objects"] },
);
const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...["", "A", "a".repeat(54), 7, null].map((name) => ["name", { name }] as const),
  ...["", "A", "a.b", 7].map((namespace) => ["namespace", { namespace }] as const),
  ...[[], {}, "x", undefined].map((objects) => ["objects", { objects }] as const),
  ...["x", 1, null].map((one) => ["objects[0]", { objects: [one] }] as const),
  ["objects[0].metadata.name", { objects: [{ apiVersion: "v1", kind: "A", metadata: { name: "" } }] }],
  ...[59, 3601, "60"].map((timeoutSeconds) => ["timeoutSeconds", { timeoutSeconds }] as const),
  ["chart", { chart: {} }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<CustomObjectsProps> => ({ key, props: { ...props, ...settings } }));

fuzz(
  "test/objects",
  { valid, invalid },
  inCluster((scope, props: CustomObjectsProps) => new CustomObjects(scope, "objects", props)),
);
