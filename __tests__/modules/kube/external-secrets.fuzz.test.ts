import fc from "fast-check";
import { ExternalSecrets, type ExternalSecretsProps } from "../../../modules/kube/external-secrets";
import { broken, fuzz } from "../../support/fuzz";
import { inCluster } from "../../support/in-cluster";

const valid: fc.Arbitrary<ExternalSecretsProps> = fc.record(
  {
    cluster: fc.record({ clusterName: fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/) }),
    region: fc.constantFrom("us-east-1", "eu-central-1"),
    allowedNamespaces: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 4 }),
    secretArns: fc.uniqueArray(
      fc
        .stringMatching(/^[\w/+=.@!-]{1,30}\*?$/)
        .map((name) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}`),
      { minLength: 1, maxLength: 5 },
    ),
    kmsKeyArns: fc.array(
      fc.uuid().map((id) => `arn:aws:kms:us-east-1:111122223333:key/${id}`),
      { maxLength: 3 },
    ),
    namespace: fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/).filter((name) => !/^(default$|kube-)/.test(name)),
    namespaceSettings: fc.constantFrom({}, { podSecurity: "baseline" as const }, { quota: { pods: 5 } }),
    replicas: fc.integer({ min: 1, max: 5 }),
    timeoutSeconds: fc.integer({ min: 60, max: 3600 }),
  },
  { requiredKeys: ["cluster", "region", "allowedNamespaces", "secretArns"] },
);
const BREAKS: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ["cluster", ["ml", null, {}]],
  ["region", ["", "Virginia", null, undefined]],
  ["allowedNamespaces", [[], "ml", null, undefined]],
  ["secretArns", [[], "arn", null, undefined]],
  ["secretArns[0]", ["", "*", "a", null]],
  ["kmsKeyArns", ["alias/a", null]],
  ["namespace", ["", "default", "kube-x", "A", null]],
  ["namespaceSettings", ["x", null]],
  ["replicas", [0, 6, "1", null]],
  ["timeoutSeconds", [59, 3601]],
  ["store", [{}]],
];
const breaks = BREAKS.flatMap(([path, values]) => values.map((value) => [path, value] as const));
const invalid = fc
  .tuple(valid, fc.constantFrom(...breaks))
  .map(([props, [path, value]]) => broken<ExternalSecretsProps>(props, path, value));

fuzz(
  "test/eso",
  { valid, invalid },
  inCluster((stack, props) => new ExternalSecrets(stack, "eso", props)),
);
