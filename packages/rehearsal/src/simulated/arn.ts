import data from "../../data/aws-arns.json";

/**
 * ARNs by resource type, without `arn:<partition>:`. `{region}` and `{account}` are the provider's, `{hex}`, `{uuid}` and
 * `{six}` are generated, any other `{name}` is an attribute of the resource; `{name|form}` takes a part of it.
 */
const FORMATS: Readonly<Record<string, string>> = data.formats;

/** Service in an ARN by the first words of the resource type, where the two differ. */
const SERVICES: Readonly<Record<string, string>> = data.services;

/** Format of a type's ARN; `service:region:account:noun/id` for a type that is not listed. */
export function arnFormat(type: string): string {
  if (Object.hasOwn(FORMATS, type)) return FORMATS[type] as string;
  const name = type.replace(/^aws_(default_)?/, "");
  const words = name.split("_");
  const [start, service] = [2, 1]
    .map((count) => words.slice(0, count).join("_"))
    .map((start) => [start, SERVICES[start]] as const)
    .find(([, known]) => known) ?? [words[0] as string, words[0] as string];
  const noun = service === "ec2" ? name : name.slice(start.length + 1) || name;
  return `${service}:{region}:{account}:${noun.replace(/_/g, "-")}/{id}`;
}

/** Resource type whose ARN an attribute such as `role_arn` or `load_balancer_arns` holds, guessed from its name. */
export function typeInArn(attribute: string): string {
  const noun = attribute.replace(/_?arns?$/, "");
  return NOUNS.find(([pattern]) => pattern.test(noun))?.[1] ?? `aws_${noun}`;
}

const NOUNS: [RegExp, string][] = [
  [/role$/, "aws_iam_role"],
  [/kms|key$/, "aws_kms_key"],
  [/load_balancer$|^lb$/, "aws_lb"],
  [/target_group$/, "aws_lb_target_group"],
  [/alarm$/, "aws_cloudwatch_metric_alarm"],
  [/file_system$/, "aws_efs_file_system"],
  [/secret$/, "aws_secretsmanager_secret"],
  [/topic$/, "aws_sns_topic"],
  [/queue$/, "aws_sqs_queue"],
  [/bucket$/, "aws_s3_bucket"],
  [/policy$|policies$/, "aws_iam_policy"],
  [/(lambda_)?function$/, "aws_lambda_function"],
  [/certificate$/, "aws_acm_certificate"],
  [/log_group$/, "aws_cloudwatch_log_group"],
  [/instance_profile$/, "aws_iam_instance_profile"],
];
