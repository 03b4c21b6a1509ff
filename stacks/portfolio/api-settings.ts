import { z } from "zod";

export const apiSchema = z.strictObject({}).prefault({});
