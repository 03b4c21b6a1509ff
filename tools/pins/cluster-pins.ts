import type { Json } from "@cdktf-ml-infra/rehearsal/stacks";
import { EKS_VERSIONS, newestExtended, SUPPORT_DAY } from "../../modules/aws/eks/eks-versions";
import { listPrices, pricesIn } from "../../modules/cost/prices";

/** Kubernetes version of a cluster, and its support. */
export interface ClusterPin {
  readonly stack: string;
  readonly version: string;
  /** Kind of support that EKS gives the version today; `ended` when none is left. */
  readonly support: "standard" | "extended" | "ended" | "unknown";
  /** End of standard support, YYYY-MM-DD; absent when it is not known. */
  readonly standardUntil?: string;
  /** Days from today until then, negative after it. */
  readonly daysLeft?: number;
  /** What EKS does at the end of standard support: upgrade the cluster (STANDARD) or keep it for a fee (EXTENDED). */
  readonly supportType: string;
  /** US dollars a month that extended support costs; absent where the region has no price. */
  readonly extendedMonthly?: number;
}

const DAY = 24 * 3600 * 1000;
/** Hours of a twelfth of a year. */
const HOURS = 730;

/** Clusters of a synthesized stack, on `today`, YYYY-MM-DD. */
export function clusterPins(stack: string, json: Json, today: string): ClusterPin[] {
  const region = json.provider?.aws?.[0]?.region;
  return Object.values<Json>(json.resource?.aws_eks_cluster ?? {}).map((cluster) => {
    const version: string = cluster.version;
    const { standard, extended } = EKS_VERSIONS[version] ?? {};
    const hour = pricesIn(listPrices, region)?.eks.extendedHour;
    return {
      stack,
      version,
      support: supportOn(today, standard, extended),
      ...(standard && { standardUntil: standard, daysLeft: (Date.parse(standard) - Date.parse(today)) / DAY }),
      supportType: cluster.upgrade_policy?.support_type ?? "EXTENDED",
      ...(hour !== undefined && { extendedMonthly: hour * HOURS }),
    };
  });
}

function supportOn(today: string, standard: string | undefined, extended: string | undefined): ClusterPin["support"] {
  if (standard === undefined || extended === undefined) return "unknown";
  if (today < standard) return "standard";
  return today < extended ? "extended" : "ended";
}

/** What is old in the table of EKS's versions itself. */
export function tableProblem(today: string): string | undefined {
  const ended = newestExtended(today);
  if (today <= SUPPORT_DAY || ended === newestExtended(SUPPORT_DAY)) return undefined;
  return `Standard support of Kubernetes ${ended} has ended: raise SUPPORT_DAY in modules/aws/eks/eks-versions.ts to ${today}, and add newer versions.`;
}
