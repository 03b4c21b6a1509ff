import { describe, expect, it } from "vitest";
import { isFree } from "../../../modules/cost/free-types";

describe("isFree", () => {
  it.each([
    "aws_vpc",
    "aws_subnet",
    "aws_route",
    "aws_route_table_association",
    "aws_iam_role_policy_attachment",
    "aws_vpc_security_group_ingress_rule",
    "aws_launch_template",
    "aws_ecs_task_definition",
    "aws_s3_bucket_versioning",
    "aws_efs_mount_target",
    "aws_lb_listener",
    "aws_dynamodb_resource_policy",
    "aws_scheduler_schedule",
    "aws_ssm_association",
    "aws_ssm_maintenance_window_task",
    "aws_ec2_instance_connect_endpoint",
  ])("knows that %s costs nothing", (type) => expect(isFree(type)).toBe(true));

  it.each([
    "aws_instance",
    "aws_s3_bucket",
    "aws_s3_bucket_inventory",
    "aws_vpc_endpoint",
    "aws_vpc_ipam",
    "aws_route53_zone",
    "aws_route53_resolver_endpoint",
    "aws_ec2_client_vpn_endpoint",
    "aws_ec2_transit_gateway",
    "aws_lb",
    "aws_acmpca_certificate_authority",
    "aws_ssm_parameter",
    "aws_guardduty_detector",
    "aws_something_new",
    "",
  ])("takes %s for no free type", (type) => expect(isFree(type)).toBe(false));
});
