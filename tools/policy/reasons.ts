/** Why what a scanner would have otherwise stays as it is. */
export interface Reason {
  /** Rules of checkov's, parliament's and cloudsplaining's, each by its id. */
  checks: string[];
  /** Paths of constructs, the stack's id first; `*` is any text. */
  where: string[];
  /** Actions of a policy; any when absent. */
  about?: string[];
  /** One sentence. */
  reason: string;
}

/** Every finding that stays, and why: a finding that fits none of these fails `npm run policy`, and one of these that fits nothing fails the tests. */
export const REASONS: readonly Reason[] = [];
