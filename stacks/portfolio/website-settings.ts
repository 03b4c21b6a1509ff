import { z } from "zod";

export const websiteSchema = z.strictObject({}).prefault({});
