import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import { Construct } from "constructs";
import { z } from "zod";
import { allowReplacementShape, joined, lastingSettings } from "../../common/lasting-settings";
import { replacedWith } from "../../common/replaced-with";
import { DerivedSecret } from "../../common/secrets/derived-secret";
import { GeneratedSecret, secretVersionSchema } from "../../common/secrets/generated-secret";
import { kmsKeyArnSchema } from "../../common/settings/arns";
import { refuse } from "../../common/settings/faults";
import { parseProps, requiredString } from "../../common/settings/props";
import { allowedFromSchema, IngressSecurityGroup, securityGroupIdsOf } from "../ec2/ingress-security-group";
import { subnetIdsSchema } from "../ec2/subnet-ids";
import type { Broker } from "./broker";
import { QueueAlarm, type QueueMetric, queueAlarmShape } from "./queue-alarm";
import { usernameSchema } from "./username";

/** Instance types of RabbitMQ brokers. Source: Amazon MQ Developer Guide, "Amazon MQ for RabbitMQ broker instance types". */
const INSTANCE_TYPES = [
  "mq.m5.large",
  "mq.m5.xlarge",
  "mq.m5.2xlarge",
  "mq.m5.4xlarge",
  "mq.m7g.medium",
  "mq.m7g.large",
  "mq.m7g.xlarge",
  "mq.m7g.2xlarge",
  "mq.m7g.4xlarge",
  "mq.m7g.8xlarge",
  "mq.m7g.12xlarge",
  "mq.m7g.16xlarge",
] as const;

const DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"] as const;

/** Settings of a broker that Amazon MQ runs. */
export const amazonMqBrokerShape = {
  /** RabbitMQ release series; AWS chooses the patch version. 4.2 declares quorum queues unless the client asks for another type. */
  engineVersion: z.enum(["3.13", "4.2"]).default("4.2"),
  /** Instance type of each node: `mq.m7g.*` or, for 3.13 only, `mq.m5.*`. AWS recommends `large` or larger for production. */
  hostInstanceType: z.enum(INSTANCE_TYPES).default("mq.m7g.medium"),
  /** One node in one zone, or a cluster of three nodes in three zones. A change replaces the broker. */
  deploymentMode: z.enum(["SINGLE_INSTANCE", "CLUSTER_MULTI_AZ"]).default("SINGLE_INSTANCE"),
  /** User of the clients and of the web console: 2 to 100 letters, digits and ._-. A change replaces the broker. */
  username: usernameSchema.default("fossa"),
  /**
   * Generation of the password, from 1. Raise it to rotate the password: Amazon MQ cannot change a RabbitMQ user, so this
   * replaces the broker, and queued messages are lost.
   */
  passwordVersion: secretVersionSchema.default(1),
  /** Log to CloudWatch Logs, to a group that Amazon MQ creates and never expires. */
  generalLogs: z.boolean().default(true),
  /** Weekly two-hour window in which AWS may restart the broker for updates; AWS chooses one when absent. */
  maintenanceWindow: z
    .strictObject({
      /** Day of the week, such as `SUNDAY`. */
      day: z.enum(DAYS),
      /** Start time in UTC, 00:00 to 23:59. */
      time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time from 00:00 to 23:59"),
    })
    .optional(),
  /** KMS key that encrypts messages and secrets; the keys of Amazon MQ and Secrets Manager when absent. A change replaces the broker. */
  kmsKeyArn: kmsKeyArnSchema.optional(),
  ...allowReplacementShape,
};
type Settings = z.output<z.ZodObject<typeof amazonMqBrokerShape>>;

/** RabbitMQ 4 runs on mq.m7g only. Source: Amazon MQ Developer Guide, "RabbitMQ 4". */
export function checkAmazonMqBroker({ engineVersion, hostInstanceType }: Settings, ctx: z.RefinementCtx): void {
  if (engineVersion !== "4.2" || hostInstanceType.startsWith("mq.m7g.")) return;
  const message = `must be an mq.m7g type for RabbitMQ ${engineVersion}, or engineVersion be 3.13, got ${hostInstanceType}`;
  refuse(ctx, "hostInstanceType", message);
}

const schema = z
  .strictObject({
    /** Name of the broker and its resources, unique in the account and region: 1 to 50 letters, digits and hyphens, a letter first. */
    name: z
      .string()
      .max(50) // Source: Amazon MQ API reference, CreateBroker
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must have letters, digits and hyphens only, a letter first"),
    /** VPC of the clients. */
    vpcId: requiredString,
    /** Private subnets: one for SINGLE_INSTANCE, two or more for CLUSTER_MULTI_AZ. A change replaces the broker. */
    subnetIds: subnetIdsSchema,
    /** Clients that may connect, by a short name of your choice. */
    allowedFrom: allowedFromSchema,
    ...queueAlarmShape,
    ...amazonMqBrokerShape,
  })
  .superRefine((settings, ctx) => {
    checkAmazonMqBroker(settings, ctx);
    const { deploymentMode, subnetIds } = settings;
    const count = subnetIds.length;
    // Source: Amazon MQ API reference, CreateBroker, subnetIds
    if (deploymentMode === "SINGLE_INSTANCE" && count !== 1)
      refuse(ctx, "subnetIds", `must be one subnet for ${deploymentMode}, got ${count}`);
    if (deploymentMode === "CLUSTER_MULTI_AZ" && count < 2) {
      refuse(ctx, "subnetIds", `must be at least two subnets, of different zones, for ${deploymentMode}, got ${count}`);
    }
  });
export type AmazonMqBrokerProps = z.input<typeof schema>;

const AMQPS = 5671;

/**
 * RabbitMQ on Amazon MQ, reached over TLS from the given security groups. A CloudFormation stack creates the broker:
 * `aws_mq_broker` would store the password in the Terraform state, while CloudFormation resolves it from Secrets Manager, so
 * that template and state only hold its reference. Applying needs `secretsmanager:GetSecretValue`.
 */
export class AmazonMqBroker extends Construct implements Broker {
  readonly urlSecretArn: string;
  readonly kmsKeyArn: string | undefined;
  readonly urlValueFrom: string;
  readonly securityGroupId: string;
  readonly port = AMQPS;
  /** Host name for clients, known after apply. */
  readonly host: string;
  readonly brokerId: string;
  readonly brokerArn: string;
  readonly brokerName: string;

  constructor(scope: Construct, id: string, props: AmazonMqBrokerProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, username, passwordVersion, kmsKeyArn, deploymentMode, subnetIds } = settings;

    const credentials = new GeneratedSecret(this, "credentials", {
      namePrefix: `${name}-credentials-`,
      description: `User and password that the broker ${name} is made with`,
      version: passwordVersion,
      kmsKeyArn,
      document: (password) => ({ username, password }),
    });
    this.securityGroupId = this.securityGroup(settings);
    const password = `{{resolve:secretsmanager:${credentials.secretArn}:SecretString:password::${credentials.versionId}}}`;
    const stack = new CloudformationStack(this, "stack", {
      name,
      templateBody: template(settings, this.securityGroupId, password),
      // Amazon MQ cannot update these in place: CloudFormation would first create a second broker, under a name that is taken.
      lifecycle: joined(
        replacedWith(this, "identity", {
          username,
          passwordVersion,
          kmsKeyArn: kmsKeyArn ?? "",
          deploymentMode,
          subnetIds,
        }),
        lastingSettings(this, "lasting", {
          what: "the broker",
          settings: { username, kmsKeyArn, deploymentMode, subnetIds: subnetIds.join(" ") },
          allowReplacement: settings.allowReplacement,
        }),
      ),
    });
    this.brokerName = name;
    this.brokerId = stack.outputs.lookup("Id");
    this.brokerArn = stack.outputs.lookup("Arn");
    this.host = stack.outputs.lookup("Host");

    const url = new DerivedSecret(this, "url", {
      namePrefix: `${name}-url-`,
      description: `URL of the broker ${name}, with its user and password`,
      kmsKeyArn,
      source: credentials,
      document: (password) => ({ username, password, url: `amqps://${username}:${password}@${this.host}:${AMQPS}` }),
    });
    this.urlSecretArn = url.secretArn;
    this.kmsKeyArn = kmsKeyArn;
    this.urlValueFrom = `${url.secretArn}:url::${url.versionId}`;
    const { alarm } = settings;
    if (alarm) new QueueAlarm(this, "alarm", { name, metric: this.queueMetric(alarm.queue), settings: alarm });
  }

  /** Messages of a queue that are ready for delivery. Amazon MQ reports the 500 queues with the most consumers. */
  queueMetric(queue: string): QueueMetric {
    return {
      namespace: "AWS/AmazonMQ",
      metricName: "MessageReadyCount",
      dimensions: { Broker: this.brokerName, VirtualHost: "/", Queue: queue },
    };
  }

  private securityGroup({ name, vpcId, allowedFrom }: z.output<typeof schema>): string {
    const group = new IngressSecurityGroup(this, "security-group", {
      namePrefix: `mq-${name}-`,
      description: `Broker ${name}`,
      vpcId,
      name,
    });
    group.admit(securityGroupIdsOf(allowedFrom), { fromPort: AMQPS });
    return group.id;
  }
}

/** CloudFormation template: the broker and its outputs. */
function template(settings: z.output<typeof schema>, securityGroupId: string, password: string): string {
  const { kmsKeyArn, maintenanceWindow } = settings;
  const endpoint = { "Fn::Select": [0, { "Fn::GetAtt": ["Broker", "AmqpEndpoints"] }] }; // amqps://b-...:5671
  const hostAndPort = { "Fn::Select": [1, { "Fn::Split": ["://", endpoint] }] };
  return JSON.stringify({
    Resources: {
      Broker: {
        Type: "AWS::AmazonMQ::Broker",
        Properties: {
          BrokerName: settings.name,
          EngineType: "RABBITMQ",
          EngineVersion: settings.engineVersion,
          HostInstanceType: settings.hostInstanceType,
          DeploymentMode: settings.deploymentMode,
          PubliclyAccessible: false,
          // required for these series. Source: Amazon MQ Developer Guide, "Managing Amazon MQ for RabbitMQ engine versions"
          AutoMinorVersionUpgrade: true,
          SubnetIds: settings.subnetIds,
          SecurityGroups: [securityGroupId],
          Users: [{ Username: settings.username, Password: password }],
          Logs: { General: settings.generalLogs }, // absent, Amazon MQ keeps what it was
          ...(maintenanceWindow && {
            MaintenanceWindowStartTime: {
              DayOfWeek: maintenanceWindow.day,
              TimeOfDay: maintenanceWindow.time,
              TimeZone: "UTC",
            },
          }),
          ...(kmsKeyArn && { EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: kmsKeyArn } }),
        },
      },
    },
    Outputs: {
      Id: { Value: { Ref: "Broker" } },
      Arn: { Value: { "Fn::GetAtt": ["Broker", "Arn"] } },
      Host: { Value: { "Fn::Select": [0, { "Fn::Split": [":", hostAndPort] }] } },
    },
  });
}
