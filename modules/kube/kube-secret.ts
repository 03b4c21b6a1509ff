import { DataAwsSecretsmanagerSecretVersions } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-versions";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { type ITerraformDependable, TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { ephemeral } from "../common/secrets/generated-secret";
import { secretArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { parseProps, reference } from "../common/settings/props";
import { dataKeySchema, kubeLabelSchema, kubeNameSchema } from "./kube-names";

/** Key of a JSON object that stands in Secrets Manager. */
const partSchema = z.string().regex(/^[\w.-]{1,128}$/, "must be 1 to 128 letters, digits and _.-");

/** Which parts of which secret of Secrets Manager a Kubernetes Secret holds. */
export const secretSourceShape = {
  /** Name of the Kubernetes Secret. */
  name: kubeNameSchema,
  /** Namespace of the Secret. It must be there before, so name what makes it in `dependsOn`. */
  namespace: kubeLabelSchema,
  /** Secret of Secrets Manager that the values come from. */
  secretArn: secretArnSchema,
  /** Key that holds the secret's text as it is. */
  whole: dataKeySchema.optional(),
  /** Keys that hold parts of the secret, which is a JSON object then: each with the key of the part there. */
  parts: z.record(dataKeySchema, partSchema).default({}),
  /** Kind of the Secret, which Kubernetes checks the keys by. */
  type: z
    .enum(["Opaque", "kubernetes.io/basic-auth", "kubernetes.io/tls", "kubernetes.io/dockerconfigjson"])
    .default("Opaque"),
  /** What must be there first. */
  dependsOn: z.array(reference<ITerraformDependable>("a resource", "fqn")).default([]),
};

/** Rules across those settings. */
export function checkSource(
  { whole, parts }: { whole?: string; parts: Record<string, string> },
  ctx: z.RefinementCtx,
): void {
  if (whole === undefined && Object.keys(parts).length === 0) {
    refuse(ctx, "whole", "or parts must say under which key the secret stands, got neither");
  }
  if (whole !== undefined && Object.hasOwn(parts, whole))
    refuse(ctx, ["parts", whole], "must not repeat the key of whole");
}

const schema = z
  .strictObject({
    ...secretSourceShape,
    /** Keys whose values are no secret and stand here, such as a user's name beside its password. */
    plain: z.record(dataKeySchema, z.string()).default({}),
    /**
     * Regular expression, of letters, digits and ^$[]{}?*+- only, that the whole text must match: an apply fails at this
     * Secret otherwise. Nothing else ever sees the text.
     */
    pattern: z
      .string()
      .regex(/^[\w^$[\]{}?*+-]+$/, "must have letters, digits and ^$[]{}?*+- only")
      .refine((pattern) => !/[$%]\{/.test(pattern), "must not hold ${ or %{")
      .optional(),
  })
  .superRefine(({ plain, pattern, ...source }, ctx) => {
    checkSource(source, ctx);
    if (pattern !== undefined && source.whole === undefined) {
      refuse(ctx, "pattern", "must be left out without whole, whose text it is for");
    }
    for (const key of Object.keys(plain)) {
      if (key !== source.whole && !Object.hasOwn(source.parts, key)) continue;
      refuse(ctx, ["plain", key], "must not repeat a key of the secret's own values");
    }
  });
export type KubeSecretProps = z.input<typeof schema>;

/**
 * Kubernetes Secret whose values come from Secrets Manager as it is applied: neither the state nor a plan holds them.
 * An apply after the secret has another value writes it anew; what must follow a rotation sooner takes External Secrets.
 * Needs Terraform 1.11.
 */
export class KubeSecret extends Construct {
  readonly secretName: string;
  /** What the Secret's users must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KubeSecretProps) {
    super(scope, id);
    const { name, namespace, secretArn, whole, parts, plain, type, pattern, dependsOn } = parseProps(
      this,
      schema,
      props,
    );
    TerraformStack.of(this).addOverride("terraform.required_version", ">= 1.11.0"); // the first with write-only arguments

    // the list of versions names them and holds no value
    const { fqn, friendlyUniqueId } = new DataAwsSecretsmanagerSecretVersions(this, "versions", {
      secretId: secretArn,
    });
    const current = `one([for each in ${fqn}.versions : each.version_id if contains(each.version_stages, "AWSCURRENT")])`;
    const read = ephemeral(this, "aws_secretsmanager_secret_version", friendlyUniqueId, {
      secret_id: secretArn,
      version_id: `\${${current}}`,
    });
    const text = `${read}.secret_string`;
    // Not a postcondition of what is read: Terraform 1.11 crashes when it is to show a plan that has one.
    const checked = pattern === undefined ? text : `regex("${pattern}", ${text})`;
    const secret = new SecretV1(this, "secret", {
      metadata: { name, namespace },
      type,
      dataWo: {
        ...plain,
        ...Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, `\${jsondecode(${text})["${part}"]}`])),
        ...(whole !== undefined && { [whole]: `\${${checked}}` }),
      },
      // Another number for another version, from 1 as the provider wants it: there is nothing else to compare. A secret
      // that has no value yet is left to the reading of it, which says so.
      dataWoRevision: Token.asNumber(`\${1 + parseint(substr(sha256(coalesce(${current}, "none")), 0, 7), 16)}`),
      ...(dependsOn.length > 0 && { dependsOn }),
    });

    this.secretName = name;
    this.ready = [secret];
  }
}
