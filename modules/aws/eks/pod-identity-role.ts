import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { ManagedRole } from "../../common/iam/managed-role";
import { podIdentityTrust } from "../../common/iam/policy";
import { orToken, parseProps } from "../../common/settings/props";

/** ARN of a managed policy, of AWS or of an account. */
const policyArnSchema = orToken(
  z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]+$/,
      "must be the ARN of an IAM policy, such as arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    ),
);

/** Name of a service account: a DNS subdomain. Source: Kubernetes, "Object Names and IDs". */
export const serviceAccountSchema = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
    "must have lower-case letters, digits, hyphens and dots, a letter or digit at both ends",
  );

/** Name of a namespace: a DNS label. Source: Kubernetes, "Object Names and IDs". */
export const namespaceSchema = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    "must have lower-case letters, digits and hyphens, a letter or digit at both ends",
  );

/** Permissions of a role. */
export const permissionsShape = {
  /** Managed policies by a short name, at most 20, the maximum IAM quota per role. */
  policyArns: z
    .record(z.string().min(1).max(64), policyArnSchema)
    .refine((arns) => Object.keys(arns).length <= 20, "must have at most 20 policies")
    .default({}),
  /** JSON document of an inline policy. */
  policy: orToken(z.string().refine(isJsonObject, "must be a JSON policy document")).optional(),
};

const schema = z
  .strictObject({
    /** Prefix of the role's name, shortened with a hash beyond 37 characters. */
    name: z.string().regex(/^[\w+=,.@-]+$/, "must have letters, digits and +=,.@_- only"),
    /** Cluster whose pods get the role. */
    clusterName: orToken(z.string().min(1)),
    /** Namespace of the service account. */
    namespace: namespaceSchema,
    /** Service account whose pods get the role. It need not exist yet. */
    serviceAccount: serviceAccountSchema,
    ...permissionsShape,
  })
  .refine(({ policy, policyArns }) => policy !== undefined || Object.keys(policyArns).length > 0, {
    path: ["policy"],
    message: "is required where policyArns is empty, or the role would have no permissions; got neither",
  });
export type PodIdentityRoleProps = z.input<typeof schema>;

/** IAM role for the pods of one service account, by EKS Pod Identity. */
export class PodIdentityRole extends Construct {
  readonly roleArn: string;
  readonly roleName: string;
  /** What the pods must wait for: those that start earlier have no role until they are restarted. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PodIdentityRoleProps) {
    super(scope, id);
    const { clusterName, namespace, serviceAccount, name, policyArns, policy } = parseProps(this, schema, props);

    const role = podRole(this, { name, policyArns, policy });
    const association = new EksPodIdentityAssociation(this, "association", {
      clusterName,
      namespace,
      serviceAccount,
      roleArn: role.arn,
      dependsOn: role.policies,
    });

    this.roleArn = role.arn;
    this.roleName = role.name;
    this.ready = [association];
  }
}

/** The role alone, for an add-on that creates its own association. */
export const podRole = (
  scope: Construct,
  { name, policy, policyArns }: { name: string; policy?: string; policyArns: Record<string, string> },
) =>
  new ManagedRole(scope, "role", {
    name,
    assumeRolePolicy: podIdentityTrust(),
    policyArns,
    policies: policy === undefined ? {} : { permissions: policy },
  });

function isJsonObject(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
