import { z } from "zod";

/**
 * Name of a work pool: 1 to 100 letters, digits, hyphens and underscores. It goes unchanged into the family of the task
 * definitions, for which ECS takes no other characters. The server reserves names that begin with "prefect" (Prefect 3.9.1,
 * server/api/workers.py).
 */
export const workPoolNameSchema = z
  .string()
  .max(100) // ECS: families of 255 characters; a prefix and the id of a deployment take 45, names of roles and alarms more
  .regex(/^[A-Za-z0-9_-]+$/, "must have letters, digits, hyphens and underscores only, as ECS takes no others")
  .refine((name) => !/^prefect/i.test(name), "must not begin with prefect, which Prefect reserves");

/** Name of a work queue: 1 to 100 letters, digits and _.-, a letter or a digit first. */
export const workQueueNameSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][\w.-]*$/, "must have letters, digits and _.- only, a letter or a digit first");

/** Families of the task definitions that a worker registers for a pool. Source: prefect-aws 0.7.12, workers/ecs_worker.py. */
export const familiesOf = (pool: string): string => `prefect_${pool}_*`;
