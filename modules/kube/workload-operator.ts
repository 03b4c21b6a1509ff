import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps } from "../common/settings/props";
import { CHARTS, type Chart, type ChartKey } from "./charts";
import { HelmChart, type HelmValues, partShape } from "./helm-chart";
import { kubeLabelSchema } from "./kube-names";

/** Defaults of an operator: the namespace from its guide, and the chart's value for the number of replicas. */
interface Operator {
  readonly namespace: string;
  readonly replicas?: (count: number) => HelmValues;
}

/** Operators for workloads, by their names in the table of charts. None needs AWS permissions. */
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
/** Name of an operator. */
export type OperatorName = keyof typeof OPERATORS;
/** Names of the operators. */
export const OPERATOR_NAMES = Object.keys(OPERATORS) as [OperatorName, ...OperatorName[]];

const schema = z
  .strictObject({
    /**
     * The operator: metrics-server (resource usage of pods; leave it out if the cluster has the add-on), keda (event-driven
     * scaling), kuberay-operator (Ray), leader-worker-set (multi-node models), kueue or volcano (queues, gang scheduling).
     */
    operator: z.enum(OPERATOR_NAMES),
    /** Namespace; that of the operator's guide when absent. */
    namespace: kubeLabelSchema.optional(),
    /** Create the namespace with the release, unless it is kube-system. */
    createNamespace: z.boolean().default(true),
    /** Replicas of the operator, 1 to 3; those of volcano are set in `values`. */
    replicas: z.int().min(1).max(3).default(1),
    ...partShape,
  })
  .superRefine(({ operator, replicas }, ctx) => {
    if (replicas === 1 || "replicas" in OPERATORS[operator]) return;
    const message = `must be left out with ${operator}, whose components have replicas of their own, got ${replicas}; use values`;
    refuse(ctx, "replicas", message);
  });
export type WorkloadOperatorProps = z.input<typeof schema>;
/** The settings of one operator without the wiring. */
export const workloadOperatorSettings = (operator: OperatorName) =>
  checkedBy(schema, { operator, dependsOn: undefined });

/** An operator for workloads, as one release. */
export class WorkloadOperator extends Construct {
  readonly chart: HelmChart;
  readonly namespaceName: string;
  /** Whether its webhooks must answer before the pods of other releases are let in. */
  readonly admitsWorkloads: boolean;
  /** What dependents must wait for, such as objects of the operator's kinds. */
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
    this.namespaceName = namespace;
    this.admitsWorkloads = (CHARTS[operator] as Chart).admitsWorkloads ?? false;
    this.ready = this.chart.ready;
  }
}
