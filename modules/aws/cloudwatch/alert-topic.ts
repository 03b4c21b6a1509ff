import type { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { type ITerraformDependable, Lazy, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { policy, type Statement } from "../../common/iam/policy";
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

const USE_OF_KEY = ["kms:Decrypt", "kms:GenerateDataKey*"];
const EVENTS = { Principal: { Service: "events.amazonaws.com" } };

export interface AlertTopicProps {
  prefix: string;
  emails: string[];
  /** End of the topic's name, `<prefix>-<noun>`. */
  noun?: string;
  /** AWS provider of the alarms' region, which alone they notify; the stack's own when absent. */
  provider?: TerraformProvider;
}

/** Encrypted SNS topic for the account's CloudWatch alarms, with e-mail subscriptions. */
export class AlertTopic extends Construct {
  readonly arn: string;
  /** Key of the messages, which those who publish must be allowed to use. */
  readonly keyArn: string;
  /** What alarms must wait for so that their first state change is not lost. */
  readonly ready: ITerraformDependable[];
  readonly #ruleArns: string[] = [];
  readonly #provider: TerraformProvider | undefined;

  constructor(scope: Construct, id: string, { prefix, emails, noun = "alerts", provider }: AlertTopicProps) {
    super(scope, id);
    const { accountId } = new DataAwsCallerIdentity(this, "account", { provider });
    const alarmsOfAccount = {
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    };
    const later = (produce: () => string) => Lazy.stringValue({ produce });
    // The AWS managed key of SNS admits neither CloudWatch nor EventBridge, and its policy cannot be changed.
    const key = new KmsKey(this, "key", {
      provider,
      description: `Alerts of ${prefix}`,
      enableKeyRotation: true,
      policy: later(() =>
        policy(
          { Sid: "Account", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" },
          { Sid: "Alarms", ...alarmsOfAccount, Action: USE_OF_KEY, Resource: "*" },
          // Source: SNS Developer Guide, "Key management": with conditions on their source no events get through
          ...(this.#ruleArns.length > 0 ? [{ Sid: "Events", ...EVENTS, Action: USE_OF_KEY, Resource: "*" }] : []),
        ),
      ),
    });
    const topic = new SnsTopic(this, "topic", { provider, name: `${prefix}-${noun}`, kmsMasterKeyId: key.keyId });
    const publish = { Action: "sns:Publish", Resource: topic.arn };
    const ofRules = () => ({ Condition: { ArnEquals: { "aws:SourceArn": this.#ruleArns } } });
    const access = new SnsTopicPolicy(this, "policy", {
      provider,
      arn: topic.arn,
      policy: later(() =>
        policy(
          { Sid: "Alarms", ...alarmsOfAccount, ...publish },
          ...(this.#ruleArns.length > 0 ? [{ Sid: "Events", ...EVENTS, ...ofRules(), ...publish }] : []),
        ),
      ),
    });
    for (const email of emails) {
      new SnsTopicSubscription(this, idFrom(email.toLowerCase()), {
        provider,
        topicArn: topic.arn,
        protocol: "email",
        endpoint: email,
      });
    }
    this.#provider = provider;
    this.arn = topic.arn;
    this.keyArn = key.arn;
    this.ready = [access];
  }

  /** Publishes the events of a rule as EventBridge tells them; `key` is the id. */
  forward(key: string, { name: rule, arn }: CloudwatchEventRule): void {
    this.#ruleArns.push(arn);
    const target = { rule, arn: this.arn, dependsOn: this.ready, provider: this.#provider };
    new CloudwatchEventTarget(this, `${key}-target`, target);
  }
}

/** IAM statements of a role that publishes to a topic with a key of its own. */
export const publishStatements = ({ arn, keyArn }: { arn: string; keyArn?: string }): Statement[] => [
  { Sid: "Publish", Action: "sns:Publish", Resource: arn },
  ...(keyArn ? [{ Sid: "TopicKey", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn }] : []),
];
