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
  /** Endpoint, ending in the workspace's id and a slash. */
  endpoint: httpsSchema,
});

/** Remote storage for samples, in addition to the cluster's Prometheus. */
export const remoteWriteSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** A server with basic authentication. */
    kind: z.literal("basic-auth"),
    /** Remote-write URL. */
    url: httpsSchema,
    /** Secret with the keys `username` and `password`. */
    secretArn: secretArnSchema,
  }),
  z.strictObject({
    /** Amazon Managed Service for Prometheus, authenticated by the pods' role. */
    kind: z.literal("amazon"),
    /** Region of the workspace. */
    region: regionSchema,
    /** Existing workspace; one is created when absent. */
    workspace: workspaceSchema.optional(),
    /** KMS key of the created workspace; an AWS owned key when absent. */
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

/** Credentials, and the workspace if needed, for Prometheus' remote write. */
export class RemoteWrite extends Construct {
  /** The chart's remote-write setting. It refers to secrets by name and contains none. */
  readonly values: HelmValues;
  /** ARN of the workspace of Amazon Managed Prometheus, if used. */
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
