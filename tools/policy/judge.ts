import type { Reason } from "./reasons";

/** Something that a scanner would have otherwise. */
export interface Finding {
  /** Rule: checkov's id, or `parliament:RULE` and `cloudsplaining:Rule`. */
  check: string;
  /** What the rule wants, in the scanner's words. */
  wants: string;
  stack: string;
  /** Path of the construct, the stack's id first. */
  path: string;
  /** Terraform type of the resource or data source. */
  type: string;
  /** Action of a policy that it is about, or the empty text. */
  about: string;
}

/** Findings beside the reasons for them. */
export interface Judgement {
  /** Findings for which a reason stands, with the reason. */
  accepted: [Finding, Reason][];
  /** Findings for which none stands. */
  open: Finding[];
  /** Words of the reasons that fit no finding, or only such as an earlier reason takes. */
  stale: string[];
}

/** Gives each finding the first reason that fits it. */
export function judge(findings: readonly Finding[], reasons: readonly Reason[]): Judgement {
  const used = new Map(reasons.map((reason) => [reason, new Set<string>()]));
  const judgement: Judgement = { accepted: [], open: [], stale: [] };
  for (const finding of findings) {
    const reason = reasons.find((one) => fitting(one, finding).length > 0);
    if (!reason) judgement.open.push(finding);
    else {
      judgement.accepted.push([finding, reason]);
      for (const word of fitting(reason, finding)) used.get(reason)?.add(word);
    }
  }
  judgement.stale = reasons.flatMap((reason) =>
    wordsOf(reason)
      .filter((word) => !used.get(reason)?.has(word))
      .map((word) => `${word} of "${reason.reason}"`),
  );
  return judgement;
}

const wordsOf = ({ checks, where, about = [] }: Reason): string[] => [
  ...checks.map((word) => `checks: ${word}`),
  ...where.map((word) => `where: ${word}`),
  ...about.map((word) => `about: ${word}`),
];

/** The words of a reason by which it fits a finding; none when it does not. */
function fitting({ checks, where, about }: Reason, finding: Finding): string[] {
  const rules = checks.filter((check) => check === finding.check);
  const places = where.filter((pattern) => glob(pattern).test(finding.path));
  const actions = (about ?? []).filter((pattern) => glob(pattern).test(finding.about));
  const fits = rules.length > 0 && places.length > 0 && (!about || actions.length > 0);
  return fits ? wordsOf({ checks: rules, where: places, about: actions, reason: "" }) : [];
}

/** A pattern in which `*` is any text; IAM takes the letters of actions in any case. */
function glob(pattern: string): RegExp {
  const words = pattern.replace(/[.+^${}()|[\]\\?]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${words}$`, "i");
}
