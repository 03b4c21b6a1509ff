import { join } from "node:path";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { AlertTopic, alertTopicShape, publishStatements } from "../aws/cloudwatch/alert-topic";
import { topicArnsSchema } from "../aws/ecs/service-alarms";
import { LambdaFunction, lambdaFunctionShape } from "../aws/lambda/lambda-function";
import { currentRegion } from "../common/current-region";
import { checkedBy } from "../common/settings/checked-by";
import { parseProps, reference } from "../common/settings/props";
import type { JobQueues } from "./job-queues";
import { checkRegistry, type RegistryTable, registryShape, registryStatements } from "./registry";
import { trainingConfig } from "./training-config";

const SOURCES = join(__dirname, "..", "..", "assets", "training", "src");

const { alarmTopicArns: _, ...functionShape } = lambdaFunctionShape;

/** What a user chooses of the watch on interruptions. */
export const interruptionShape = {
  ...functionShape,
  ...alertTopicShape,
  /**
   * Publish EventBridge's own warnings too, without waiting for the function: of every spot machine of the account in this
   * region, whatever it is for.
   */
  forwardWarnings: z.boolean().default(false),
};

const schema = z
  .strictObject({
    /** Prefix of the names of function, rules and topic: 1 to 40 letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(40)
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must have letters, digits and hyphens only, a letter first"),
    /** Name of the environment. */
    environment: z.string().min(1).max(100),
    /** Table of machines and jobs. */
    table: reference<RegistryTable>("a Registry or SingleTable", "tableName", "tableArn"),
    /** Queues of the jobs. */
    queues: reference<JobQueues>("JobQueues", "queues{}", "deadLetterQueue{}", "visibilitySeconds{}", "maxReceives{}"),
    ...registryShape,
    /** SNS topics, 1 to 5, notified when the function fails or gives an event up; its own topic when absent. */
    alarmTopicArns: topicArnsSchema.optional(),
    ...interruptionShape,
  })
  .superRefine(checkRegistry);
export type InterruptionProps = z.input<typeof schema>;
/** Checks the settings of a user. */
export const interruptionSettings = checkedBy(schema, {
  name: "any",
  environment: "any",
  table: { tableName: "any", tableArn: "any" },
  queues: { queues: [], deadLetterQueue: {}, visibilitySeconds: 1, maxReceives: 1 } as unknown as JobQueues,
  ttlHours: undefined,
  leaseSeconds: undefined,
  alarmTopicArns: undefined,
});

/** Events by the key of their rule. Source: EC2 User Guide, "Spot Instance interruptions" and "State change events". */
const EVENTS = {
  warning: {
    description: "Spot machines that end in two minutes",
    pattern: { "detail-type": ["EC2 Spot Instance Interruption Warning"] },
  },
  rebalance: {
    description: "Spot machines that are likely to end soon",
    pattern: { "detail-type": ["EC2 Instance Rebalance Recommendation"] },
  },
  state: {
    description: "Machines that have stopped or ended",
    pattern: {
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: { state: ["stopped", "terminated"] },
    },
  },
} as const;

/** Function that records when a machine of the registry ends, gives its jobs back, and tells people of it. */
export class Interruption extends Construct {
  readonly topicArn: string;
  /** Key of the topic's messages. */
  readonly topicKeyArn: string;
  readonly ruleArns: Readonly<Record<keyof typeof EVENTS, string>>;
  readonly functionName: string;
  readonly functionArn: string;
  readonly functionRoleArn: string;
  readonly logGroupName: string;
  readonly deadLetterQueueArn: string;
  readonly deadLetterQueueUrl: string;
  /** What must exist before an interruption is noticed. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: InterruptionProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, environment, table, queues, alertEmails, ttlHours, leaseSeconds } = settings;
    const { tracing, logRetentionDays, logKmsKeyArn } = settings;
    const topic = new AlertTopic(this, "topic", { prefix: name, noun: "interruptions", emails: alertEmails });
    const config = {
      environment,
      region: currentRegion(this),
      tableName: table.tableName,
      queues,
      topicArn: topic.arn,
      ttlHours,
      leaseSeconds,
    };
    const watch = new LambdaFunction(this, "function", {
      tracing,
      logRetentionDays,
      logKmsKeyArn,
      name: `${name}-interruption`,
      description: "Gives back the jobs of machines that end, and tells people of it",
      entry: join(SOURCES, "ml_training", "interruption.py"),
      folder: SOURCES,
      environment: { TRAINING_CONFIG: trainingConfig(config), TOPIC_ARN: topic.arn },
      statements: [...registryStatements(table), ...queues.grantGiveBack(), ...publishStatements(topic)],
      alarmTopicArns: settings.alarmTopicArns ?? [topic.arn],
    });
    const on = (key: keyof typeof EVENTS) => {
      const { description, pattern } = EVENTS[key];
      return watch.onEvent(key, description, { source: ["aws.ec2"], ...pattern }, { keep: true });
    };
    const [warning, rebalance, state] = [on("warning"), on("rebalance"), on("state")];
    if (settings.forwardWarnings) topic.forward("warning", warning);

    this.topicArn = topic.arn;
    this.topicKeyArn = topic.keyArn;
    this.ruleArns = { warning: warning.arn, rebalance: rebalance.arn, state: state.arn };
    this.functionName = watch.functionName;
    this.functionArn = watch.functionArn;
    this.functionRoleArn = watch.roleArn;
    this.logGroupName = watch.logGroupName;
    this.deadLetterQueueArn = watch.deadLetterQueueArn;
    this.deadLetterQueueUrl = watch.deadLetterQueueUrl;
    this.ready = [...watch.ready, ...topic.ready];
  }
}
