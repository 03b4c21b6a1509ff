import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import { z } from "zod";

/** How provisioned capacity follows its use. */
export const tableScalingSchema = (units: z.ZodInt) =>
  z.strictObject({
    /** Read capacity units at most; `readUnits` are the least. */
    maxReadUnits: units,
    /** Write capacity units at most; `writeUnits` are the least. */
    maxWriteUnits: units,
    /** Share of the capacity that is to be used, percent, 20 to 90. */
    targetPercent: z.int().min(20).max(90).default(70), // Source: DynamoDB Developer Guide, "Managing throughput capacity automatically"
  });

export interface TableScalingProps {
  readonly tableName: string;
  readonly indexNames: readonly string[];
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly settings: z.output<ReturnType<typeof tableScalingSchema>>;
}

/** Autoscaling of a table's provisioned capacity and of each of its indexes. */
export class TableScaling extends Construct {
  constructor(scope: Construct, id: string, props: TableScalingProps) {
    super(scope, id);
    const { tableName, settings } = props;
    const scale = (key: string, what: "table" | "index", resourceId: string) => {
      for (const kind of ["Read", "Write"] as const) {
        const target = new AppautoscalingTarget(this, `${key}-${kind.toLowerCase()}`, {
          serviceNamespace: "dynamodb",
          resourceId,
          scalableDimension: `dynamodb:${what}:${kind}CapacityUnits`,
          minCapacity: kind === "Read" ? props.readUnits : props.writeUnits,
          maxCapacity: kind === "Read" ? settings.maxReadUnits : settings.maxWriteUnits,
        });
        new AppautoscalingPolicy(this, `${key}-${kind.toLowerCase()}-policy`, {
          name: `${kind.toLowerCase()}-use`,
          policyType: "TargetTrackingScaling",
          serviceNamespace: target.serviceNamespace,
          resourceId: target.resourceId,
          scalableDimension: target.scalableDimension,
          targetTrackingScalingPolicyConfiguration: {
            predefinedMetricSpecification: { predefinedMetricType: `DynamoDB${kind}CapacityUtilization` },
            targetValue: settings.targetPercent,
          },
        });
      }
    };
    scale("table", "table", `table/${tableName}`);
    for (const index of props.indexNames) scale(index, "index", `table/${tableName}/index/${index}`);
  }
}
