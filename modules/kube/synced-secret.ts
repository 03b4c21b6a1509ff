import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { refuse } from "../common/settings/faults";
import { parseProps, reference } from "../common/settings/props";
import { CustomObjects } from "./custom-objects";
import { checkSource, secretSourceShape } from "./kube-secret";

/** What a SyncedSecret needs of ExternalSecrets. */
export interface SecretStore {
  readonly storeName: string;
  /** Namespaces that the store serves. */
  readonly allowedNamespaces: readonly string[];
  readonly ready: ITerraformDependable[];
}
export const secretStoreSchema = reference<SecretStore>(
  "an ExternalSecrets",
  "storeName",
  "allowedNamespaces[]",
  "ready{}",
);

const schema = z
  .strictObject({
    ...secretSourceShape,
    name: secretSourceShape.name.max(53), // Helm's limit for the name of its release
    /** Store to read the secret through. */
    store: secretStoreSchema,
    /** Refresh interval, minutes, 1 to 1440. */
    refreshMinutes: z.int().min(1).max(1440).default(15),
  })
  .superRefine((settings, ctx) => {
    checkSource(settings, ctx);
    const { namespace, store } = settings;
    if (store.allowedNamespaces.includes(namespace)) return;
    const message = `must serve the namespace ${namespace}, got ${store.allowedNamespaces.join(", ")}; add it to allowedNamespaces`;
    refuse(ctx, "store", message);
  });
export type SyncedSecretProps = z.input<typeof schema>;

/** Kubernetes Secret that External Secrets keeps in sync with Secrets Manager, including rotations. */
export class SyncedSecret extends Construct {
  readonly secretName: string;
  /** What dependents must wait for. The Secret itself is created moments later, which pods wait for by themselves. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SyncedSecretProps) {
    super(scope, id);
    const { name, namespace, secretArn, whole, parts, type, store, ...settings } = parseProps(this, schema, props);
    // Source: external-secrets.io, "ExternalSecret"; a property is a path, in which a dot of the key is escaped as \\.
    const keys = [
      ...Object.entries(parts).map(([secretKey, part]) => ({
        secretKey,
        remoteRef: { key: secretArn, property: part.replaceAll(".", "\\.") },
      })),
      ...(whole === undefined ? [] : [{ secretKey: whole, remoteRef: { key: secretArn } }]),
    ];
    const { ready } = new CustomObjects(this, "objects", {
      name,
      namespace,
      objects: [
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ExternalSecret",
          metadata: { name, namespace },
          spec: {
            refreshInterval: `${settings.refreshMinutes}m`,
            secretStoreRef: { kind: "ClusterSecretStore", name: store.storeName },
            target: { name, creationPolicy: "Owner", ...(type !== "Opaque" && { template: { type } }) },
            data: keys.sort((a, b) => (a.secretKey < b.secretKey ? -1 : 1)),
          },
        },
      ],
      dependsOn: [...store.ready, ...settings.dependsOn],
    });
    this.secretName = name;
    this.ready = ready;
  }
}
