import { join } from "node:path";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { Construct } from "constructs";
import { z } from "zod";
import { areDistinct, sortedEntries } from "../../common/collections";
import { currentRegion } from "../../common/current-region";
import type { Statement } from "../../common/iam/policy";
import { ecsClusterArnSchema } from "../../common/settings/arns";
import { awsCron, cronSchema } from "../../common/settings/cron";
import { parseProps } from "../../common/settings/props";
import { tagsSchema } from "../../common/settings/tags";
import { LambdaFunction, lambdaFunctionShape } from "../lambda/lambda-function";

const PROGRAM = join(__dirname, "..", "..", "..", "assets", "ecs", "definition-sweeper", "sweeper.py");

/** What users decide on a sweeper. */
export const definitionSweeperShape = {
  /** Hours, 1 to 8760, that a task definition stays at least; then as long again before it is deleted for good. */
  hours: z.int().min(1).max(8760).default(24),
  /** When it runs, UTC, as `minute hour day-of-month month day-of-week`. */
  schedule: cronSchema.default("17 3 * * *"),
  ...lambdaFunctionShape,
};

const familyPart = /^[A-Za-z0-9_-]+$/; // Source: ECS API reference, RegisterTaskDefinition

const schema = z.strictObject({
  /** Name of the function: 1 to 64 letters, digits, hyphens and underscores. */
  name: z.string().min(1),
  /** Prefix of the families to sweep, such as `dask-`. */
  familyPrefix: z.string().max(200).regex(familyPart, "must have letters, digits, hyphens and underscores only"),
  /** Endings by which families that are used together differ: while a task of one runs, all of them stay. */
  groupSuffixes: z
    .array(z.string().regex(familyPart, "must have letters, digits, hyphens and underscores only"))
    .refine(areDistinct, "must name each once")
    .default([]),
  /** Tags that a definition must have to be swept; any definition of the families when empty. */
  tags: tagsSchema.default({}),
  /** Newest revisions of each family that stay whatever their age, 0 to 100. */
  keepNewest: z.int().min(0).max(100).default(0),
  /** Clusters whose running tasks keep their definitions, 1 to 20, by a short name each. */
  clusters: z
    .record(z.string().min(1), z.strictObject({ clusterArn: ecsClusterArnSchema, clusterName: z.string().min(1) }))
    .refine((clusters) => Object.keys(clusters).length >= 1 && Object.keys(clusters).length <= 20, {
      error: ({ input }) => `must have 1 to 20 clusters, got ${Object.keys(input as object).length}`,
    }),
  ...definitionSweeperShape,
});
export type DefinitionSweeperProps = z.input<typeof schema>;

/** Scheduled function that deregisters and deletes task definitions which programs registered and left behind. */
export class DefinitionSweeper extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: DefinitionSweeperProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, familyPrefix, groupSuffixes, tags, keepNewest, clusters, hours, schedule, ...own } = settings;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const ecs = `arn:aws:ecs:${currentRegion(this)}:${accountId}`;
    const users = sortedEntries(clusters).map(([, cluster]) => cluster);
    const arns = users.map(({ clusterArn }) => clusterArn);
    const rule = { prefix: familyPrefix, groupSuffixes, keepNewest, hours, tags, clusters: arns };
    const statements: Statement[] = [
      // none of these supports resource-level permissions
      {
        Sid: "Definitions",
        Action: [
          "ecs:DeregisterTaskDefinition",
          "ecs:DescribeTaskDefinition",
          "ecs:ListTaskDefinitionFamilies",
          "ecs:ListTaskDefinitions",
        ],
        Resource: "*",
      },
      { Sid: "Delete", Action: "ecs:DeleteTaskDefinitions", Resource: `${ecs}:task-definition/${familyPrefix}*` },
      { Sid: "List", Action: "ecs:ListTasks", Resource: "*", Condition: { ArnEquals: { "ecs:cluster": arns } } },
      {
        Sid: "Tasks",
        Action: "ecs:DescribeTasks",
        Resource: users.map(({ clusterName }) => `${ecs}:task/${clusterName}/*`),
      },
    ];
    this.function = new LambdaFunction(this, "function", {
      ...own,
      name,
      description: `Deregisters and deletes task definitions ${familyPrefix}* that nothing uses any more`,
      entry: PROGRAM,
      environment: { SWEEP: JSON.stringify(rule) },
      statements,
      timeoutSeconds: 900,
    });
    this.function.onSchedule("schedule", `Sweeps task definitions ${familyPrefix}*`, awsCron(schedule));
  }
}
