/**
 * Endpoints that calls of an action of IAM go to, by the prefix of the action. Source: AWS PrivateLink guide, "AWS services
 * that integrate with AWS PrivateLink". S3 has its gateway endpoint; KMS is called by the service that holds what is
 * encrypted.
 */
const ENDPOINTS: Readonly<Record<string, readonly string[]>> = {
  athena: ["athena"],
  autoscaling: ["autoscaling"],
  bedrock: ["bedrock-runtime"],
  cloudwatch: ["monitoring"],
  dynamodb: ["dynamodb"],
  ec2: ["ec2"],
  ecr: ["ecr.api", "ecr.dkr"],
  ecs: ["ecs"],
  eks: ["eks"],
  elasticloadbalancing: ["elasticloadbalancing"],
  events: ["events"],
  firehose: ["kinesis-firehose"],
  glue: ["glue"],
  kinesis: ["kinesis-streams"],
  kms: ["kms"],
  lambda: ["lambda"],
  logs: ["logs"],
  s3: ["s3"],
  sagemaker: ["sagemaker.api", "sagemaker.runtime"],
  secretsmanager: ["secretsmanager"],
  sns: ["sns"],
  sqs: ["sqs"],
  ssm: ["ssm"],
  states: ["states"],
  sts: ["sts"],
};

/** Services that are called by who may do these actions, in order; of an action that is not known, none. */
export function servicesOf(actions: readonly string[]): string[] {
  const prefixes = actions.map((action) => action.split(":")[0]?.toLowerCase() ?? "");
  return [...new Set(prefixes.flatMap((prefix) => ENDPOINTS[prefix] ?? []))].sort();
}
