import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";
import type { ChartKey } from "./charts";
import { HelmChart, type HelmValues, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";

/** What is known of each operator: where its guide puts it, and its own word for the number of its pods. */
interface Operator {
  readonly namespace: string;
  readonly replicas?: (count: number) => HelmValues;
}

/** Operators that any workload may use, by their names in the table of charts. None needs AWS permissions. */
const OPERATORS = {
  "metrics-server": { namespace: "kube-system", replicas: (count) => ({ replicas: count }) },
  keda: {
    namespace: "keda",
    replicas: (count) => ({
      operator: { replicaCount: count },
      metricsServer: { replicaCount: count },
      webhooks: { replicaCount: count },
    }),
  },
  "kuberay-operator": { namespace: "kuberay-system", replicas: (count) => ({ replicas: count }) },
  "leader-worker-set": { namespace: "lws-system", replicas: (count) => ({ replicaCount: count }) },
  kueue: { namespace: "kueue-system", replicas: (count) => ({ controllerManager: { replicas: count } }) },
  volcano: { namespace: "volcano-system" },
} as const satisfies Partial<Record<ChartKey, Operator>>;
type OperatorName = keyof typeof OPERATORS;
/** Operators that there are. */
export const OPERATOR_NAMES = Object.keys(OPERATORS) as [OperatorName, ...OperatorName[]];

const schema = z
  .strictObject({
    /**
     * The operator: metrics-server (what pods use; leave it out where the cluster has the add-on of that name), keda (scaling
     * by events), kuberay-operator (Ray), leader-worker-set (a model over several nodes), kueue or volcano (queues and gangs).
     */
    operator: z.enum(OPERATOR_NAMES),
    /** Namespace; the one that the operator's own guide uses when absent. */
    namespace: kubeLabelSchema.optional(),
    /** Make the namespace with the release, unless it is kube-system. */
    createNamespace: z.boolean().default(true),
    /** Pods of the operator, 1 to 3; those of volcano are set in `values`. */
    replicas: z.int().min(1).max(3).default(1),
    ...partShape,
  })
  .superRefine(({ operator, replicas }, ctx) => {
    if (replicas === 1 || "replicas" in OPERATORS[operator]) return;
    const message = `must be left out with ${operator}, whose parts have numbers of their own, got ${replicas}; use values`;
    refuse(ctx, "replicas", message);
  });
export type WorkloadOperatorProps = z.input<typeof schema>;

/** An operator that workloads may use, as one release: an option of a platform, never there by default. */
export class WorkloadOperator extends Construct {
  readonly chart: HelmChart;
  /** What must wait for the operator, such as objects of the kinds that it brings. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: WorkloadOperatorProps) {
    super(scope, id);
    const { operator, replicas, createNamespace, ...release } = parseProps(this, schema, props);
    const known: Operator = OPERATORS[operator];
    const namespace = release.namespace ?? known.namespace;

    this.chart = new HelmChart(this, "chart", {
      chartKey: operator,
      name: operator,
      defaults: known.replicas?.(replicas) ?? {},
      ...release,
      namespace,
      createNamespace: createNamespace && namespace !== "kube-system",
    });
    this.ready = this.chart.ready;
  }
}
