import { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformResource, Token } from "cdktf";
import { expect, it } from "vitest";
import { SyncedSecret, type SyncedSecretProps } from "../../../modules/kube/synced-secret";
import { rejects } from "../../support/bad-input";
import { inCluster } from "../../support/in-cluster";
import { type Json, synth } from "../../support/synth";

const ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1-AbC123";
const MINIMAL: SyncedSecretProps = {
  name: "exa-database",
  namespace: "exa",
  secretArn: ARN,
  parts: { postgres_password: "password" },
  store: { storeName: "secrets-manager", allowedNamespaces: ["exa"], ready: [] },
};
const make = inCluster(
  (stack, props: Partial<SyncedSecretProps> = {}) => new SyncedSecret(stack, "sync", { ...MINIMAL, ...props }),
);
const build = (props: Partial<SyncedSecretProps> = {}) => synth((stack) => make(stack, props));
const object = (props: Partial<SyncedSecretProps> = {}): Json => {
  const [only, ...others] = JSON.parse(build(props).one(Release).values[0]).objects;
  expect(others).toEqual([]);
  return only;
};

it("asks External Secrets to keep a Secret equal, by a release of its own", () => {
  const { one, parsed } = build();
  expect(Object.keys(parsed.resource)).toEqual(["helm_release"]);
  expect(parsed.ephemeral).toBeUndefined();
  expect(one(Release)).toMatchObject({ name: "exa-database", namespace: "exa" });
  expect(object()).toEqual({
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: "exa-database", namespace: "exa" },
    spec: {
      refreshInterval: "15m",
      secretStoreRef: { kind: "ClusterSecretStore", name: "secrets-manager" },
      target: { name: "exa-database", creationPolicy: "Owner" },
      data: [{ secretKey: "postgres_password", remoteRef: { key: ARN, property: "password" } }],
    },
  });
});
it("takes the whole, parts with dots in their names, another type, and more often", () => {
  const { spec } = object({
    whole: "all",
    parts: { "tls.key": "pem.key" },
    type: "kubernetes.io/tls",
    refreshMinutes: 1,
    secretArn: Token.asString({ resolve: () => "late" }),
  });
  expect(spec.refreshInterval).toBe("1m");
  expect(spec.target.template).toEqual({ type: "kubernetes.io/tls" });
  expect(spec.data).toEqual([
    { secretKey: "all", remoteRef: { key: "late" } },
    { secretKey: "tls.key", remoteRef: { key: "late", property: "pem\\.key" } },
  ]);
});
it("waits for the store and what it is told to, and tells its name", () => {
  let made: SyncedSecret | undefined;
  const { byId } = synth((stack) => {
    const thing = (id: string) => new TerraformResource(stack, id, { terraformResourceType: "kubernetes_thing" });
    made = make(stack, {
      store: { storeName: "s", allowedNamespaces: ["exa"], ready: [thing("store")] },
      dependsOn: [thing("home")],
    });
  });
  expect(Object.values(byId(Release))[0].depends_on).toEqual(["kubernetes_thing.store", "kubernetes_thing.home"]);
  expect(made?.secretName).toBe("exa-database");
  expect(made?.ready).toHaveLength(1);
});
it.each<Partial<SyncedSecretProps>>([{ name: "a".repeat(53) }, { refreshMinutes: 1440 }, { whole: "constructor" }])(
  "takes %j",
  (props) => {
    expect(object(props).kind).toBe("ExternalSecret");
  },
);
rejects<object>(
  "test/sync",
  [
    ["name", { name: "a".repeat(54) }, "at most 53"],
    ["name", { name: "A" }, "lower-case"],
    ["namespace", { namespace: "a.b" }, "lower-case"],
    ["secretArn", { secretArn: "key" }, "ARN of a secret"],
    ["secretArn", { secretArn: undefined }],
    ["whole", { parts: {} }, "got neither"],
    ["whole", { whole: "a b" }, "letters, digits"],
    ["parts.a", { parts: { a: "" } }, "1 to 128"],
    ["parts.a", { parts: { a: "x#y" } }, "letters, digits"],
    ["parts.postgres_password", { whole: "postgres_password" }, "must not repeat"],
    ["store", { store: undefined }, "an ExternalSecrets"],
    ["store", { store: "secrets-manager" }, "an ExternalSecrets"],
    ["store", { namespace: "other" }, "must serve the namespace other, got exa"],
    ["refreshMinutes", { refreshMinutes: 0 }, "at least 1"],
    ["refreshMinutes", { refreshMinutes: 1441 }, "at most 1440"],
    ["type", { type: "x" }, "Opaque"],
    ["plain", { plain: { a: "b" } }, "unknown key"],
  ],
  (stack, wrong) => make(stack, wrong as Partial<SyncedSecretProps>),
);
