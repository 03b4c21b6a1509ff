import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import type { Construct } from "constructs";
import { z } from "zod";

/** Services that ML systems and EKS call most; any other service of AWS may be named too. */
const COMMON_SERVICES = [
  "autoscaling",
  "ec2",
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "ecs-agent",
  "ecs-telemetry",
  "eks",
  "eks-auth",
  "elasticfilesystem",
  "elasticloadbalancing",
  "events",
  "kms",
  "logs",
  "monitoring",
  "sagemaker.api",
  "sagemaker.runtime",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
  "xray",
];
const bare = (service: string) => service.replace(/[.-]/g, "");

/** A service with an interface endpoint: what follows `com.amazonaws.<region>.` in its name. */
export const serviceSchema = z.string().superRefine((service, ctx) => {
  const fail = (message: string) => ctx.addIssue({ code: "custom", message: `${message}, got ${service}` });
  const meant = COMMON_SERVICES.find((known) => bare(known) === bare(service.toLowerCase()));
  if (/^(com|aws|cn)\./.test(service)) fail("must be only what follows com.amazonaws.<region>., such as ecr.api");
  else if (service === "s3" || service === "dynamodb")
    fail(`must not be ${service}; use ${service}Endpoint, which is free`);
  else if (meant && meant !== service) fail(`must be spelt ${meant}`);
  else if (!/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(service)) fail("must be the name of a service, such as ecr.api or sts");
});

/** Full name of a service in the stack's region; the plan fails when the region does not offer it. */
export const serviceName = (scope: Construct, service: string, serviceType: "Gateway" | "Interface"): string =>
  new DataAwsVpcEndpointService(scope, `${service}-service`, { service, serviceType }).serviceName;
