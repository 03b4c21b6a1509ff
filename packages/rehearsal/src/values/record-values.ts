/**
 * Prints `data/aws-values.json`: the limits of the arguments in `data/aws-arguments.json` by AWS's own models. Needs a
 * Python with the packages botocore and cfn-lint; its argument is their `site-packages` folder.
 */
import { type Limits, Models } from "./models";
import { ARGUMENTS } from "./table";

/** Limits as they are stored: accepted words joined by spaces, which no word of AWS contains. */
export interface StoredLimits extends Omit<Limits, "oneOf"> {
  oneOf?: string;
}

export interface StoredValues {
  /** Versions of the packages that the models are from. */
  versions: Record<string, string>;
  /** Limits by reference, or the reference that has the same, long limits. */
  limits: Record<string, StoredLimits | string>;
}

/** Limits whose JSON is longer than this are stored once. */
const LONG = 200;

/** The limits of all arguments of the table. */
export function valuesOf(models: Models, table = ARGUMENTS): StoredValues {
  const references = [...new Set(Object.values(table).flatMap((rows) => Object.values(rows)))].sort();
  const first = new Map<string, string>();
  const limits = references.map((reference) => {
    const own = stored(models.limits(reference));
    const text = JSON.stringify(own);
    const before = first.get(text);
    if (before && text.length > LONG) return [reference, before];
    first.set(text, reference);
    return [reference, own];
  });
  return { versions: models.versions, limits: Object.fromEntries(limits) };
}

function stored({ oneOf, ...limits }: Limits): StoredLimits {
  const spaced = oneOf?.find((word) => String(word).includes(" "));
  if (spaced !== undefined) throw new Error(`"${spaced}": words with spaces cannot be stored`);
  return { ...limits, ...(oneOf && { oneOf: oneOf.join(" ") }) };
}

if (require.main === module) {
  const [packages] = process.argv.slice(2);
  if (!packages) throw new Error("usage: record-values.ts path/to/site-packages");
  console.log(JSON.stringify(valuesOf(new Models(packages)))); // for a formatter to lay out
}
