import { describe, expect, it } from "vitest";
import type { Value } from "../../src/msgpack-cty";
import { text } from "./simulated.fixture";

describe("ARNs", () => {
  it.each<[string, Record<string, Value>, RegExp]>([
    ["aws_vpc", { id: "vpc-1" }, /^arn:aws:ec2:eu-west-1:111122223333:vpc\/vpc-1$/],
    ["aws_default_security_group", { id: "sg-1" }, /^arn:aws:ec2:eu-west-1:111122223333:security-group\/sg-1$/],
    ["aws_instance", { id: "i-1" }, /^arn:aws:ec2:eu-west-1:111122223333:instance\/i-1$/],
    ["aws_iam_role", { name: "reader" }, /^arn:aws:iam::111122223333:role\/reader$/],
    ["aws_iam_role", { name: "reader", path: "/ci/" }, /^arn:aws:iam::111122223333:role\/ci\/reader$/],
    ["aws_s3_bucket", { bucket: "data" }, /^arn:aws:s3:::data$/],
    ["aws_sns_topic", { name: "alerts" }, /^arn:aws:sns:eu-west-1:111122223333:alerts$/],
    ["aws_kms_key", { key_id: "1234" }, /^arn:aws:kms:eu-west-1:111122223333:key\/1234$/],
    ["aws_cloudwatch_log_group", { name: "/a/b" }, /^arn:aws:logs:eu-west-1:111122223333:log-group:\/a\/b$/],
    ["aws_db_instance", { identifier: "db" }, /^arn:aws:rds:eu-west-1:111122223333:db:db$/],
    [
      "aws_lb",
      { name: "web" },
      /^arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer\/app\/web\/[0-9a-f]{16}$/,
    ],
    [
      "aws_lb_listener",
      {
        load_balancer_arn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0123456789abcdef",
      },
      /^arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener\/app\/web\/0123456789abcdef\/[0-9a-f]{16}$/,
    ],
    [
      "aws_ecs_service",
      { cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/main", name: "api" },
      /:service\/main\/api$/,
    ],
    [
      "aws_secretsmanager_secret",
      { name: "token" },
      /^arn:aws:secretsmanager:eu-west-1:111122223333:secret:token-[A-Z2-7]{6}$/,
    ],
    [
      "aws_iam_openid_connect_provider",
      { url: "https://oidc.example.com/id" },
      /^arn:aws:iam::111122223333:oidc-provider\/oidc.example.com\/id$/,
    ],
    ["aws_cognito_user_pool", { id: "pool" }, /^arn:aws:cognito-idp:eu-west-1:111122223333:pool\/pool$/],
    ["aws_glue_catalog_database", { id: "db" }, /^arn:aws:glue:eu-west-1:111122223333:catalog-database\/db$/],
  ])("of %s with %j", (type, values, form) => expect(text(type, "arn", values)).toMatch(form));
  it.each([
    ["role_arn", /^arn:aws:iam::111122223333:role\/iam-role-[0-9a-f]{8}$/],
    ["kms_key_arn", /^arn:aws:kms:eu-west-1:111122223333:key\/[0-9a-f-]{36}$/],
    ["target_group_arn", /^arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup\//],
    ["file_system_arn", /^arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system\/fs-[0-9a-f]{17}$/],
  ])("in an attribute %s", (name, form) => expect(text("aws_anything", name)).toMatch(form));
  it("follow the region of the resource itself", () => {
    expect(text("aws_vpc", "arn", { id: "vpc-1", region: "us-west-2" })).toBe(
      "arn:aws:ec2:us-west-2:111122223333:vpc/vpc-1",
    );
  });
});
