import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import type { Construct } from "constructs";
import { z } from "zod";
import { refuse } from "../common/settings/faults";

/** Services that ML systems and EKS use most; others are accepted too. */
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

/** Service with an interface endpoint: the part of its name after `com.amazonaws.<region>.`. */
export const serviceSchema = z.string().superRefine((service, ctx) => {
  const fault = faultOf(service);
  if (fault) refuse(ctx, [], `${fault}, got ${service}`);
});

function faultOf(service: string): string | undefined {
  if (/^(com|aws|cn)\./.test(service)) return "must be only the part after com.amazonaws.<region>., such as ecr.api";
  if (service === "s3" || service === "dynamodb")
    return `must not be ${service}; use ${service}Endpoint, which is free`;
  const meant = COMMON_SERVICES.find((known) => bare(known) === bare(service.toLowerCase()));
  if (meant) return meant === service ? undefined : `must be spelt ${meant}`;
  return /^[a-z0-9]+([.-][a-z0-9]+)*$/.test(service)
    ? undefined
    : "must be the name of a service, such as ecr.api or sts";
}

/** A service in the stack's region, with its full name and its zones; the plan fails if the region does not offer it. */
export const endpointService = (scope: Construct, service: string, serviceType: "Gateway" | "Interface") =>
  new DataAwsVpcEndpointService(scope, `${service}-service`, { service, serviceType });
