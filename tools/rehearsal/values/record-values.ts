/**
 * Writes down what AWS's own models say about the values of the arguments in `table.ts`. With botocore and cfn-lint
 * installed in some Python (`requirements-test.txt` has both, so that `npm run test:aws` puts them into `.venv`):
 *
 *     node -r ./tools/typescript-loader.js tools/rehearsal/values/record-values.ts .venv/lib/python3.11/site-packages
 *
 * prints what belongs into `data/aws-values.json`.
 */
import { type Limits, Models } from "./models";
import { ARGUMENTS } from "./table";

/** Limits as they are kept: words in one line, as AWS has no word with a space in it. */
export interface Kept extends Omit<Limits, "oneOf"> {
  oneOf?: string;
}

export interface KeptValues {
  /** Packages that the models are from. */
  versions: Record<string, string>;
  /** What a value must be, by reference; or the reference of which the same is said, at length. */
  limits: Record<string, Kept | string>;
}

/** Length of what is said from which on it is said once only. */
const LONG = 200;

/** Everything that the models say about the arguments of the table. */
export function valuesOf(models: Models, table = ARGUMENTS): KeptValues {
  const references = [...new Set(Object.values(table).flatMap((rows) => Object.values(rows)))].sort();
  const said = new Map<string, string>();
  const limits = references.map((reference) => {
    const own = kept(models.limits(reference));
    const text = JSON.stringify(own);
    const before = said.get(text);
    if (before && text.length > LONG) return [reference, before];
    said.set(text, reference);
    return [reference, own];
  });
  return { versions: models.versions, limits: Object.fromEntries(limits) };
}

function kept({ oneOf, ...limits }: Limits): Kept {
  const spaced = oneOf?.find((word) => String(word).includes(" "));
  if (spaced !== undefined) throw new Error(`"${spaced}": words with spaces cannot be kept in one line`);
  return { ...limits, ...(oneOf && { oneOf: oneOf.join(" ") }) };
}

if (require.main === module) {
  const [packages] = process.argv.slice(2);
  if (!packages) throw new Error("usage: record-values.ts path/to/site-packages");
  console.log(JSON.stringify(valuesOf(new Models(packages)))); // `npm run format` lays it out
}
