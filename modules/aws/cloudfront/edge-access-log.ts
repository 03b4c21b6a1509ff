import { CloudwatchLogDelivery } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery";
import { CloudwatchLogDeliveryDestination } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { AccessLogBucket, accessLogsShape } from "../storage/access-log-bucket";
import { bucketPrefix } from "../storage/private-bucket";

export const edgeAccessLogsSchema = z.strictObject({
  ...accessLogsShape,
  /** Days, 1 to 3650, that a log stays; 90 by default. */
  retentionDays: accessLogsShape.retentionDays.unwrap().default(90),
});

export interface EdgeAccessLogProps extends z.output<typeof edgeAccessLogsSchema> {
  readonly name: string;
  readonly distributionArn: string;
  /**
   * AWS provider of us-east-1, where such deliveries are set up whatever the bucket's region. Source: CloudFront Developer
   * Guide, "Configure standard logging (v2)".
   */
  readonly provider: TerraformProvider | undefined;
}

/** Requests to a CloudFront distribution, a line of JSON each, in a bucket of their own. */
export class EdgeAccessLog extends Construct {
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: EdgeAccessLogProps) {
    super(scope, id);
    const { name, distributionArn, provider, ...own } = props;
    const sourceName = `${name}-access`;
    const bucket = new AccessLogBucket(this, "bucket", {
      ...own,
      bucketPrefix: bucketPrefix(name, "logs"),
      writer: "log-delivery",
      deliverySource: sourceName,
    });
    const source = new CloudwatchLogDeliverySource(this, "source", {
      provider,
      name: sourceName,
      logType: "ACCESS_LOGS",
      resourceArn: distributionArn,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, "destination", {
      provider,
      name: `${name}-access`,
      outputFormat: "json",
      deliveryDestinationConfiguration: [{ destinationResourceArn: bucket.bucketArn }],
      dependsOn: bucket.ready,
    });
    // without a path of its own: AWS puts AWSLogs/<account>/CloudFront/ before it, which providers 5 report as their fault
    new CloudwatchLogDelivery(this, "delivery", {
      provider,
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
    });
    this.bucketName = bucket.bucketName;
  }
}
