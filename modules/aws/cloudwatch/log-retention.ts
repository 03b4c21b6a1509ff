import { z } from "zod";

/** Days that CloudWatch Logs keeps events for. Source: its API reference, PutRetentionPolicy; never (0) is left out. */
export const logRetentionSchema = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
