import { z } from "zod";

export const layersSchema = z.strictObject({}).prefault({});
