import fc from "fast-check";
import { KubeSecret, type KubeSecretProps } from "../../../modules/kube/kube-secret";
import { broken, fuzz } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const key = (letter: string) => fc.stringMatching(/^[-._A-Za-z0-9]{1,40}$/).map((rest) => `${letter}${rest}`);
const dictionary = <T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>, minKeys = 0) =>
  fc.dictionary(keys, values, { minKeys, maxKeys: 3, noNullPrototype: true });
const part = fc.stringMatching(/^[\w.-]{1,128}$/);
const plain = dictionary(
  key("p"),
  fc.string().filter((text) => !/[$%]\{/.test(text)),
);
const common = {
  name: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/),
  namespace: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/),
  secretArn: fc.constantFrom(
    "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1-AbC123",
    "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:team/key-AbC123",
  ),
  plain,
  type: fc.constantFrom("Opaque" as const, "kubernetes.io/basic-auth" as const),
};
const requiredKeys = ["name", "namespace", "secretArn"] as const;
const valid: fc.Arbitrary<KubeSecretProps> = fc.oneof(
  fc.record(
    { ...common, whole: key("w"), parts: dictionary(key("q"), part) },
    { requiredKeys: [...requiredKeys, "whole"] },
  ),
  fc.record({ ...common, parts: dictionary(key("q"), part, 1) }, { requiredKeys: [...requiredKeys, "parts"] }),
);

const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["name", ["", "A", "a_b", "-a", 7, null, undefined]],
  ["namespace", ["", "a.b", 7, null, undefined]],
  ["secretArn", ["", "arn:aws:iam::123456789012:role/x", 7, null]],
  ["whole", ["", "a/b", "..", 7, null]],
  ["parts.x", ["", "a b", "é", 7, null]],
  ["plain.x", [7, null, {}]],
  ["type", ["", "Secret", null]],
  ["dependsOn", ["x", null]],
  ["values", [{}]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<KubeSecretProps>(props, path, value));

fuzz(
  "test/key",
  { valid, invalid },
  inCluster((stack, props) => new KubeSecret(stack, "key", props)),
);
