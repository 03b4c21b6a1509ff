import { Token } from "cdktf";
import type { z } from "zod";
import { type PrivateReach, unreached } from "../../common/private-reach";
import { refuse } from "../../common/settings/faults";

/** What a task needs to start. Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints". */
const TO_START = ["ecr.api", "ecr.dkr", "logs", "s3"];
/** By which shells of ECS Exec reach a task. */
const EXEC = "ssmmessages";
const ECR = /^\d{12}\.dkr\.ecr\./;

export interface TaskNeeds {
  /** Services that the tasks call, and that ECS calls for them, beside those with which each starts. */
  readonly services?: readonly string[];
  /** Whether tasks have shells by ECS Exec. */
  readonly executeCommand: boolean;
  /** Images of the tasks, each with its path in the settings. */
  readonly images: readonly { readonly path: readonly (string | number)[]; readonly image: string }[];
}

/** Refuses what tasks cannot do without a way to the internet. `key` is the setting that holds the network. */
export function checkTaskReach(
  privateReach: PrivateReach | undefined,
  { services = [], executeCommand, images }: TaskNeeds,
  ctx: z.RefinementCtx,
  key: string,
): void {
  if (privateReach === undefined || privateReach === "everything") return;
  const missing = unreached(privateReach, [...new Set([...TO_START, ...services, ...(executeCommand ? [EXEC] : [])])]);
  if (missing.length > 0) {
    const advice = "add NAT, or endpoints for them";
    refuse(ctx, key, `must reach ${missing.join(", ")} from its private subnets: ${advice}, got neither`);
  }
  for (const { path, image } of images) {
    if (Token.isUnresolved(image) || ECR.test(image)) continue;
    const why = "as the network has no NAT by which tasks reach another registry";
    refuse(ctx, path, `must be in ECR, ${why}: push a copy there, got ${image}`);
  }
}
