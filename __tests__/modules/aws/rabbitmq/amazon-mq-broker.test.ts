import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { MqBroker } from "@cdktf/provider-aws/lib/mq-broker";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { DataResource, TerraformOutput, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { AmazonMqBroker, type AmazonMqBrokerProps } from "../../../../modules/aws/rabbitmq/amazon-mq-broker";
import { rejects } from "../../../support/bad-input";
import { keeps } from "../../../support/lasting";
import { type Json, refTo, synth } from "../../../support/synth";
import { AMAZON_MQ_EVERYTHING, KEY, TOPIC } from "./rabbitmq.fixture";

const MINIMAL: AmazonMqBrokerProps = {
  name: "dev-fossa",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a"],
  allowedFrom: { workers: { securityGroupId: "sg-workers" } },
};
const CLUSTER = { deploymentMode: "CLUSTER_MULTI_AZ" as const, subnetIds: ["subnet-a", "subnet-b"] };
const build = (props: Partial<AmazonMqBrokerProps> = {}) =>
  synth((stack) => new AmazonMqBroker(stack, "broker", { ...MINIMAL, ...props }));
const template = (props: Partial<AmazonMqBrokerProps> = {}): Json =>
  JSON.parse(build(props).one(CloudformationStack).template_body);
const properties = (props: Partial<AmazonMqBrokerProps> = {}): Json => template(props).Resources.Broker.Properties;
/** Secrets by what their names begin with, each with its value. */
const secrets = (props: Partial<AmazonMqBrokerProps> = {}): Record<string, Json> => {
  const { byId } = build(props);
  const named = Object.entries(byId(SecretsmanagerSecret));
  const values = Object.values(byId(SecretsmanagerSecretVersion));
  return Object.fromEntries(
    named.map(([id, secret]) => {
      const value = values.find(({ secret_id }) => secret_id === `\${aws_secretsmanager_secret.${id}.id}`);
      return [
        secret.name_prefix,
        { ...secret, value, document: JSON.parse(value.secret_string_wo.replace(/\["Host"\]/, ".Host")) },
      ];
    }),
  );
};
const EPHEMERAL = /^\$\{ephemeral\.aws_secretsmanager_random_password\.\w+\.random_password\}$/;
const READ = "\\$\\{jsondecode\\(ephemeral\\.aws_secretsmanager_secret_version\\.\\w+\\.secret_string\\)\\.password\\}";

describe("the broker", () => {
  it("is the only one of a template, private, with one user and patches", () => {
    const { all } = build();
    expect(all(MqBroker)).toEqual([]);
    expect(build().one(CloudformationStack)).toMatchObject({ name: "dev-fossa" });
    const { Resources } = template();
    expect(Object.keys(Resources)).toEqual(["Broker"]);
    expect(Resources.Broker.Type).toBe("AWS::AmazonMQ::Broker");
    expect(Resources.Broker.Properties).toEqual({
      BrokerName: "dev-fossa",
      EngineType: "RABBITMQ",
      EngineVersion: "4.2",
      HostInstanceType: "mq.m7g.medium",
      DeploymentMode: "SINGLE_INSTANCE",
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      SubnetIds: ["subnet-a"],
      SecurityGroups: [refTo(SecurityGroup, "id")],
      Users: [{ Username: "fossa", Password: expect.any(String) }],
      Logs: { General: true },
    });
  });
  it("finds its password where it is kept, in the very value that was written", () => {
    const { byId } = build();
    const [{ Password }] = properties().Users;
    const id = Object.keys(byId(SecretsmanagerSecretVersion)).find((name) => /_credentials_/.test(name));
    const version = `aws_secretsmanager_secret_version.${id}`;
    expect(Password).toBe(
      `{{resolve:secretsmanager:\${${version}.arn}:SecretString:password::\${${version}.version_id}}}`,
    );
  });
  it("tells its id, its ARN and its host", () => {
    const { Outputs } = template();
    expect(Outputs.Id.Value).toEqual({ Ref: "Broker" });
    expect(Outputs.Arn.Value).toEqual({ "Fn::GetAtt": ["Broker", "Arn"] });
    expect(resolve(Outputs.Host.Value, ["amqps://b-1.mq.us-east-1.on.aws:5671"])).toBe("b-1.mq.us-east-1.on.aws");
  });
  it.each([
    ["4.2", "mq.m7g.medium"],
    ["4.2", "mq.m7g.16xlarge"],
    ["3.13", "mq.m7g.large"],
    ["3.13", "mq.m5.large"],
    ["3.13", "mq.m5.4xlarge"],
  ] as const)("runs RabbitMQ %s on %s", (engineVersion, hostInstanceType) => {
    expect(properties({ engineVersion, hostInstanceType })).toMatchObject({
      EngineVersion: engineVersion,
      HostInstanceType: hostInstanceType,
    });
  });
  it("stands in several zones where asked", () => {
    expect(properties(CLUSTER)).toMatchObject({
      DeploymentMode: "CLUSTER_MULTI_AZ",
      SubnetIds: ["subnet-a", "subnet-b"],
    });
  });
  it("takes everything there is", () => {
    const { subnetIds } = CLUSTER;
    expect(properties({ ...AMAZON_MQ_EVERYTHING, subnetIds, generalLogs: true })).toMatchObject({
      MaintenanceWindowStartTime: { DayOfWeek: "SUNDAY", TimeOfDay: "02:30", TimeZone: "UTC" },
      EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: KEY },
      Users: [{ Username: "jobs.v2" }],
    });
  });
  it("keeps its log to itself where asked", () => {
    expect(properties({ generalLogs: false }).Logs).toEqual({ General: false });
  });
  it.each(["00:00", "23:59"])("is maintained from %s where asked", (time) => {
    expect(properties({ maintenanceWindow: { day: "MONDAY", time } }).MaintenanceWindowStartTime).toEqual({
      DayOfWeek: "MONDAY",
      TimeOfDay: time,
      TimeZone: "UTC",
    });
  });
  it("is made anew with what Amazon MQ changes on none", () => {
    const made = (props: Partial<AmazonMqBrokerProps> = {}) => {
      const { byId, one } = build(props);
      const [id, { triggers_replace }] = Object.entries(byId(DataResource)).find(([id]) => /identity/.test(id)) as [
        string,
        Json,
      ];
      expect(one(CloudformationStack).lifecycle).toEqual({
        ...keeps("username", "kmsKeyArn", "deploymentMode", "subnetIds"),
        replace_triggered_by: [`terraform_data.${id}`],
      });
      return triggers_replace;
    };
    const first = made();
    const changes = [
      { username: "jobs" },
      { passwordVersion: 2 },
      { kmsKeyArn: KEY },
      { subnetIds: ["subnet-b"] },
      CLUSTER,
    ];
    for (const change of changes) expect(made(change as object), JSON.stringify(change)).not.toEqual(first);
    const { engineVersion, hostInstanceType } = AMAZON_MQ_EVERYTHING;
    expect(made({ engineVersion, hostInstanceType, generalLogs: false })).toEqual(first);
  });
});

describe("the secrets", () => {
  it("are the credentials that the broker is made with, and the URL that clients take", () => {
    const { "dev-fossa-credentials-": made, "dev-fossa-url-": told, ...others } = secrets();
    expect(others).toEqual({});
    expect(made.document).toEqual({ username: "fossa", password: expect.stringMatching(EPHEMERAL) });
    expect(told.document).toEqual({
      username: "fossa",
      password: expect.stringMatching(new RegExp(`^${READ}$`)),
      url: expect.stringMatching(
        new RegExp(`^amqps://fossa:${READ}@\\$\\{aws_cloudformation_stack\\.\\w+\\.outputs\\.Host\\}:5671$`),
      ),
    });
  });
  it("name the user that was asked for, and are made anew as often", () => {
    const { "dev-fossa-credentials-": made, "dev-fossa-url-": told } = secrets({
      username: "jobs",
      passwordVersion: 7,
    });
    expect(made.value.secret_string_wo_version).toBe(7);
    expect(made.document.username).toBe("jobs");
    expect(told.document.url).toMatch(/^amqps:\/\/jobs:/);
  });
  it.each(["dev-fossa-credentials-", "dev-fossa-url-"])("have AWS's own key or the user's (%s)", (prefix) => {
    expect(secrets()[prefix].kms_key_id).toBeUndefined();
    expect(secrets({ kmsKeyArn: KEY })[prefix].kms_key_id).toBe(KEY);
  });
  it("hold no user that everybody knows", () => {
    expect(build({ ...AMAZON_MQ_EVERYTHING, ...CLUSTER }).json).not.toMatch(/guest/i);
  });
});

it("is reached by TLS from the groups that are named, and from nowhere else", () => {
  const allowedFrom = { workers: { securityGroupId: "sg-workers" }, page: { securityGroupId: "sg-page" } };
  const { all, one } = build({ allowedFrom });
  expect(one(SecurityGroup)).toMatchObject({ name_prefix: "mq-dev-fossa-", vpc_id: "vpc-1" });
  expect(all(VpcSecurityGroupEgressRule)).toEqual([]);
  const rule = { security_group_id: refTo(SecurityGroup, "id"), ip_protocol: "tcp", from_port: 5671, to_port: 5671 };
  expect(all(VpcSecurityGroupIngressRule)).toEqual([
    { ...rule, description: "page", referenced_security_group_id: "sg-page" },
    { ...rule, description: "workers", referenced_security_group_id: "sg-workers" },
  ]);
});
it("tells by CloudWatch how many messages of a queue wait", () => {
  synth((stack) => {
    expect(new AmazonMqBroker(stack, "broker", MINIMAL).queueMetric("fossa_task_queue")).toEqual({
      namespace: "AWS/AmazonMQ",
      metricName: "MessageReadyCount",
      dimensions: { Broker: "dev-fossa", VirtualHost: "/", Queue: "fossa_task_queue" },
    });
  });
});
it("watches a queue where asked", () => {
  expect(build().all(CloudwatchMetricAlarm)).toEqual([]);
  const alarm = { topicArns: [TOPIC], queue: "fossa_task_queue", waiting: 10 };
  expect(build({ alarm }).one(CloudwatchMetricAlarm)).toMatchObject({
    alarm_name: "dev-fossa-waiting",
    namespace: "AWS/AmazonMQ",
    metric_name: "MessageReadyCount",
    dimensions: { Broker: "dev-fossa", VirtualHost: "/", Queue: "fossa_task_queue" },
    threshold: 10,
  });
});
it("tells what clients and people need", () => {
  const { outputs, byId } = synth((stack) => {
    const broker = new AmazonMqBroker(stack, "broker", MINIMAL);
    expect(broker.port).toBe(5671);
    expect(broker.brokerName).toBe("dev-fossa");
    const { urlSecretArn, urlValueFrom, securityGroupId, host, brokerId, brokerArn } = broker;
    for (const [name, value] of Object.entries({
      urlSecretArn,
      urlValueFrom,
      securityGroupId,
      host,
      brokerId,
      brokerArn,
    })) {
      new TerraformOutput(stack, name, { value, staticId: true });
    }
  });
  const url = Object.keys(byId(SecretsmanagerSecretVersion)).find((id) => /_url_/.test(id));
  const ofStack = (key: string) =>
    expect.stringMatching(new RegExp(`^\\$\\{aws_cloudformation_stack\\.\\w+\\.outputs\\["${key}"\\]\\}$`));
  expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
    urlSecretArn: `\${aws_secretsmanager_secret_version.${url}.arn}`,
    urlValueFrom: `\${aws_secretsmanager_secret_version.${url}.arn}:url::\${aws_secretsmanager_secret_version.${url}.version_id}`,
    securityGroupId: refTo(SecurityGroup, "id"),
    host: ofStack("Host"),
    brokerId: ofStack("Id"),
    brokerArn: ofStack("Arn"),
  });
});
it("takes what other resources supply", () => {
  const token = (value: string) => Token.asString({ resolve: () => value });
  const props = { vpcId: token("vpc-2"), subnetIds: [token("subnet-x")], kmsKeyArn: token(KEY) };
  expect(properties(props)).toMatchObject({ SubnetIds: ["subnet-x"], EncryptionOptions: { KmsKeyId: KEY } });
  expect(build(props).one(SecurityGroup).vpc_id).toBe("vpc-2");
});
it("gives the same JSON whatever the order of its callers", () => {
  const [a, b] = [{ securityGroupId: "sg-a" }, { securityGroupId: "sg-b" }];
  expect(build({ allowedFrom: { a, b } }).json).toBe(build({ allowedFrom: { b, a } }).json);
});

/** What CloudFormation makes of the functions that the template uses. */
function resolve(value: Json, endpoints: string[]): Json {
  if (typeof value !== "object") return value;
  const [[name, argument] = ["", ""]] = Object.entries<Json>(value);
  if (name === "Fn::GetAtt") return argument.join(".") === "Broker.AmqpEndpoints" ? endpoints : undefined;
  const [first, second] = argument;
  const resolved = resolve(second, endpoints);
  return name === "Fn::Select" ? resolved[first] : resolved.split(first);
}

rejects<unknown>(
  "test/broker",
  [
    ["name", { name: undefined }, "is required"],
    ["name", { name: "x".repeat(51) }, "at most 50"],
    ["name", { name: "1a" }, "a letter first"],
    ["name", { name: "a_b" }, "letters, digits and hyphens"],
    ["vpcId", { vpcId: "" }, "at least 1"],
    ["subnetIds", { subnetIds: [] }, "must be one subnet for SINGLE_INSTANCE", "got 0"],
    ["subnetIds", { subnetIds: ["a", "b"] }, "must be one subnet for SINGLE_INSTANCE", "got 2"],
    ["subnetIds", { ...CLUSTER, subnetIds: ["a"] }, "at least two subnets", "got 1"],
    ["subnetIds", { ...CLUSTER, subnetIds: ["a", "a"] }, "must not name a subnet twice"],
    ["subnetIds", { subnetIds: Token.asList({ resolve: () => ["a"] }) }, "got a token"],
    ["allowedFrom.Workers", { allowedFrom: { Workers: { securityGroupId: "sg-1" } } }, "lower-case"],
    ["allowedFrom.workers", { allowedFrom: { workers: "sg-1" } }, "what has a security group"],
    ["engineVersion", { engineVersion: "4.1" }, "one of 3.13, 4.2", '"4.1"'],
    ["engineVersion", { engineVersion: 4.2 }, "got 4.2"],
    ["hostInstanceType", { hostInstanceType: "mq.m5.large" }, "mq.m7g type for RabbitMQ 4.2", "mq.m5.large"],
    ["hostInstanceType", { hostInstanceType: "mq.t3.micro", engineVersion: "3.13" }, '"mq.t3.micro"'],
    ["hostInstanceType", { hostInstanceType: "mq.m7g.32xlarge" }, '"mq.m7g.32xlarge"'],
    ["deploymentMode", { deploymentMode: "ACTIVE_STANDBY_MULTI_AZ" }, "SINGLE_INSTANCE, CLUSTER_MULTI_AZ"],
    ["username", { username: "guest" }, "a user of its own"],
    ["username", { username: "a" }, "at least 2"],
    ["passwordVersion", { passwordVersion: 0 }, "at least 1"],
    ["generalLogs", { generalLogs: "yes" }, '"yes"'],
    ["maintenanceWindow.day", { maintenanceWindow: { day: "Sunday", time: "02:00" } }, "SUNDAY"],
    ["maintenanceWindow.time", { maintenanceWindow: { day: "SUNDAY", time: "2:00" } }, "00:00 to 23:59"],
    ["maintenanceWindow.time", { maintenanceWindow: { day: "SUNDAY", time: "24:00" } }, "00:00 to 23:59"],
    ["maintenanceWindow.time", { maintenanceWindow: { day: "SUNDAY" } }, "is required"],
    ["kmsKeyArn", { kmsKeyArn: "alias/mine" }, "ARN of a KMS key"],
    ["alarm.waiting", { alarm: { topicArns: [TOPIC], queue: "q", waiting: -1 } }, "at least 0"],
    ["publiclyAccessible", { publiclyAccessible: true }, "unknown key"],
    ["password", { password: "secret" }, "unknown key"],
  ],
  (stack, wrong) => new AmazonMqBroker(stack, "broker", { ...MINIMAL, ...(wrong as object) }),
);
