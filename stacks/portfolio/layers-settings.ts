import { join } from "node:path";
import { z } from "zod";
import { lambdaLayerSettings } from "../../modules/aws/lambda/lambda-layer";
import { refuse } from "../../modules/common/settings/faults";

/** The layer that the API's own functions use. */
export const RECEIPTS = "receipts";
const PACKAGES: Readonly<Record<string, string>> = {
  [RECEIPTS]: join(__dirname, "..", "..", "assets", "receipts-package"),
};
const MOST_LAYERS = 10;

const keySchema = z
  .string()
  .max(20)
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, "must be lower-case letters, digits and hyphens, a letter first");

/** Layers by name, at most 10. The API's own, `receipts`, is always built: of its own package where none is named. */
export const layersSchema = z
  .record(keySchema, lambdaLayerSettings)
  .superRefine((layers, ctx) => {
    const count = Object.keys(layersOf(layers)).length;
    if (count > MOST_LAYERS) refuse(ctx, [], `must have at most ${MOST_LAYERS} layers with ${RECEIPTS}, got ${count}`);
    for (const [key, { packageDir }] of Object.entries(layers)) {
      if (packageDir !== undefined || PACKAGES[key]) continue;
      refuse(ctx, [key, "packageDir"], "is required, the folder of a Python package");
    }
  })
  .default({});
type Layers = Record<string, z.input<typeof lambdaLayerSettings>>;

/** The user's layers and those that are always built, each with its package. */
export const layersOf = (layers: Layers): Record<string, Layers[string] & { packageDir: string }> => {
  const keys = [...new Set([...Object.keys(PACKAGES), ...Object.keys(layers)])];
  const folderOf = (key: string) => layers[key]?.packageDir ?? PACKAGES[key] ?? "";
  return Object.fromEntries(keys.map((key) => [key, { ...layers[key], packageDir: folderOf(key) }]));
};
