import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput, Token } from "cdktf";
import { expect, it } from "vitest";
import {
  LoadBalancerTarget,
  type LoadBalancerTargetProps,
} from "../../../../modules/aws/load-balancer/load-balancer-target";
import { type BadInput, rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";
import { TARGET } from "./shared.fixture";

/** A load balancer that exists already. */
const EXISTING = {
  vpcId: "vpc-0123456789abcdef0",
  listenerArn:
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/mine/0123456789abcdef/0123456789abcdef",
  securityGroupId: "sg-balancer",
};
const MINIMAL = { ...TARGET, loadBalancer: EXISTING } satisfies LoadBalancerTargetProps;
const build = (
  settings: Partial<LoadBalancerTargetProps> = {},
  id = "dask-dashboards",
  seen?: (target: LoadBalancerTarget) => void,
) =>
  synth((stack) => {
    const target = new LoadBalancerTarget(stack, id, { ...MINIMAL, ...settings });
    seen?.(target);
  });

it("are addresses in the VPC that speak HTTP on a port, and are well when they answer", () => {
  expect(build().one(LbTargetGroup)).toEqual({
    name_prefix: "daskd-",
    port: 8787,
    protocol: "HTTP",
    target_type: "ip",
    vpc_id: EXISTING.vpcId,
    deregistration_delay: "30",
    health_check: {
      path: "/",
      matcher: "200-399",
      interval: 30,
      timeout: 10,
      healthy_threshold: 2,
      unhealthy_threshold: 3,
    },
    stickiness: { enabled: false, type: "lb_cookie", cookie_duration: 86400 },
    tags: { Name: "dask-dashboards" },
    lifecycle: { create_before_destroy: true },
  });
});
it("get what a rule of the listener asks for", () => {
  const conditions = (settings: object) => build(settings).one(LbListenerRule).condition;
  expect(build().one(LbListenerRule)).toEqual({
    listener_arn: EXISTING.listenerArn,
    priority: expect.any(Number),
    action: [{ type: "forward", target_group_arn: refTo(LbTargetGroup, "arn") }],
    condition: [{ path_pattern: { values: ["/dask/*"] } }],
    tags: { Name: "dask-dashboards" },
  });
  expect(conditions({ hosts: ["dask.example.com"], paths: [] })).toEqual([
    { host_header: { values: ["dask.example.com"] } },
  ]);
  expect(conditions({ hosts: ["dask.example.com"] })).toEqual([
    { host_header: { values: ["dask.example.com"] } },
    { path_pattern: { values: ["/dask/*"] } },
  ]);
});
it("are reached on their port alone, by the load balancer alone", () => {
  const { one } = build();
  const port = { ip_protocol: "tcp", from_port: 8787, to_port: 8787 };
  expect(one(VpcSecurityGroupEgressRule)).toEqual({
    security_group_id: "sg-balancer",
    referenced_security_group_id: "sg-target",
    description: "Requests and health checks",
    ...port,
  });
  expect(one(VpcSecurityGroupIngressRule)).toEqual({
    security_group_id: "sg-target",
    referenced_security_group_id: "sg-balancer",
    description: "Load balancer",
    ...port,
  });
});
it("are reached by rules of others where told so", () => {
  const { all } = build({ access: false });
  expect([...all(VpcSecurityGroupEgressRule), ...all(VpcSecurityGroupIngressRule)]).toEqual([]);
});
it("are waited for until a service may have them", () => {
  const { one, outputs } = build({}, "web", (target) => {
    new S3Bucket(target, "waits", { dependsOn: target.ready });
    for (const key of ["targetGroupArn", "targetGroupArnSuffix"] as const) {
      new TerraformOutput(target, key, { value: target[key], staticId: true });
    }
  });
  expect(one(S3Bucket).depends_on).toEqual([expect.stringMatching(/^aws_lb_listener_rule\.web_rule_/)]);
  expect(outputs.targetGroupArn.value).toEqual(refTo(LbTargetGroup, "arn"));
  expect(outputs.targetGroupArnSuffix.value).toEqual(refTo(LbTargetGroup, "arn_suffix"));
});
it.each<[string, Partial<LoadBalancerTargetProps>, object]>([
  ["a health check", { healthCheckPath: "/health" }, { health_check: expect.objectContaining({ path: "/health" }) }],
  ["sticky sessions", { sticky: true }, { stickiness: { type: "lb_cookie", cookie_duration: 86400 } }],
  ["no delay", { deregistrationDelay: 0 }, { deregistration_delay: "0" }],
  ["an hour of delay", { deregistrationDelay: 3600 }, { deregistration_delay: "3600" }],
  ["the lowest port", { port: 1 }, { port: 1 }],
  ["the highest port", { port: 65535 }, { port: 65535 }],
])("can have %s", (_, settings, expected) => {
  expect(build(settings).one(LbTargetGroup)).toMatchObject(expected);
});
it.each([1, 50_000])("can have a priority of their own (%i)", (priority) => {
  expect(build({ priority }).one(LbListenerRule).priority).toBe(priority);
});
it.each<[string, Partial<LoadBalancerTargetProps>]>([
  ["a group that another resource gives", { targetSecurityGroupId: Token.asString({}) }],
  ["five values with five wildcards", { hosts: ["*.example.com", "a?.example.com"], paths: ["/*", "/a?", "/b*"] }],
  ["a host of 128 characters", { hosts: [`${"a".repeat(116)}.example.com`] }],
  ["a path of 128 characters", { paths: [`/${"a".repeat(127)}`] }],
])("accepts %s", (_, settings) => {
  expect(build(settings).all(LbListenerRule)).toHaveLength(1);
});
it.each(["1", "a".repeat(64), "é"])("has a target group's name that AWS takes, of any id (%s)", (id) => {
  expect(build({}, id).one(LbTargetGroup).name_prefix).toMatch(/^[A-Za-z0-9]{1,5}-$/);
});

const rows: BadInput<object>[] = [
  ["loadBalancer", { loadBalancer: "arn" }, "must be a SharedLoadBalancer", '"arn"'],
  ["hosts", { paths: [] }, "or paths is required", "got neither"],
  ["hosts", { hosts: ["a.example.com", "b.example.com"], paths: ["/a", "/b", "/c", "/d"] }, "at most 5", "got 6"],
  ["hosts", { paths: ["/***", "/???"] }, "at most 5 wildcards", "got 6"],
  ["hosts", { hosts: ["a.example.com", "a.example.com"] }, "must name each once"],
  ["hosts.0", { hosts: ["Dask.example.com"] }, "a host in lower case", '"Dask.example.com"'],
  ["hosts.0", { hosts: ["dask"] }, "a host in lower case", '"dask"'],
  ["hosts.0", { hosts: [`${"a".repeat(117)}.example.com`] }, "at most 128 characters"],
  ["paths.0", { paths: ["dask"] }, "a path such as /dask/*", '"dask"'],
  ["paths.0", { paths: [`/${"a".repeat(128)}`] }, "at most 128 characters"],
  ["port", { port: 0 }, "at least 1", "got 0"],
  ["port", { port: 65536 }, "at most 65535", "got 65536"],
  ["targetSecurityGroupId", { targetSecurityGroupId: "" }, "at least 1 characters"],
  ["healthCheckPath", { healthCheckPath: "health" }, "such as /health", '"health"'],
  ["access", { access: "no" }, "of type boolean", '"no"'],
  ["sticky", { sticky: 1 }, "of type boolean", "got 1"],
  ["deregistrationDelay", { deregistrationDelay: -1 }, "at least 0", "got -1"],
  ["deregistrationDelay", { deregistrationDelay: 3601 }, "at most 3600", "got 3601"],
  ["priority", { priority: 0 }, "at least 1", "got 0"],
  ["priority", { priority: 50_001 }, "at most 50000", "got 50001"],
];
rejects(
  "test/target",
  rows.map(([key, settings, ...words]) => [key, { ...MINIMAL, ...settings }, ...words]),
  (stack, props) => new LoadBalancerTarget(stack, "target", props as LoadBalancerTargetProps),
);
