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

/** Key of a JSON object in Secrets Manager. */
const partSchema = z.string().regex(/^[\w.-]{1,128}$/, "must be 1 to 128 letters, digits and _.-");

/** The Secrets Manager secret, and the parts of it, that a Kubernetes Secret holds. */
export const secretSourceShape = {
  /** Name of the Kubernetes Secret. */
  name: kubeNameSchema,
  /** Existing namespace of the Secret; if it is created in the same stack, list it in `dependsOn`. */
  namespace: kubeLabelSchema,
  /** Secrets Manager secret that holds the values. */
  secretArn: secretArnSchema,
  /** Key that gets the secret's whole text. */
  whole: dataKeySchema.optional(),
  /** Keys that get parts of a secret that is a JSON object, each mapped to the object's key. */
  parts: z.record(dataKeySchema, partSchema).default({}),
  /** Type of the Secret, which Kubernetes validates the keys against. */
  type: z
    .enum(["Opaque", "kubernetes.io/basic-auth", "kubernetes.io/tls", "kubernetes.io/dockerconfigjson"])
    .default("Opaque"),
  /** Resources to create first. */
  dependsOn: z.array(reference<ITerraformDependable>("a resource", "fqn")).default([]),
};

/** Rules across {@link secretSourceShape}. */
export function checkSource(
  { whole, parts }: { whole?: string; parts: Record<string, string> },
  ctx: z.RefinementCtx,
): void {
  if (whole === undefined && Object.keys(parts).length === 0) {
    refuse(ctx, "whole", "or parts is required, or the Secret would have no keys; got neither");
  }
  if (whole !== undefined && Object.hasOwn(parts, whole))
    refuse(ctx, ["parts", whole], "must not repeat the key of whole");
}

const schema = z
  .strictObject({
    ...secretSourceShape,
    /** Keys with literal, non-secret values, such as the user name for a password. */
    plain: z.record(dataKeySchema, z.string()).default({}),
    /**
     * Regular expression, of letters, digits and ^$[]{}?*+- only, that the whole text must match, or the apply fails. The
     * text is exposed to nothing else.
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
 * Kubernetes Secret whose values are read from Secrets Manager during apply: neither the state nor a plan holds them.
 * The next apply after a rotation updates it; use External Secrets to follow rotations sooner.
 * Needs Terraform 1.11.
 */
export class KubeSecret extends Construct {
  readonly secretName: string;
  /** What dependents must wait for. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KubeSecretProps) {
    super(scope, id);
    const { name, namespace, secretArn, whole, parts, plain, type, pattern, dependsOn } = parseProps(
      this,
      schema,
      props,
    );
    TerraformStack.of(this).addOverride("terraform.required_version", ">= 1.11.0"); // the first with write-only arguments

    // the list of versions has their ids and no values
    const { fqn, friendlyUniqueId } = new DataAwsSecretsmanagerSecretVersions(this, "versions", {
      secretId: secretArn,
    });
    const current = `one([for each in ${fqn}.versions : each.version_id if contains(each.version_stages, "AWSCURRENT")])`;
    const read = ephemeral(this, "aws_secretsmanager_secret_version", friendlyUniqueId, {
      secret_id: secretArn,
      version_id: `\${${current}}`,
    });
    const text = `${read}.secret_string`;
    // Not a postcondition of the ephemeral resource: Terraform 1.11 crashes when it shows a plan with one.
    const checked = pattern === undefined ? text : `regex("${pattern}", ${text})`;
    const secret = new SecretV1(this, "secret", {
      metadata: { name, namespace },
      type,
      dataWo: {
        ...plain,
        ...Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, `\${jsondecode(${text})["${part}"]}`])),
        ...(whole !== undefined && { [whole]: `\${${checked}}` }),
      },
      // A number derived from the version id, at least 1 as the provider requires, so that a new version triggers an update.
      // A secret without a value fails when it is read, with a clear message.
      dataWoRevision: Token.asNumber(`\${1 + parseint(substr(sha256(coalesce(${current}, "none")), 0, 7), 16)}`),
      ...(dependsOn.length > 0 && { dependsOn }),
    });

    this.secretName = name;
    this.ready = [secret];
  }
}
