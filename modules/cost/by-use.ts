import type { RegionPrices } from "./prices";
import type { UsageKey } from "./usage";

/** Usage that is billed for all resources of some types together. */
export interface TotalUse {
  readonly key: UsageKey;
  /** Resource types with this usage; if a stack has several, the first by name gives the item its address. */
  readonly types: readonly string[];
  /** Which resources of these types have it; all when absent. */
  readonly users?: (body: Readonly<Record<string, unknown>>) => boolean;
  readonly item: string;
  readonly unit: string;
  readonly price: (prices: RegionPrices) => number | undefined;
  /** Free amount per month. */
  readonly free?: (prices: RegionPrices) => number | undefined;
  /** Set if a stack can have this usage without any of these resources; then it is not reported as missing. */
  readonly anywhere?: true;
}

/** Usage-based items, one for all resources of a stack. */
export const TOTAL_USES: readonly TotalUse[] = [
  {
    key: "natGb",
    types: ["aws_nat_gateway"],
    item: "data through NAT gateways",
    unit: "GB",
    price: ({ nat }) => nat.gb,
  },
  {
    key: "endpointGb",
    types: ["aws_vpc_endpoint"],
    users: ({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface",
    item: "data through interface endpoints",
    unit: "GB",
    price: ({ endpoint }) => endpoint.gb,
  },
  {
    key: "egressGb",
    types: [],
    anywhere: true,
    item: "data to the internet",
    unit: "GB",
    price: ({ egress }) => egress.gb,
    free: ({ egress }) => egress.freeGb,
  },
  {
    key: "s3StandardGb",
    types: ["aws_s3_bucket"],
    item: "S3 standard",
    unit: "GB-month",
    price: ({ s3 }) => s3.standardGb,
  },
  {
    key: "s3GlacierGb",
    types: ["aws_s3_bucket"],
    item: "S3 Glacier Flexible Retrieval",
    unit: "GB-month",
    price: ({ s3 }) => s3.glacierGb,
  },
  {
    key: "snapshotGb",
    types: ["aws_dlm_lifecycle_policy", "aws_ebs_snapshot"],
    item: "snapshots",
    unit: "GB-month",
    price: ({ ebs }) => ebs.snapshotGb,
  },
  {
    key: "logsIngestGb",
    types: ["aws_cloudwatch_log_group", "aws_flow_log"],
    users: ({ log_destination_type = "cloud-watch-logs" }) => log_destination_type === "cloud-watch-logs",
    item: "logs taken in",
    unit: "GB",
    price: ({ cloudwatch }) => cloudwatch.logsIngestGb,
  },
  {
    key: "logsStoredGb",
    types: ["aws_cloudwatch_log_group"],
    item: "logs kept",
    unit: "GB-month",
    price: ({ cloudwatch }) => cloudwatch.logsStoredGb,
  },
  {
    key: "customMetrics",
    types: ["aws_cloudwatch_log_metric_filter"],
    anywhere: true,
    item: "custom metrics",
    unit: "metric-month",
    price: ({ cloudwatch }) => cloudwatch.metric,
  },
  {
    key: "cloudtrailDataEvents",
    types: ["aws_cloudtrail"],
    item: "data events of CloudTrail",
    unit: "event",
    price: ({ cloudtrailDataEvent }) => cloudtrailDataEvent,
  },
];

/** Types that are billed by usage only and have no price here, with the unit of billing. */
export const UNPRICED_USES: Readonly<Record<string, string>> = {
  aws_apigatewayv2_api: "requests",
  aws_backup_vault: "backups stored",
  aws_cloudfront_distribution: "requests and data",
  aws_cloudfront_function: "calls beyond two million a month",
  aws_cloudwatch_log_delivery: "logs delivered",
  aws_codebuild_project: "build minutes",
  aws_ec2_client_vpn_endpoint: "hours of subnets associated and of clients connected",
  aws_ecr_repository: "images stored",
  aws_eks_fargate_profile: "pods that run on Fargate",
  aws_flow_log: "flow logs delivered elsewhere than to CloudWatch",
  aws_kinesis_firehose_delivery_stream: "data delivered",
  aws_lambda_function: "requests and run time",
  aws_service_discovery_http_namespace: "requests",
  aws_service_discovery_service: "registered instances and requests",
  aws_sfn_state_machine: "state transitions",
  aws_sns_topic: "messages beyond a million a month",
  aws_sqs_queue: "requests beyond a million a month",
  aws_wafv2_web_acl: "months of the firewall and of its rules, and requests",
};
