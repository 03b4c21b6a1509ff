import { IamAccessKey } from "@cdktf/provider-aws/lib/iam-access-key";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { IamUserPolicy } from "@cdktf/provider-aws/lib/iam-user-policy";
import { Construct } from "constructs";
import { z } from "zod";
import { namespaceSchema, PodIdentityRole, serviceAccountSchema } from "../aws/eks/pod-identity-role";
import { policy, type Statement } from "../common/iam/policy";

/** How the module repository's pod gets access to the bucket. */
export const identitySchema = z.strictObject({
  /**
   * `pod-identity`: a role that EKS Pod Identity assigns to the service account. `static-key`: an IAM user with an access
   * key, which the chart exadeploy 1.1.1 requires. The key is in Terraform's state in plain text and never expires, so
   * encrypt that state, restrict access to it, and switch to `pod-identity` as soon as the chart allows.
   */
  credentials: z.enum(["pod-identity", "static-key"]).default("pod-identity"),
  /** Namespace of the service account, for `pod-identity`. */
  namespace: namespaceSchema.default("default"),
  /** Service account of the pod, for `pod-identity`. */
  serviceAccount: serviceAccountSchema.default("exadeploy"),
});

/** Credentials of the module repository. */
export type ModuleRepoCredentials =
  | { readonly kind: "pod-identity"; readonly roleArn: string }
  | { readonly kind: "static-key"; readonly accessKeyId: string; readonly secretAccessKey: string };

export interface IdentityProps extends z.output<typeof identitySchema> {
  readonly exadeployId: string;
  readonly clusterName: string;
  readonly bucketArn: string;
  readonly kmsKeyArn?: string;
}

/** The module repository's identity, with access to its bucket. */
export class Identity extends Construct {
  readonly credentials: ModuleRepoCredentials;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    this.credentials = props.credentials === "static-key" ? this.accessKey(props) : this.role(props);
  }

  private role({
    exadeployId,
    clusterName,
    namespace,
    serviceAccount,
    ...rights
  }: IdentityProps): ModuleRepoCredentials {
    const name = `${exadeployId}-module-repo`;
    const { roleArn } = new PodIdentityRole(this, "pods", {
      name,
      clusterName,
      namespace,
      serviceAccount,
      policy: policy(...statements(rights)),
    });
    return { kind: "pod-identity", roleArn };
  }

  private accessKey({ exadeployId, ...rights }: IdentityProps): ModuleRepoCredentials {
    const user = new IamUser(this, "user", { name: `${exadeployId}-user`, path: "/exafunction/" }).name;
    new IamUserPolicy(this, "policy", { user, policy: policy(...statements(rights)) });
    const key = new IamAccessKey(this, "key", { user });
    return { kind: "static-key", accessKeyId: key.id, secretAccessKey: key.secret };
  }
}

function statements({ bucketArn, kmsKeyArn }: Pick<IdentityProps, "bucketArn" | "kmsKeyArn">): Statement[] {
  const bucket: Statement[] = [
    {
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: `${bucketArn}/*`,
    },
    { Action: "s3:ListBucket", Resource: bucketArn },
  ];
  return kmsKeyArn ? [...bucket, { Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn }] : bucket;
}
