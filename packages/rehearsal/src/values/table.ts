import table from "../../data/aws-arguments.json";

/** Accepted values that the provider handles itself and never sends to AWS. */
interface Exception {
  values: (string | number)[];
  why: string;
}

/**
 * Parameter of AWS that each argument of Terraform sets: by resource type (data sources start with `data.`) and path of
 * the argument, a reference as `Models` reads it. `record-values.ts` writes the limits of each parameter to
 * `data/aws-values.json` and fails on a reference that no model has.
 */
export const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = table.arguments;

/** Arguments whose values the provider accepts in any case, as of version 5.100.0. */
export const ANY_CASE: ReadonlySet<string> = new Set(table.anyCase);

/** Values that the provider accepts in addition to those of AWS, by type and argument. */
export const EXCEPTIONS: Readonly<Record<string, Exception>> = table.exceptions;
