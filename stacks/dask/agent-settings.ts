import { z } from "zod";

/** Prefect's workers. */
export const agentSchema = z.strictObject({});
export type AgentSettings = z.output<typeof agentSchema>;
