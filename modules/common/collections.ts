/** Entries in the order of their keys, so that what is made of them does not depend on how the user ordered them. */
export const sortedEntries = <T>(map: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

/** Whether no value occurs twice. */
export const areDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
