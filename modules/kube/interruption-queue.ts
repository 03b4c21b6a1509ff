import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policy } from "../common/iam/policy";

/** Events about instances that are about to stop. Source: github.com/aws/karpenter-provider-aws v1.14.1, cloudformation.yaml. */
const EVENTS = {
  health: { source: "aws.health", type: "AWS Health Event" },
  "spot-interruption": { source: "aws.ec2", type: "EC2 Spot Instance Interruption Warning" },
  rebalance: { source: "aws.ec2", type: "EC2 Instance Rebalance Recommendation" },
  "state-change": { source: "aws.ec2", type: "EC2 Instance State-change Notification" },
  "reservation-interruption": {
    source: "aws.ec2",
    type: "EC2 Capacity Reservation Instance Interruption Warning",
  },
} as const;

/** Queue of interruption events, so that Karpenter moves pods off an instance in time. */
export class InterruptionQueue extends Construct {
  readonly name: string;
  readonly arn: string;
  /** What must exist before events can arrive. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Five minutes: later the instance is gone. Encrypted by SQS itself, since EventBridge cannot use an AWS managed key.
    const queue = new SqsQueue(this, "queue", {
      namePrefix: "karpenter-",
      messageRetentionSeconds: 300,
      sqsManagedSseEnabled: true,
    });
    const rules = Object.entries(EVENTS).map(([name, { source, type }]) => {
      const rule = new CloudwatchEventRule(this, name, {
        namePrefix: `karpenter-${name}-`.slice(0, 38), // EventBridge: 64 characters, of which the provider's suffix takes 26
        description: `Tells Karpenter of each ${type}`,
        eventPattern: JSON.stringify({ source: [source], "detail-type": [type] }),
      });
      new CloudwatchEventTarget(this, `${name}-target`, { rule: rule.name, targetId: "queue", arn: queue.arn });
      return rule;
    });
    const access = new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: policy(
        {
          Sid: "Events",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.arn,
          Condition: { ArnEquals: { "aws:SourceArn": rules.map(({ arn }) => arn) } },
        },
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: queue.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ),
    });
    this.name = queue.name;
    this.arn = queue.arn;
    this.ready = [access];
  }
}
