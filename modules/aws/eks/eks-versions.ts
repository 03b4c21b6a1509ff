/** Days, YYYY-MM-DD in UTC, on which EKS ends the support of a Kubernetes version; undefined where it is not known. */
export interface SupportEnds {
  /** End of standard support. Then the cluster is upgraded, or kept for a fee. */
  readonly standard?: string;
  /** End of extended support. Then EKS upgrades every cluster, and creates none of the version. */
  readonly extended?: string;
}

/**
 * Kubernetes versions of EKS, the oldest first. Source of the dates: Amazon EKS user guide, release calendar, as of April 2026,
 * which did not have 1.36; that EKS offers it: Karpenter 1.14.1, pkg/providers/version, MaxK8sVersion.
 */
export const EKS_VERSIONS: Readonly<Record<string, SupportEnds>> = {
  "1.30": { standard: "2025-07-23", extended: "2026-07-23" },
  "1.31": { standard: "2025-11-26", extended: "2026-11-26" },
  "1.32": { standard: "2026-03-23", extended: "2027-03-23" },
  "1.33": { standard: "2026-07-29", extended: "2027-07-29" },
  "1.34": { standard: "2026-12-02", extended: "2027-12-02" },
  "1.35": { standard: "2027-03-27", extended: "2028-03-27" },
  "1.36": {},
};

/** Version of new clusters that name none. */
export const DEFAULT_VERSION = "1.35";

/** Day of which warnings and estimates speak, since a synth must not depend on the clock. `npm run pins` tells when to raise it. */
export const SUPPORT_DAY = "2026-12-02";

/** Number of a minor version: 35 of 1.35. */
export const minorOf = (version: string): number => Number(version.split(".")[1]);

/** Minor version of the newest Kubernetes on EKS. */
export const NEWEST_MINOR = Math.max(...Object.keys(EKS_VERSIONS).map(minorOf));

/** Newest version whose standard support has ended by `day`, YYYY-MM-DD; that of 1.29 did before those of the table. */
export function newestExtended(day: string): string {
  const ended = Object.entries(EKS_VERSIONS).filter(([, { standard }]) => standard !== undefined && standard <= day);
  return ended.at(-1)?.[0] ?? "1.29";
}

/** What is to be said on {@link SUPPORT_DAY} of a cluster of this version; undefined while it may stay as it is. */
export function supportWarning(version: string, supportType: "STANDARD" | "EXTENDED"): string | undefined {
  const { standard, extended } = EKS_VERSIONS[version] ?? {};
  const upgraded = "EKS upgrades the cluster by itself, and refuses the next plan, which asks for the old version";
  const advice = `Set version to ${DEFAULT_VERSION}, on an existing cluster one minor version after the other`;
  if (extended !== undefined && extended <= SUPPORT_DAY) {
    return `Extended support of Kubernetes ${version} ends on ${extended}. Then ${upgraded}; new clusters of it are refused. ${advice}.`;
  }
  if (supportType === "EXTENDED" || standard === undefined || standard > SUPPORT_DAY) return undefined;
  return `Standard support of Kubernetes ${version} ends on ${standard}. Then ${upgraded}. ${advice}, or supportType to EXTENDED, for a fee.`;
}
