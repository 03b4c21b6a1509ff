import { z } from "zod";
import { refuse } from "../../common/settings/faults";
import { orToken } from "../../common/settings/props";
import { impossibleType } from "./instance-types";

/** Source: EC2 Instance Types guide, "Naming conventions": family, then a size such as medium, 2xlarge, metal-24xl. */
export const instanceTypeSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.([a-z]+|[0-9]+xlarge|metal-[0-9]+xl)$/, {
    abort: true,
    error: "must be an instance type such as t3.medium or g4dn.xlarge",
  })
  .superRefine((type, ctx) => {
    const fault = impossibleType(type);
    if (fault) refuse(ctx, [], fault);
  });

/** Settings that any machine with a login shell has. */
export const loginShape = {
  /** EC2 key pair for SSH. Session Manager and EC2 Instance Connect need none. */
  keyName: orToken(
    z.string().regex(/^[!-~]([ -~]{0,253}[!-~])?$/, "must be the name of a key pair, 1 to 255 ASCII characters"),
  ).optional(),
};

/** Instance metadata requires a session token (IMDSv2) and is out of reach of containers, which are one hop further. */
export const METADATA_OPTIONS = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
} as const;
