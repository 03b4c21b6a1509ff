import { z } from "zod";

/** TCP or UDP port. */
export const portSchema = z.int().min(1).max(65_535);
