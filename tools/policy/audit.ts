import { join } from "node:path";
import type { PolicyDocument } from "./documents";
import type { Finding } from "./judge";
import type { Programs } from "./python-tools";

/** What audit.py says of one document. */
interface Remark {
  check: string;
  about: string;
  detail: string;
}

/** Has parliament and cloudsplaining read every document, each text once. */
export async function auditPolicies(tools: Programs, documents: readonly PolicyDocument[]): Promise<Finding[]> {
  const texts = documents.map(({ kind, type, arn, document }) => JSON.stringify({ kind, type, arn, document }));
  const distinct = [...new Set(texts)];
  const said = await tools.run("python", [join(__dirname, "audit.py")], `[${distinct.join()}]`);
  const remarks = JSON.parse(said) as Remark[][];
  const byText = new Map(distinct.map((text, at) => [text, remarks[at] as Remark[]]));
  return documents.flatMap((document, at) => findingsOf(document, byText.get(texts[at] as string) as Remark[]));
}

/** A finding for each rule and action; what is said of several resources of an action is put together. */
export function findingsOf({ stack, path, type }: PolicyDocument, remarks: readonly Remark[]): Finding[] {
  const findings = new Map<string, Finding>();
  for (const { check, about, detail } of remarks) {
    const key = `${check} ${about.toLowerCase()}`;
    const known = findings.get(key);
    if (!known) findings.set(key, { check, wants: detail, stack, path, type, about });
    else if (detail && !known.wants.includes(detail)) known.wants += `; ${detail}`;
  }
  return [...findings.values()];
}
