import { DataAwsSecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-version";
import { DirectoryServiceRadiusSettings } from "@cdktf/provider-aws/lib/directory-service-radius-settings";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct } from "../../common/collections";
import { secretArnSchema } from "../../common/settings/arns";
import { orToken } from "../../common/settings/props";

// Source of the bounds: AWS Directory Service API reference, RadiusSettings
const mfaSchema = z.strictObject({
  /** Addresses or names of the RADIUS servers, or of a load balancer before them, 1 to 20; reached from the directory. */
  radiusServers: z
    .array(orToken(z.string().min(1).max(256)))
    .min(1)
    .max(20)
    .refine(areDistinct, "must name each once"),
  /**
   * Secret whose whole value is the RADIUS servers' shared secret, 8 to 512 characters. The provider has no write-only
   * argument for it, so that the value is in the state too: let few people read that.
   */
  sharedSecretArn: secretArnSchema,
  /** Port of the servers, 1025 to 65535. */
  radiusPort: z.int().min(1025).max(65535).default(1812),
  /** How often a server is asked again, 0 to 10. */
  radiusRetries: z.int().min(0).max(10).default(4),
  /** Seconds, 1 to 50, for an answer; who confirms on a telephone needs some. */
  radiusTimeout: z.int().min(1).max(50).default(20),
  /** Protocol of the servers. */
  authenticationProtocol: z.enum(["PAP", "CHAP", "MS-CHAPv1", "MS-CHAPv2"]).default("MS-CHAPv2"),
  /** Name of the method, 1 to 64 characters. */
  displayLabel: z.string().min(1).max(64).default("MFA"),
});

/** Directory through which people sign in. */
export const activeDirectorySchema = z.strictObject({
  /** Id of an AWS Managed Microsoft AD, or of an AD Connector, in the region of the VPC. */
  directoryId: orToken(z.string().regex(/^d-[0-9a-f]{10}$/, "must be the id of a directory such as d-1234567890")),
  /** Second factor by RADIUS, which is a setting of the directory: everybody who uses it needs one. None when absent. */
  mfa: mfaSchema.optional(),
});

export interface DirectoryMfaProps extends z.output<typeof mfaSchema> {
  readonly directoryId: string;
}

/** Second factor of a directory, asked from RADIUS servers. */
export class DirectoryMfa extends Construct {
  /** What must exist before people sign in, or they could without. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { sharedSecretArn, ...settings }: DirectoryMfaProps) {
    super(scope, id);
    const secret = new DataAwsSecretsmanagerSecretVersion(this, "shared-secret", { secretId: sharedSecretArn });
    this.ready = [
      new DirectoryServiceRadiusSettings(this, "radius", { ...settings, sharedSecret: secret.secretString }),
    ];
  }
}
