import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../common/collections";
import { idFrom } from "../common/names";
import { principalArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";

const grantSchema = z
  .strictObject({
    /** EKS access policy, by name or ARN: AmazonEKSClusterAdminPolicy, AmazonEKSAdminPolicy, AmazonEKSEditPolicy, AmazonEKSViewPolicy, ... */
    policy: z
      .string()
      .regex(
        /^(arn:aws[a-z-]*:eks::aws:cluster-access-policy\/)?Amazon[A-Za-z0-9]+$/,
        "must be an EKS access policy, such as AmazonEKSViewPolicy",
      ),
    /** Scope of the policy: the whole cluster, or `namespaces`. */
    scope: z.enum(["cluster", "namespace"]).default("cluster"),
    /** Namespaces of the scope `namespace`; `*` is a wildcard. */
    namespaces: z
      .array(
        z.string().regex(/^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$/, "must be a namespace, such as default or dev-*"),
      )
      .default([]),
  })
  .superRefine(({ scope, namespaces }, ctx) => {
    if (scope === "namespace" && namespaces.length === 0)
      refuse(ctx, "namespaces", "must name at least one with scope namespace, got none");
    if (scope === "cluster" && namespaces.length > 0)
      refuse(ctx, "namespaces", 'must be left out without scope "namespace"');
  });

const entrySchema = z
  .strictObject({
    /** IAM role or user to grant access to. */
    principalArn: principalArnSchema,
    /** Type of the entry: STANDARD for people and programs, the others for roles of self-managed nodes. */
    type: z.enum(["STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX"]).default("STANDARD"),
    /** Kubernetes groups, for your own role bindings. */
    kubernetesGroups: z
      .array(
        z
          .string()
          .min(1)
          .regex(/^(?!system:)/, "must not begin with system:, which Kubernetes reserves"),
      )
      .default([]),
    /** User name in Kubernetes' audit log; derived by EKS from the ARN and the session when absent. */
    userName: z
      .string()
      .min(1)
      .regex(/^(?!(system|eks|aws|amazon|iam):)/, "must not begin with system:, eks:, aws:, amazon: or iam:")
      .regex(/^([^{]|\{(?!\{SessionName))*$|:.*\{\{SessionName/, "must have a colon before {{SessionName}}")
      .optional(),
    /** EKS access policies of the principal. */
    policies: z.array(grantSchema).default([]),
  })
  .superRefine(({ type, principalArn, policies, kubernetesGroups, userName }, ctx) => {
    // Source: EKS API reference, CreateAccessEntry
    if (type !== "STANDARD") {
      const only = `must be left out with type ${type}; EKS grants nodes what they need`;
      if (policies.length > 0) refuse(ctx, "policies", only);
      if (kubernetesGroups.length > 0) refuse(ctx, "kubernetesGroups", only);
      if (userName !== undefined) refuse(ctx, "userName", only);
      if (!Token.isUnresolved(principalArn) && !String(principalArn).includes(":role/")) {
        refuse(ctx, "principalArn", `must be a role with type ${type}, got ${principalArn}`);
      }
    }
    const names = policies.map(({ policy }) => policyName(policy));
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) refuse(ctx, "policies", `must name each policy once (merge the namespaces), got ${twice} twice`);
  });

/** Inputs of the cluster about access to its API. */
export const accessShape = {
  /** IAM roles and users that administer the cluster, by name. The creator of the cluster gets no access by default. */
  administrators: z.record(z.string().min(1).max(64), principalArnSchema).default({}),
  /** IAM roles and users with limited permissions, by name. The role of node groups needs no entry: EKS adds it. */
  accessEntries: z.record(z.string().min(1).max(64), entrySchema).default({}),
};

interface AccessSettings {
  administrators: Record<string, string>;
  accessEntries: Record<string, z.output<typeof entrySchema>>;
}

/** Refuses two entries for the same principal, as EKS does. */
export function checkAccess({ administrators, accessEntries }: AccessSettings, ctx: z.RefinementCtx) {
  const seen = new Map<string, string>();
  const claim = (path: [string, string], value: string, what: string) => {
    if (Token.isUnresolved(value)) return;
    const first = seen.get(`${what} ${value}`);
    const message = `must differ from ${first}, which has the same ${what}, got ${value}`;
    if (first) refuse(ctx, path, message);
    else seen.set(`${what} ${value}`, path.join("."));
  };
  for (const [key, principalArn] of Object.entries(administrators)) {
    claim(["administrators", key], key, "name");
    claim(["administrators", key], principalArn, "principal");
  }
  for (const [key, { principalArn }] of Object.entries(accessEntries)) {
    claim(["accessEntries", key], key, "name");
    claim(["accessEntries", key], principalArn, "principal");
  }
}

/** All access entries, by name; an administrator is an entry with one policy. */
export const accessEntries = ({ administrators, accessEntries }: AccessSettings): AccessSettings["accessEntries"] => ({
  ...Object.fromEntries(
    Object.entries(administrators).map(([key, principalArn]) => {
      const policies = [{ policy: "AmazonEKSClusterAdminPolicy", scope: "cluster" as const, namespaces: [] }];
      return [key, { principalArn, type: "STANDARD" as const, kubernetesGroups: [], policies }];
    }),
  ),
  ...accessEntries,
});

/** Access entries of a cluster, which let IAM principals use its API. */
export class Access extends Construct {
  /** Entries and policies that API clients must wait for. */
  readonly grants: ITerraformDependable[] = [];

  constructor(
    scope: Construct,
    id: string,
    { clusterName, entries }: { clusterName: string; entries: AccessSettings["accessEntries"] },
  ) {
    super(scope, id);
    for (const [key, entry] of sortedEntries(entries)) {
      const { principalArn, type, kubernetesGroups, userName, policies } = entry;
      // Absent, the provider keeps the groups of before: only an empty list revokes them. EKS accepts groups, even none, with
      // STANDARD only.
      const groups = type === "STANDARD" ? { kubernetesGroups: [...kubernetesGroups].sort() } : {};
      const resource = new EksAccessEntry(this, idFrom(key), { clusterName, principalArn, type, userName, ...groups });
      this.grants.push(resource);
      for (const { policy, scope: kind, namespaces } of policies) {
        const association = new EksAccessPolicyAssociation(this, idFrom(`${key}-${policyName(policy)}`), {
          clusterName,
          principalArn: resource.principalArn,
          policyArn: `arn:aws:eks::aws:cluster-access-policy/${policyName(policy)}`,
          accessScope: kind === "cluster" ? { type: kind } : { type: kind, namespaces: [...namespaces].sort() },
        });
        this.grants.push(association);
      }
    }
  }
}

const policyName = (policy: string) => policy.split("/").pop() ?? policy;
