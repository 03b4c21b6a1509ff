import fc from "fast-check";
import { SyncedSecret, type SyncedSecretProps } from "../../../modules/kube/synced-secret";
import { broken, fuzz } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/);
const valid: fc.Arbitrary<SyncedSecretProps> = fc
  .record(
    {
      name,
      namespace: name,
      secretArn: fc
        .stringMatching(/^[\w/+=.@!-]{1,30}$/)
        .map((text) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${text}`),
      whole: fc.stringMatching(/^w[\w.-]{1,20}$/),
      parts: fc.dictionary(fc.stringMatching(/^p[\w.-]{1,20}$/), fc.stringMatching(/^[\w.-]{1,128}$/), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      type: fc.constantFrom("Opaque" as const, "kubernetes.io/tls" as const),
      refreshMinutes: fc.integer({ min: 1, max: 1440 }),
    },
    { requiredKeys: ["name", "namespace", "secretArn", "whole"] },
  )
  .map((props) => ({ ...props, store: { storeName: "s", allowedNamespaces: [props.namespace], ready: [] } }));

const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["name", ["", "A", "a".repeat(54), null]],
  ["namespace", ["", "a.b", null]],
  ["secretArn", ["", "x", null]],
  ["whole", ["", "a/b", null]],
  ["parts.x", ["", "a b", 7]],
  ["type", ["", null]],
  ["store", ["s", null, {}, { storeName: "s", allowedNamespaces: [], ready: [] }]],
  ["refreshMinutes", [0, 1441, "15", null]],
  ["interval", [5]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<SyncedSecretProps>(props, path, value));

fuzz(
  "test/sync",
  { valid, invalid },
  inCluster((stack, props) => new SyncedSecret(stack, "sync", props)),
  0.5,
);
