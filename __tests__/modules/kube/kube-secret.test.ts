import { DataAwsSecretsmanagerSecretVersions } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-versions";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { DataResource, Token } from "cdktf";
import { expect, it } from "vitest";
import { KubeNamespace } from "../../../modules/kube/kube-namespace";
import { KubeSecret, type KubeSecretProps } from "../../../modules/kube/kube-secret";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";
import { ref } from "../../support/terraform-json";

const ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:key-AbC123";
const MINIMAL: KubeSecretProps = { name: "api-key", namespace: "ml", secretArn: ARN, whole: "api_key" };
const make = inCluster(
  (stack, props: Partial<KubeSecretProps> = {}) => new KubeSecret(stack, "key", { ...MINIMAL, ...props }),
);
const build = (props: Partial<KubeSecretProps> = {}) => synth((stack) => make(stack, props));
const reading = ({ parsed }: Json) => {
  expect(Object.keys(parsed.ephemeral)).toEqual(["aws_secretsmanager_secret_version"]);
  const [[name, read] = [], ...others] = Object.entries<Json>(parsed.ephemeral.aws_secretsmanager_secret_version);
  expect(others).toEqual([]);
  return { address: `ephemeral.aws_secretsmanager_secret_version.${name}`, read };
};

it("passes the secret's text on as it is applied, in an argument that nothing keeps", () => {
  const stack = build();
  const { address, read } = reading(stack);
  expect(read.secret_id).toBe(ARN);
  const { data_wo_revision, ...secret } = stack.one(SecretV1);
  expect(secret).toEqual({
    metadata: { name: "api-key", namespace: "ml" },
    type: "Opaque",
    data_wo: { api_key: `\${${address}.secret_string}` },
  });
  expect(stack.parsed.terraform.required_version).toBe(">= 1.11.0");
});
it("reads the version that is current, and is written anew with another", () => {
  const stack = build();
  const [[name, versions] = []] = Object.entries<Json>(stack.parsed.data.aws_secretsmanager_secret_versions);
  expect(versions).toEqual({ secret_id: ARN });
  const current = `one([for each in data.aws_secretsmanager_secret_versions.${name}.versions : each.version_id if contains(each.version_stages, "AWSCURRENT")])`;
  expect(reading(stack).read.version_id).toBe(`\${${current}}`);
  expect(stack.one(SecretV1).data_wo_revision).toBe(
    `\${1 + parseint(substr(sha256(coalesce(${current}, "none")), 0, 7), 16)}`,
  );
  expect(stack.all(DataResource)).toEqual([]);
  expect(stack.data(DataAwsSecretsmanagerSecretVersions)).toHaveLength(1);
});
it("takes parts of a JSON secret, beside what is no secret", () => {
  const stack = build({
    whole: undefined,
    parts: { password: "admin.password", token: "t-1" },
    plain: { user: "admin" },
    type: "kubernetes.io/basic-auth",
  });
  const decoded = `jsondecode(${reading(stack).address}.secret_string)`;
  expect(stack.one(SecretV1)).toMatchObject({
    type: "kubernetes.io/basic-auth",
    data_wo: { user: "admin", password: `\${${decoded}["admin.password"]}`, token: `\${${decoded}["t-1"]}` },
  });
});
it("takes no text but such as it is told to", () => {
  const stack = build({ pattern: "^[0-9a-f]{8}$" });
  const { address, read } = reading(stack);
  expect(stack.one(SecretV1).data_wo.api_key).toBe(ref(`regex("^[0-9a-f]{8}$", ${address}.secret_string)`));
  expect(read).not.toHaveProperty("lifecycle"); // a postcondition here crashes Terraform
});
it("has a reading of its own in a stack with others", () => {
  const { parsed } = synth(
    inCluster((stack) => {
      new KubeSecret(stack, "a", MINIMAL);
      new KubeSecret(stack, "b", { ...MINIMAL, name: "other" });
    }),
  );
  expect(Object.keys(parsed.ephemeral.aws_secretsmanager_secret_version)).toHaveLength(2);
});
it("waits for what it is told to, and tells its name and what to wait for", () => {
  let secret: KubeSecret | undefined;
  const { one } = synth(
    inCluster((stack) => {
      const { ready } = new KubeNamespace(stack, "ns", { name: "ml" });
      secret = new KubeSecret(stack, "key", { ...MINIMAL, dependsOn: ready });
    }),
  );
  expect(one(SecretV1).depends_on).toEqual([expect.stringMatching(/^kubernetes_namespace_v1\./)]);
  expect(secret?.secretName).toBe("api-key");
  expect(secret?.ready).toHaveLength(1);
});
it("takes an ARN that another stack tells", () => {
  const arn = Token.asString({ resolve: () => "late" });
  expect(reading(build({ secretArn: arn })).read.secret_id).toBe("late");
});
it.each<Partial<KubeSecretProps>>([
  { name: "a".repeat(253) },
  { namespace: "a".repeat(63) },
  { whole: "k".repeat(253) },
  { whole: "constructor", plain: { valueOf: "x" } },
  { parts: { a: "p".repeat(128) } },
  { type: "kubernetes.io/tls", whole: undefined, parts: { "tls.crt": "crt", "tls.key": "key" } },
  { type: "kubernetes.io/dockerconfigjson", whole: ".dockerconfigjson" },
])("takes %j", (props) => {
  expect(build(props).all(SecretV1)).toHaveLength(1);
});
rejects<object>(
  "test/key",
  [
    ["name", { name: undefined }, "is required"],
    ["name", { name: "a_b" }, "lower-case"],
    ["name", { name: "a".repeat(254) }, "at most 253"],
    ["namespace", { namespace: "a.b" }, "lower-case"],
    ["namespace", { namespace: "a".repeat(64) }, "at most 63"],
    ["secretArn", { secretArn: "key-AbC123" }, "ARN of a secret"],
    ["secretArn", { secretArn: undefined }],
    ["whole", { whole: undefined }, "got neither"],
    ["whole", { whole: "a b" }, "letters, digits"],
    ["whole", { whole: "k".repeat(254) }, "at most 253"],
    ["parts.a", { parts: { a: "" } }, "1 to 128"],
    ["parts.a", { parts: { a: "p".repeat(129) } }, "1 to 128"],
    ["parts.a", { parts: { a: '"] + file("x' } }, "letters, digits"],
    ["parts.a/b", { parts: { "a/b": "c" } }, "letters, digits"],
    ["parts.api_key", { parts: { api_key: "c" } }, "must not repeat"],
    ["plain.api_key", { plain: { api_key: "c" } }, "must not repeat"],
    ["plain.a", { parts: { a: "b" }, plain: { a: "c" } }, "must not repeat"],
    ["plain.a", { plain: { a: 7 } }, "string"],
    ["type", { type: "kubernetes.io/service-account-token" }, "Opaque"],
    ["pattern", { pattern: 'a"b' }, "letters, digits and"],
    ["pattern", { pattern: "a(b)" }, "letters, digits and"],
    ["pattern", { pattern: "a${b" }, "must not hold"],
    ["pattern", { pattern: "a", whole: undefined, parts: { a: "b" } }, "left out without whole"],
    ["dependsOn[0]", { dependsOn: ["aws_iam_role.x"] }],
    ["data", { data: { api_key: "12" } }, "unknown key"],
  ],
  (stack, wrong) => make(stack, wrong as Partial<KubeSecretProps>),
);
