import { describe, expect, it } from "vitest";
import { notPriced, paid, ref } from "./cost.fixture";

describe("a database", () => {
  const database = (own: object = {}) => ({
    aws_db_instance: {
      d: {
        engine: "postgres",
        engine_version: "17",
        instance_class: "db.m7g.large",
        allocated_storage: 100,
        storage_type: "gp3",
        ...own,
      },
    },
  });
  it("costs its hours and its storage, twice in two zones", () => {
    expect(paid(database())).toEqual({
      "RDS db.m7g.large, one zone": [100, "hour", 20],
      "RDS storage gp3, one zone": [100, "GB-month", 10],
    });
    expect(paid(database({ multi_az: true, iops: 4000 }))).toEqual({
      "RDS db.m7g.large, two zones": [200, "hour", 40],
      "RDS storage gp3, two zones": [200, "GB-month", 20],
      "RDS IOPS, two zones": [2000, "IOPS-month", 40],
    });
    expect(notPriced(database({ performance_insights_retention_period: 7 }))).toEqual([]);
  });
  it("has its first IOPS free by type and size", () => {
    const iops = (own: object) => paid(database(own))["RDS IOPS, one zone"]?.[0];
    expect(iops({ iops: 3000 })).toBeUndefined();
    expect(iops({ iops: 3001 })).toBe(1);
    expect(iops({ iops: 12_000, allocated_storage: 400 })).toBeUndefined();
    expect(iops({ iops: 12_001, allocated_storage: 400 })).toBe(1);
    expect(iops({ iops: 1000, storage_type: undefined })).toBe(1000);
  });
  it("has gp2 when nothing is said, and a secret when RDS keeps the password", () => {
    expect(paid(database({ storage_type: undefined }))).toHaveProperty(["RDS storage gp2, one zone"]);
    expect(paid(database({ manage_master_user_password: true }))["secret of the master user"]).toEqual([
      1,
      "month",
      0.4,
    ]);
  });
  it.each([
    [{ engine: "mysql" }, "a database of engine mysql has no price here"],
    [{ engine: undefined }, "engine is not given"],
    [{ instance_class: "db.x9.large" }, "RDS db.x9.large, one zone has no price in us-east-1"],
    [{ instance_class: ref("var.class") }, "instance_class is not known at synth"],
    [{ multi_az: ref("var.multi") }, "multi_az is not known at synth"],
    [{ storage_type: "io2" }, "RDS storage io2, one zone has no price in us-east-1"],
    [{ allocated_storage: undefined }, "allocated_storage is not given"],
    [{ storage_throughput: 500 }, "RDS throughput has no price here"],
    [{ performance_insights_retention_period: 8 }, "Performance Insights beyond 7 days has no price here"],
    [{ engine_version: "13.4" }, "extended support of its version has no price here"],
  ])("of %j is listed: %s", (own, reason) => {
    expect(notPriced(database(own))).toEqual([`aws_db_instance.d: ${reason}`]);
  });
  it("of an old version that RDS may upgrade has no extended support", () => {
    const engine_lifecycle_support = "open-source-rds-extended-support-disabled";
    expect(notPriced(database({ engine_version: "13", engine_lifecycle_support }))).toEqual([]);
    expect(notPriced(database({ engine_version: "14" }))).toEqual([]);
  });
});

describe("a table", () => {
  const table = (own: object = {}) => notPriced({ aws_dynamodb_table: { t: own } });
  it("is billed by use where its capacity is on demand", () => {
    expect(table({ billing_mode: "PAY_PER_REQUEST" })).toEqual(["aws_dynamodb_table.t: by use: requests and data"]);
  });
  it("names the capacity that stands, its indexes included", () => {
    const units = { read_capacity: 5, write_capacity: 2 };
    const own = { ...units, global_secondary_index: [units, units] };
    expect(table({ billing_mode: "PROVISIONED", ...own })).toEqual([
      "aws_dynamodb_table.t: 15 read and 6 write capacity units have no price here",
    ]);
    expect(table(units)).toEqual(["aws_dynamodb_table.t: 5 read and 2 write capacity units have no price here"]);
  });
  it("is listed where its mode is not known", () => {
    expect(table({ billing_mode: ref("var.mode") })).toEqual([
      "aws_dynamodb_table.t: billing_mode is not known at synth",
    ]);
  });
});

describe("a file system", () => {
  const files = (own: object = {}) => ({ aws_efs_file_system: { f: own } });
  it("costs what it holds, less in one zone", () => {
    expect(paid(files(), { usage: { efsGb: 100 } })).toEqual({ EFS: [100, "GB-month", 30] });
    expect(paid(files({ availability_zone_name: "us-east-1a" }), { usage: { efsGb: 100 } })).toEqual({
      "EFS, one zone": [100, "GB-month", 16],
    });
    expect(notPriced(files())).toEqual(["aws_efs_file_system.f: files stored: by use; usage.efsGb is not given"]);
  });
  it("costs its provisioned throughput but for what comes with the data", () => {
    const provisioned = files({ throughput_mode: "provisioned", provisioned_throughput_in_mibps: 10 });
    expect(paid(provisioned, { usage: { efsGb: 100 } })["EFS throughput"]).toEqual([5, "MiB/s-month", 30]);
    expect(paid(provisioned, { usage: { efsGb: 200 } })["EFS throughput"]).toBeUndefined();
    expect(notPriced(files({ throughput_mode: "elastic" }), { usage: { efsGb: 1 } })).toEqual([
      "aws_efs_file_system.f: data read from and written to EFS has no price here",
    ]);
  });
});

describe("a broker", () => {
  const broker = (own: object = {}) => ({
    aws_mq_broker: { b: { engine_type: "RabbitMQ", host_instance_type: "mq.m5.large", ...own } },
  });
  const usage = { mqStorageGb: 10 };
  it.each([
    [undefined, 100],
    ["SINGLE_INSTANCE", 100],
    ["ACTIVE_STANDBY_MULTI_AZ", 200],
    ["CLUSTER_MULTI_AZ", 300],
  ])("in mode %s costs %i instance hours", (deployment_mode, hours) => {
    expect(paid(broker({ deployment_mode }), { usage })["broker mq.m5.large"]).toEqual([hours, "hour", hours * 0.3]);
  });
  it("costs its storage by engine", () => {
    expect(paid(broker(), { usage })["broker storage"]).toEqual([10, "GB-month", 1]);
    expect(paid(broker({ engine_type: "ActiveMQ" }), { usage })["broker storage"]).toEqual([10, "GB-month", 3]);
    expect(paid(broker({ engine_type: "ActiveMQ", storage_type: "ebs" }), { usage })["broker storage"]?.[2]).toBe(1);
  });
  it("costs the same where CloudFormation makes it", () => {
    const properties = { EngineType: "RABBITMQ", HostInstanceType: "mq.m5.large", DeploymentMode: "CLUSTER_MULTI_AZ" };
    const made = (Resources: object) => ({
      aws_cloudformation_stack: { s: { template_body: JSON.stringify({ Resources }) } },
    });
    const broker = {
      Type: "AWS::AmazonMQ::Broker",
      Properties: { ...properties, SubnetIds: [ref("aws_subnet.a.id")] },
    };
    expect(paid(made({ Broker: broker }), { usage })).toEqual({
      "broker mq.m5.large": [300, "hour", 90],
      "broker storage": [10, "GB-month", 1],
    });
    expect(notPriced(made({ Broker: broker, Queue: { Type: "AWS::SQS::Queue" } }), { usage })).toEqual([
      "aws_cloudformation_stack.s: AWS::SQS::Queue of its template has no price here",
    ]);
  });
  it("is listed where the template is not known", () => {
    const stack = (own: object) => notPriced({ aws_cloudformation_stack: { s: own } });
    const unknown = "aws_cloudformation_stack.s: template_body is not JSON that is known at synth";
    expect(stack({ template_url: "https://example.com/t.yaml" })).toEqual([unknown]);
    expect(stack({ template_body: ref('file("t.yaml")') })).toEqual([unknown]);
    expect(stack({ template_body: "{}" })).toEqual([
      "aws_cloudformation_stack.s: template_body.Resources is not given",
    ]);
  });
  it("is listed where its mode or region is not known", () => {
    expect(notPriced(broker({ deployment_mode: "RING" }), { usage })).toEqual([
      "aws_mq_broker.b: a broker in mode RING has no price here",
    ]);
    expect(notPriced(broker(), { usage, region: "eu-west-1" })).toEqual([
      "aws_mq_broker.b: broker mq.m5.large has no price in eu-west-1",
      "aws_mq_broker.b: broker storage has no price in eu-west-1",
    ]);
  });
});
