import type { Construct } from "constructs";
import { AlertTopic } from "../../modules/aws/cloudwatch/alert-topic";
import { SingleTable } from "../../modules/aws/dynamodb/single-table";
import { bucketPrefix, PrivateBucket } from "../../modules/aws/storage/private-bucket";
import type { BaseSettings } from "../base-settings";
import { BaseStack } from "../base-stack";
import type { PortfolioSettings } from "./settings";

/** Raw data is read once and seldom again; S3 moves what is read back. */
const RAW_TRANSITION = { days: 30, storageClass: "INTELLIGENT_TIERING" } as const;

/** Table and raw bucket, and the topic of the system's alarms. */
export class PortfolioDataStack extends BaseStack {
  readonly table: SingleTable;
  readonly rawBucket: PrivateBucket;
  /** Undefined without alarms. */
  readonly alerts: AlertTopic | undefined;

  constructor(scope: Construct, environment: BaseSettings, settings: PortfolioSettings) {
    super(scope, environment, {
      system: "portfolio",
      layer: "data",
      description: "Table and bucket of raw data",
      places: {
        table: { "": "portfolio.table", name: "name" },
        "raw-bucket": { "": "portfolio.rawBucket", bucketPrefix: "name" },
        alerts: { "": "portfolio", emails: "portfolio.alertEmails" },
      },
    });
    const name = `${environment.name}-portfolio`;
    this.alerts = settings.alarms
      ? new AlertTopic(this, "alerts", { prefix: name, emails: settings.alertEmails })
      : undefined;
    this.table = new SingleTable(this, "table", { ...settings.table, name });
    const { bucket, expiration } = settings.rawBucket;
    this.rawBucket = new PrivateBucket(this, "raw-bucket", {
      ...((expiration === undefined || expiration.days > RAW_TRANSITION.days) && { transition: RAW_TRANSITION }),
      ...settings.rawBucket,
      ...(bucket === undefined && { bucketPrefix: bucketPrefix(name, "raw") }),
    });
    this.publish({
      dynamodb_table_name: this.table.tableName,
      dynamodb_table_arn: this.table.tableArn,
      ...(this.table.streamArn && { dynamodb_stream_arn: this.table.streamArn }),
      raw_bucket_name: this.rawBucket.bucketName,
      ...(this.alerts && { sns_topic_arn: this.alerts.arn }),
    });
  }
}
