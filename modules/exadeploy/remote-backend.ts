import { z } from "zod";
import { secretArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { show } from "../common/settings/props";

/** What ExaDeploy needs of a ModuleRepoBackend, or of an existing database and bucket. */
export interface RemoteBackend {
  readonly rdsAddress: string;
  readonly rdsPort: number;
  readonly rdsUsername: string;
  readonly rdsDatabase: string;
  /** Secret with the key `password`. */
  readonly masterUserSecretArn: string;
  readonly s3BucketId: string;
  readonly s3Region: string;
}

/** A backend to check settings with when the real one is not known. */
export const ANY_BACKEND: RemoteBackend = {
  rdsAddress: "any",
  rdsPort: 5432,
  rdsUsername: "any",
  rdsDatabase: "any",
  masterUserSecretArn: "arn:aws:secretsmanager:us-west-2:111122223333:secret:any-AbCdEf",
  s3BucketId: "any",
  s3Region: "us-west-2",
};

const KINDS: Readonly<Record<keyof RemoteBackend, "string" | "number">> = {
  rdsAddress: "string",
  rdsPort: "number",
  rdsUsername: "string",
  rdsDatabase: "string",
  masterUserSecretArn: "string",
  s3BucketId: "string",
  s3Region: "string",
};

/** A complete backend: missing values would otherwise surface only in ExaDeploy's pods. */
export const remoteBackendSchema = z.custom<RemoteBackend>().superRefine((backend, ctx) => {
  if (typeof backend !== "object" || backend === null) {
    const keys = Object.keys(KINDS).join(", ");
    refuse(ctx, [], `must be a ModuleRepoBackend (an object with ${keys}), got ${show(backend)}`);
    return;
  }
  for (const [key, kind] of Object.entries(KINDS)) {
    const value = backend[key as keyof RemoteBackend];
    if (typeof value === kind && value !== "") continue;
    refuse(ctx, key, `is required of a remote backend (${kind}), got ${show(value)}`);
  }
  const { masterUserSecretArn: arn } = backend;
  if (typeof arn !== "string" || arn === "") return;
  for (const { message } of secretArnSchema.safeParse(arn).error?.issues ?? [])
    refuse(ctx, "masterUserSecretArn", message);
});
