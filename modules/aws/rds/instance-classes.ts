import { join } from "node:path";
import { Offerings } from "../../common/settings/offerings";

/** Instance classes for PostgreSQL by region; the data file names its source. */
export const classOfferings = new Offerings(join(__dirname, "data", "instance-classes.json"));

/** What is wrong with a class of a known family that no region offers; a family that is newer than the record may be right. */
export function impossibleClass(name: string): string | undefined {
  if (classOfferings.knows(name) || !classOfferings.knowsFamilyOf(name)) return undefined;
  const near = classOfferings.nearest(name);
  return `must be a class that RDS has: ${name} is not a known one${near ? `, did you mean ${near}` : ""}, got ${name}`;
}
