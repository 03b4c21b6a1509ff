import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import { z } from "zod";
import { LogGroup, logGroupShape } from "../aws/cloudwatch/log-group";
import { policy } from "../common/iam/policy";
import { boundedName } from "../common/names";

export const flowLogsSchema = z.strictObject({
  ...logGroupShape(30), // high volume, mostly read soon after an incident
  /** Traffic to record. */
  trafficType: z.enum(["ACCEPT", "REJECT", "ALL"]).default("ALL"),
  /** Aggregation interval, seconds, 60 or 600. Shorter intervals produce more billed records. */
  maxAggregationInterval: z.literal([60, 600]).default(600),
});

export interface FlowLogsProps {
  name: string;
  vpc: Vpc;
  settings: z.output<typeof flowLogsSchema>;
}

/** Flow logs of the VPC in a CloudWatch log group, with a role that can write only there. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, { name, vpc, settings }: FlowLogsProps) {
    super(scope, id);
    const { trafficType, maxAggregationInterval } = settings;
    const group = new LogGroup(this, "log-group", { ...settings, name: `/aws/vpc/${name}` });
    const role = new IamRole(this, "role", {
      namePrefix: `${boundedName(32, name)}-flow-`, // IAM accepts 38 characters of a prefix
      assumeRolePolicy: policy({
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": vpc.ownerId },
          ArnLike: { "aws:SourceArn": `arn:aws:ec2:*:${vpc.ownerId}:vpc-flow-log/*` },
        },
      }),
    });
    const write = new IamRolePolicy(this, "write-policy", {
      name: "write-flow-logs",
      role: role.id,
      policy: policy({
        // AWS's example has CreateLogGroup too, and DescribeLogGroups, which works for all groups of an account only
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: `${group.arn}:*`,
      }),
    });
    new FlowLog(this, "flow-log", {
      vpcId: vpc.id,
      trafficType,
      maxAggregationInterval,
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: { Name: `${name}-flow-logs` },
      dependsOn: [write],
    });
  }
}
