import { PrometheusWorkspace } from "@cdktf/provider-aws/lib/prometheus-workspace";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { PodIdentityRole } from "../aws/eks/pod-identity-role";
import { policy } from "../common/iam/policy";
import { kmsKeyArnSchema, secretArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import type { HelmValues } from "./helm-chart";
import { KubeSecret } from "./kube-secret";

const httpsSchema = orToken(
  z.string().regex(/^https:\/\/[\w.-]+(:\d+)?(\/[\w./~-]*)?$/, "must be an https:// address without a query"),
);

const workspaceSchema = z.strictObject({
  /** ARN of the workspace. */
  arn: orToken(
    z
      .string()
      .regex(
        /^arn:aws[a-z-]*:aps:[a-z0-9-]+:\d{12}:workspace\/ws-[\w-]+$/,
        "must be the ARN of a workspace of Amazon Managed Prometheus",
      ),
  ),
  /** Its endpoint, which ends in the workspace's id and a slash. */
  endpoint: httpsSchema,
});

/** Where samples are sent beside the cluster's own Prometheus. */
export const remoteWriteSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** A server that asks for a user and a password. */
    kind: z.literal("basic-auth"),
    /** Address that samples are written to. */
    url: httpsSchema,
    /** Secret with the keys `username` and `password`. */
    secretArn: secretArnSchema,
  }),
  z.strictObject({
    /** Amazon Managed Service for Prometheus, by a role of Prometheus' pods. */
    kind: z.literal("amazon"),
    /** Region of the workspace. */
    region: regionSchema,
    /** Workspace that exists already; one is made when absent. */
    workspace: workspaceSchema.optional(),
    /** Key that encrypts the workspace that is made; AWS's own when absent. */
    kmsKeyArn: kmsKeyArnSchema.optional(),
  }),
]);
export type RemoteWriteSettings = z.output<typeof remoteWriteSchema>;

/** Rules across the settings. */
export function checkRemoteWrite(settings: RemoteWriteSettings, ctx: z.RefinementCtx, path: string[]): void {
  if (settings.kind !== "amazon" || !settings.workspace || settings.kmsKeyArn === undefined) return;
  const message = "must be left out with workspace, which has its key already";
  refuse(ctx, [...path, "kmsKeyArn"], message);
}

export interface RemoteWriteProps {
  readonly settings: RemoteWriteSettings;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly dependsOn: ITerraformDependable[];
}

/** What Prometheus needs to send its samples on. */
export class RemoteWrite extends Construct {
  /** The chart's setting for it. It names secrets and holds none. */
  readonly values: HelmValues;
  /** ARN of the workspace of Amazon Managed Prometheus, where there is one. */
  readonly workspaceArn: string | undefined;
  /** What Prometheus must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: RemoteWriteProps) {
    super(scope, id);
    const { settings, clusterName, namespace, serviceAccount, dependsOn } = props;
    if (settings.kind === "basic-auth") {
      const name = "prometheus-remote-write";
      const secret = new KubeSecret(this, "secret", {
        name,
        namespace,
        secretArn: settings.secretArn,
        parts: { username: "username", password: "password" },
        dependsOn,
      });
      this.values = {
        url: settings.url,
        basicAuth: { username: { name, key: "username" }, password: { name, key: "password" } },
      };
      this.ready = secret.ready;
      return;
    }
    const { arn, endpoint } = settings.workspace ?? this.workspace(clusterName, settings.kmsKeyArn);
    const role = new PodIdentityRole(this, "role", {
      name: Token.isUnresolved(clusterName) ? "prometheus-remote-write" : `${clusterName}-prometheus`,
      clusterName,
      namespace,
      serviceAccount,
      policy: policy({ Action: "aps:RemoteWrite", Resource: arn }),
    });
    this.values = { url: `${endpoint}api/v1/remote_write`, sigv4: { region: settings.region } };
    this.workspaceArn = arn;
    this.ready = role.ready;
  }

  private workspace(clusterName: string, kmsKeyArn?: string) {
    const { arn, prometheusEndpoint } = new PrometheusWorkspace(this, "workspace", { alias: clusterName, kmsKeyArn });
    return { arn, endpoint: prometheusEndpoint };
  }
}
