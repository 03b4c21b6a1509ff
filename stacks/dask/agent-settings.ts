import { z } from "zod";
import { alertTopicShape } from "../../modules/aws/cloudwatch/alert-topic";
import { logGroupShape } from "../../modules/aws/cloudwatch/log-group";
import { ecsClusterShape } from "../../modules/aws/ecs/ecs-cluster";
import { privateBucketSettings } from "../../modules/aws/storage/private-bucket";
import { refuse } from "../../modules/common/settings/faults";
import { prefectApiSchema } from "../../modules/prefect/prefect-api";
import { prefectServerSettings } from "../../modules/prefect/prefect-server";
import { checkWorkers, workersShape } from "../../modules/prefect/prefect-workers";

/** Prefect's workers, and optionally its server. */
export const agentSchema = z
  .strictObject({
    /** Existing Prefect API, of Prefect Cloud or of a server of yours. Either this or `server`. */
    api: prefectApiSchema.optional(),
    /** A Prefect server of the system's own. Either this or `api`. */
    server: prefectServerSettings.optional(),
    /** ECS cluster of workers, flow runs and server; Dask has one of its own. */
    cluster: z.strictObject({ ...ecsClusterShape, ...logGroupShape(30) }).prefault({}),
    /** Bucket for the files of the base job templates. */
    filesBucket: privateBucketSettings.default({}),
    /** Alarms: no worker or no server runs, events wait, dead letters. */
    alarms: z.boolean().default(false),
    ...alertTopicShape,
    ...workersShape,
  })
  .superRefine((settings, ctx) => {
    const { api, server, alarms, alertEmails } = settings;
    checkWorkers(settings, ctx);
    if ((api === undefined) === (server === undefined)) {
      refuse(ctx, "api", `or server is required, but not both, got ${api === undefined ? "neither" : "both"}`);
    }
    for (const [index, { name }] of settings.workers.entries()) {
      if (!server || name !== "server") continue;
      refuse(
        ctx,
        ["workers", index, "name"],
        "must not be server, as the service of the Prefect server is called, got it",
      );
    }
    if (!alarms && alertEmails.length > 0) {
      refuse(ctx, "alertEmails", `must be left out where alarms is off, got ${alertEmails.join(", ")}`);
    }
  });
export type AgentSettings = z.output<typeof agentSchema>;
