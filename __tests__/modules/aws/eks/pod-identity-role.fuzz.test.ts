import fc from "fast-check";
import { PodIdentityRole, type PodIdentityRoleProps } from "../../../../modules/aws/eks/pod-identity-role";
import { fuzz, jsonValue, type Wrong } from "../../../support/fuzz";

const key = fc.stringMatching(/^[ -~]{1,64}$/).filter((text) => text !== "__proto__");
const arn = fc.constantFrom(
  "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
  "arn:aws-cn:iam::123456789012:policy/team/mine+1",
);
const policyArns = (minKeys: number) => fc.dictionary(key, arn, { minKeys, maxKeys: 4, noNullPrototype: true });
const policy = fc.dictionary(fc.string(), jsonValue(), { maxKeys: 3 }).map((document) => JSON.stringify(document));
const valid: fc.Arbitrary<PodIdentityRoleProps> = fc
  .tuple(
    fc.record({
      name: fc.stringMatching(/^[\w+=,.@-]{1,80}$/),
      clusterName: fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/),
      namespace: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
      serviceAccount: fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/),
    }),
    fc.oneof(
      fc.record({ policyArns: policyArns(1) }),
      fc.record({ policyArns: fc.constantFrom(undefined, {}), policy }),
      fc.record({ policyArns: policyArns(1), policy }),
    ),
  )
  .map(([names, permissions]) => ({ ...names, ...permissions }));

const BREAKS: readonly (readonly [key: string, settings: object])[] = [
  ...["", "a b", "é", 7, null, undefined].map((name) => ["name", { name }] as const),
  ...["", 7, null].map((clusterName) => ["clusterName", { clusterName }] as const),
  ...["", "A", "a.b", "-a", "a-", "a".repeat(64), 7].map((namespace) => ["namespace", { namespace }] as const),
  ...["", "A", "a_b", ".a", "a".repeat(254), {}].map(
    (serviceAccount) => ["serviceAccount", { serviceAccount }] as const,
  ),
  ...["", "S3", 7, null].map((arn) => ["policyArns.x", { policyArns: { x: arn } }] as const),
  ...["", "x", "[]", "null", 7, {}].map((policy) => ["policy", { policy }] as const),
  ["policy", { policy: undefined, policyArns: {} }],
  ["roleName", { roleName: "x" }],
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...BREAKS))
  .map(([props, [key, settings]]): Wrong<PodIdentityRoleProps> => ({ key, props: { ...props, ...settings } }));

fuzz("test/pod", { valid, invalid }, (scope, props) => new PodIdentityRole(scope, "pod", props));
