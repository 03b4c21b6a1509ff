import { describe, expect, it } from "vitest";
import type { Value } from "../../src/msgpack-cty";
import { text } from "./simulated.fixture";

describe("ids", () => {
  it.each([
    ["aws_vpc", "vpc"],
    ["aws_subnet", "subnet"],
    ["aws_security_group", "sg"],
    ["aws_default_security_group", "sg"],
    ["aws_route_table", "rtb"],
    ["aws_internet_gateway", "igw"],
    ["aws_nat_gateway", "nat"],
    ["aws_network_interface", "eni"],
    ["aws_instance", "i"],
    ["aws_ami", "ami"],
    ["aws_ebs_volume", "vol"],
    ["aws_launch_template", "lt"],
    ["aws_eip", "eipalloc"],
    ["aws_vpc_peering_connection", "pcx"],
    ["aws_vpc_endpoint", "vpce"],
    ["aws_efs_file_system", "fs"],
    ["aws_efs_access_point", "fsap"],
    ["aws_vpc_security_group_ingress_rule", "sgr"],
    ["aws_flow_log", "fl"],
  ])("of %s start with %s-", (type, prefix) =>
    expect(text(type, "id")).toMatch(new RegExp(`^${prefix}-[0-9a-f]{17}$`)),
  );
  it.each<[string, Record<string, Value>, string]>([
    ["aws_s3_bucket", { bucket: "data" }, "data"],
    ["aws_iam_role", { name: "reader" }, "reader"],
    ["aws_eks_cluster", { name: "prod" }, "prod"],
    ["aws_eks_addon", { cluster_name: "prod", addon_name: "coredns" }, "prod:coredns"],
    [
      "aws_sns_topic",
      { arn: "arn:aws:sns:eu-west-1:111122223333:alerts" },
      "arn:aws:sns:eu-west-1:111122223333:alerts",
    ],
    ["aws_kms_key", { key_id: "1234" }, "1234"],
    ["kubernetes_namespace", { metadata: [{ name: "jobs", namespace: null }] }, "jobs"],
    ["kubernetes_secret_v1", { metadata: [{ name: "token", namespace: "jobs" }] }, "jobs/token"],
    ["helm_release", { name: "nginx" }, "nginx"],
  ])("of %s with %j", (type, values, id) => expect(text(type, "id", values)).toBe(id));
  it.each([
    ["vpc_id", /^vpc-[0-9a-f]{17}$/],
    ["default_route_table_id", /^rtb-[0-9a-f]{17}$/],
    ["cluster_security_group_id", /^sg-[0-9a-f]{17}$/],
    ["primary_network_interface_id", /^eni-[0-9a-f]{17}$/],
    ["allocation_id", /^eipalloc-[0-9a-f]{17}$/],
    ["owner_id", /^111122223333$/],
    ["hosted_zone_id", /^Z[A-Z0-9]{20}$/],
    ["something_id", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/],
  ])("in an attribute %s", (name, form) => expect(text("aws_anything", name)).toMatch(form));
  it.each([
    ["aws_iam_role", /^AROA[A-Z2-7]{17}$/],
    ["aws_iam_user", /^AIDA[A-Z2-7]{17}$/],
  ])("of IAM's own in %s.unique_id", (type, form) => expect(text(type, "unique_id")).toMatch(form));
});
