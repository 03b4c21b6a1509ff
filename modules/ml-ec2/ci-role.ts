import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { ManagedRole } from "../common/iam/managed-role";
import { policy } from "../common/iam/policy";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";
import { bucketAccess, type DataBuckets } from "./bucket-access";

const GITHUB = "token.actions.githubusercontent.com";
const PROVIDER_ARN = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/([\w.-]+(?:\/[\w./-]+)?)$/;
/** Full name of one repository, then a ref or the like: `repo:org/name:ref:refs/heads/main`. */
const GITHUB_SUBJECT = /^repo:[^*?:/]+\/[^*?:/]+:.+$/;
/** At least two segments before the first wildcard, as in `project_path:group/name:...`. */
const SUBJECT = /^[^*?:/]+[:/][^*?:/]+([:/].*)?$/;

/** Settings of the CI role. */
export const ciRoleShape = {
  /** Role that CI jobs assume with their OIDC token, without a stored key. */
  ciRole: z
    .strictObject({
      /**
       * ARN of the IAM OIDC provider of the CI service. When absent, GitHub's is created; an account can have only one, so
       * give its ARN if it exists.
       */
      provider: orToken(
        z
          .string()
          .regex(
            PROVIDER_ARN,
            `must be the ARN of an IAM OIDC provider, such as arn:aws:iam::111122223333:oidc-provider/${GITHUB}`,
          ),
      ).optional(),
      /**
       * Token subjects that may assume the role, such as `repo:org/name:ref:refs/heads/main`. `*` and `?` are wildcards, but
       * not in the name of the repository: a subject that begins with a wildcard would admit anyone's jobs.
       */
      subjects: z.array(z.string().max(512)).min(1).max(20),
      /** Audience of the token. */
      audience: z.string().min(1).max(255).default("sts.amazonaws.com"),
      /** `read`: CI may read datasets and models. `read-write`: it may also write and delete them. */
      access: z.enum(["read", "read-write"]).default("read"),
    })
    .superRefine(({ provider, subjects }, ctx) => {
      const github = host(provider) === GITHUB;
      const [form, example] = github
        ? [GITHUB_SUBJECT, "repo:org/name:ref:refs/heads/main"]
        : [SUBJECT, "project_path:group/name:ref_type:branch:ref:main"];
      subjects.forEach((subject, index) => {
        if (form.test(subject)) return;
        const message = `must name the repository or project before any wildcard, such as ${example}, got ${subject}`;
        refuse(ctx, ["subjects", index], message);
      });
    })
    .optional(),
};
const schema = z.object(ciRoleShape);
type Settings = NonNullable<z.output<typeof schema>["ciRole"]>;

export interface CiRoleProps {
  /** `<project>-<environment>`. */
  readonly prefix: string;
  /** Buckets that CI may use. */
  readonly storage: DataBuckets;
  readonly settings: Settings;
}

/** IAM role with which CI may use the two buckets, and nothing else. */
export class CiRole extends Construct {
  readonly roleArn: string;
  readonly roleName: string;

  constructor(scope: Construct, id: string, { prefix, storage, settings }: CiRoleProps) {
    super(scope, id);
    const { audience, access } = settings;
    const provider = settings.provider ?? this.github(audience);
    const issuer = settings.provider === undefined ? GITHUB : (host(provider) ?? hostOfToken(provider));
    const role = new ManagedRole(this, "role", {
      name: `${prefix}-ci`,
      assumeRolePolicy: policy({
        Principal: { Federated: provider },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { [`${issuer}:aud`]: audience },
          StringLike: { [`${issuer}:sub`]: [...settings.subjects].sort() },
        },
      }),
      policyArns: {},
      policies: { s3: policy(...bucketAccess(storage, access)) },
    });

    this.roleArn = role.arn;
    this.roleName = role.name;
  }

  private github(audience: string): string {
    return new IamOpenidConnectProvider(this, "github", { url: `https://${GITHUB}`, clientIdList: [audience] }).arn;
  }
}

/** Issuer host of a provider, as in condition keys; GitHub's without a provider, undefined for a token. */
const host = (arn: string | undefined) => {
  if (arn === undefined) return GITHUB;
  return Token.isUnresolved(arn) ? undefined : PROVIDER_ARN.exec(arn)?.[1];
};

const hostOfToken = (arn: string): string => Fn.element(Fn.split(":oidc-provider/", arn), 1);
