import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { policy } from "../../common/iam/policy";
import { idFrom } from "../../common/names";
import { refuse } from "../../common/settings/faults";

/** Recipients of alarms. */
export const alertTopicShape = {
  /** E-mail addresses notified of every alarm and its end, once the owner has confirmed the subscription. */
  alertEmails: z
    .array(
      z
        .string()
        .max(254)
        .regex(/^[^\s@,;<>]+@[^\s@,;<>.]+(\.[^\s@,;<>.]+)+$/, "must be an e-mail address such as ops@example.com"),
    )
    .superRefine((emails, ctx) => {
      const seen = new Set<string>();
      for (const [index, email] of emails.entries()) {
        const key = email.toLowerCase();
        if (seen.has(key)) refuse(ctx, [index], `must be given once, got ${email}`);
        seen.add(key);
      }
    })
    .default([]),
};

export interface AlertTopicProps {
  prefix: string;
  emails: string[];
}

/** Encrypted SNS topic for the account's CloudWatch alarms, with e-mail subscriptions. */
export class AlertTopic extends Construct {
  readonly arn: string;
  /** What alarms must wait for so that their first state change is not lost. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { prefix, emails }: AlertTopicProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const alarmsOfAccount = {
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    };
    // The AWS managed key of SNS does not admit CloudWatch, and its policy cannot be changed.
    const key = new KmsKey(this, "key", {
      description: `Alerts of ${prefix}`,
      enableKeyRotation: true,
      policy: policy(
        { Sid: "Account", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" },
        { Sid: "Alarms", ...alarmsOfAccount, Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" },
      ),
    });
    const topic = new SnsTopic(this, "topic", { name: `${prefix}-alerts`, kmsMasterKeyId: key.keyId });
    const access = new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policy({ Sid: "Alarms", ...alarmsOfAccount, Action: "sns:Publish", Resource: topic.arn }),
    });
    for (const email of emails) {
      new SnsTopicSubscription(this, idFrom(email.toLowerCase()), {
        topicArn: topic.arn,
        protocol: "email",
        endpoint: email,
      });
    }
    this.arn = topic.arn;
    this.ready = [access];
  }
}
