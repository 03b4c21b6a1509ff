import { type Bill, lookUp, type Rules } from "./bill";
import type { Block } from "./stack-json";

/** Included IOPS of gp3 in RDS for PostgreSQL, by size. Source: Amazon RDS User Guide, "Amazon RDS DB instance storage". */
const RDS_GP3 = { stripedFromGb: 400, iops: 3000, stripedIops: 12_000 };
/** Free retention of Performance Insights, days. Source: Amazon RDS User Guide, "Pricing and data retention". */
const FREE_INSIGHTS_DAYS = 7;
/** First major version of PostgreSQL still in standard support. Source: Amazon RDS release calendar, 2026. */
const RDS_POSTGRES_SUPPORTED = 14;
/** Included throughput per GB of a file system, MiB/s. Source: Amazon EFS pricing. */
const EFS_MIBPS_PER_GB = 0.05;
/** Number of broker instances by deployment mode. Source: Amazon MQ Developer Guide. */
const BROKER_INSTANCES: Readonly<Record<string, number>> = {
  SINGLE_INSTANCE: 1,
  ACTIVE_STANDBY_MULTI_AZ: 2,
  CLUSTER_MULTI_AZ: 3,
};

/** Names of a broker's settings in Terraform and CloudFormation. */
const TERRAFORM_BROKER = {
  type: "host_instance_type",
  mode: "deployment_mode",
  engine: "engine_type",
  storage: "storage_type",
};
const CLOUDFORMATION_BROKER = {
  type: "HostInstanceType",
  mode: "DeploymentMode",
  engine: "EngineType",
  storage: "StorageType",
};

/** Databases, tables, file systems and brokers. */
export const dataStoreRules: Rules = {
  aws_db_instance: billDatabase,
  aws_dynamodb_table: billTable,
  aws_efs_file_system: billFileSystem,
  aws_mq_broker: (broker, bill) => billBroker(broker, bill, TERRAFORM_BROKER),
  aws_cloudformation_stack: billCloudformation,
};

function billDatabase(database: Block, bill: Bill): void {
  const { rds, secret } = bill.prices;
  const engine = database.text("engine");
  const multiAz = database.flag("multi_az");
  if (engine === undefined || multiAz === undefined) return;
  if (engine !== "postgres") {
    bill.note(`a database of engine ${engine} has no price here`);
    return;
  }
  const copies = multiAz ? 2 : 1;
  const zones = multiAz ? "two zones" : "one zone";

  const type = database.text("instance_class");
  if (type !== undefined) bill.hourly(`RDS ${type}, ${zones}`, copies, lookUp(rds.postgres, type));
  billDatabaseStorage(database, bill, copies, zones);
  if (database.flag("manage_master_user_password")) bill.add("secret of the master user", 1, "month", secret);

  const retention = database.number("performance_insights_retention_period", 0) ?? 0;
  if (retention > FREE_INSIGHTS_DAYS)
    bill.note(`Performance Insights beyond ${FREE_INSIGHTS_DAYS} days has no price here`);
  const major = Number.parseInt(database.text("engine_version", "") ?? "", 10);
  const isExtended = !database
    .text("engine_lifecycle_support", "open-source-rds-extended-support")
    ?.endsWith("disabled");
  if (major < RDS_POSTGRES_SUPPORTED && isExtended) bill.note("extended support of its version has no price here");
}

function billDatabaseStorage(database: Block, bill: Bill, copies: number, zones: string): void {
  const { rds } = bill.prices;
  const type = database.text("storage_type", database.has("iops") ? "io1" : "gp2");
  const size = database.number("allocated_storage");
  if (type === undefined || size === undefined) return;
  const gb = type === "gp3" ? rds.gp3Gb : type === "gp2" ? rds.gp2Gb : type === "io1" ? rds.io1Gb : undefined;
  bill.add(`RDS storage ${type}, ${zones}`, size * copies, "GB-month", gb);
  if (database.has("storage_throughput")) bill.note("RDS throughput has no price here");
  const iops = database.has("iops") ? database.number("iops") : undefined;
  if (iops === undefined) return;
  const free = type !== "gp3" ? 0 : size < RDS_GP3.stripedFromGb ? RDS_GP3.iops : RDS_GP3.stripedIops;
  const each = type === "gp3" ? rds.gp3Iops : type === "io1" ? rds.io1Iops : undefined;
  if (iops > free) bill.add(`RDS IOPS, ${zones}`, (iops - free) * copies, "IOPS-month", each);
}

function billTable(table: Block, bill: Bill): void {
  const mode = table.text("billing_mode", "PROVISIONED");
  if (mode === undefined) return;
  if (mode === "PAY_PER_REQUEST") {
    bill.note("by use: requests and data");
    return;
  }
  const all = [table, ...table.blocks("global_secondary_index")];
  const units = (kind: string) => all.reduce((sum, each) => sum + (each.number(`${kind}_capacity`) ?? 0), 0);
  bill.note(`${units("read")} read and ${units("write")} write capacity units have no price here`);
}

function billFileSystem(files: Block, bill: Bill): void {
  const { efs } = bill.prices;
  const stored = bill.use("efsGb", "files stored");
  const oneZone = files.has("availability_zone_name");
  if (stored) bill.add(oneZone ? "EFS, one zone" : "EFS", stored, "GB-month", oneZone ? efs.oneZoneGb : efs.gb);
  const mode = files.text("throughput_mode", "bursting");
  if (mode === "elastic") bill.note("data read from and written to EFS has no price here");
  if (mode !== "provisioned") return;
  const provisioned = files.number("provisioned_throughput_in_mibps");
  const extra = (provisioned ?? 0) - (stored ?? 0) * EFS_MIBPS_PER_GB;
  if (extra > 0) bill.add("EFS throughput", extra, "MiB/s-month", efs.provisionedMibps);
}

function billBroker(broker: Block, bill: Bill, keys: typeof TERRAFORM_BROKER): void {
  const { mq } = bill.prices;
  const type = broker.text(keys.type);
  const mode = broker.text(keys.mode, "SINGLE_INSTANCE");
  const instances = mode === undefined ? undefined : lookUp(BROKER_INSTANCES, mode);
  if (mode !== undefined && instances === undefined) bill.note(`a broker in mode ${mode} has no price here`);
  if (type !== undefined && instances) bill.hourly(`broker ${type}`, instances, lookUp(mq?.instances, type));
  const stored = bill.use("mqStorageGb", "messages stored");
  const engine = broker.text(keys.engine)?.toLowerCase();
  if (!stored || engine === undefined) return;
  const onEfs = engine === "activemq" && broker.text(keys.storage, "efs")?.toLowerCase() === "efs";
  bill.add("broker storage", stored, "GB-month", onEfs ? mq?.efsGb : mq?.ebsGb);
}

/** Resources of a CloudFormation stack. */
function billCloudformation(stack: Block, bill: Bill): void {
  const resources = stack.json("template_body")?.required("Resources");
  for (const name of resources?.keys ?? []) {
    const resource = resources?.block(name);
    const type = resource?.text("Type");
    const properties = type === "AWS::AmazonMQ::Broker" ? resource?.required("Properties") : undefined;
    if (properties) billBroker(properties, bill, CLOUDFORMATION_BROKER);
    else if (type !== undefined) bill.note(`${type} of its template has no price here`);
  }
}
