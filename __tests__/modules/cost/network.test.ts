import { describe, expect, it } from "vitest";
import { notPriced, paid, ref } from "./cost.fixture";

describe("NAT gateways and addresses", () => {
  it("cost their hours", () => {
    expect(paid({ aws_nat_gateway: { n: {} } })).toEqual({ "NAT gateway": [100, "hour", 4.5] });
    expect(paid({ aws_eip: { e: { domain: "vpc" } } })).toEqual({ "public IPv4": [100, "hour", 0.5] });
    expect(paid({ aws_eip: { e: { public_ipv4_pool: "ipv4pool-ec2-1" } } })).toEqual({});
  });
  it("of a region are counted for one zone, which is said", () => {
    const lines = notPriced({ aws_nat_gateway: { n: { availability_mode: "regional" } } }, { usage: { natGb: 0 } });
    expect(lines).toEqual([expect.stringContaining("counted for one zone")]);
    expect(notPriced({ aws_nat_gateway: { n: {} } }, { usage: { natGb: 0 } })).toEqual([]);
  });
});

describe("endpoints", () => {
  const endpoint = (own: object) => ({ aws_vpc_endpoint: { e: own } });
  it("cost by the zone when they are interfaces, and nothing when they are gateways", () => {
    const item = "interface endpoint, per zone";
    expect(paid(endpoint({ vpc_endpoint_type: "Interface", subnet_ids: ["a", ref("aws_subnet.b.id")] }))).toEqual({
      [item]: [200, "hour", 2],
    });
    expect(paid({ aws_vpc_endpoint_subnet_association: { a: {} } })).toEqual({ [item]: [100, "hour", 1] });
    expect(paid(endpoint({ vpc_endpoint_type: "Gateway" }))).toEqual({});
    expect(paid(endpoint({}))).toEqual({});
  });
  it.each([
    [{ vpc_endpoint_type: "Interface" }, "its subnets are not given"],
    [{ vpc_endpoint_type: "Interface", subnet_ids: ref("var.subnets") }, "subnet_ids is not known at synth"],
    [{ vpc_endpoint_type: "GatewayLoadBalancer" }, "an endpoint of type GatewayLoadBalancer has no price here"],
    [{ vpc_endpoint_type: ref("var.type") }, "vpc_endpoint_type is not known at synth"],
  ])("of %j are listed: %s", (own, reason) => {
    expect(notPriced(endpoint(own), { usage: { endpointGb: 0 } })).toEqual([`aws_vpc_endpoint.e: ${reason}`]);
  });
});

describe("load balancers", () => {
  it("cost their hours, capacity units and addresses", () => {
    expect(paid({ aws_lb: { l: { subnets: ["a", "b"] } } }, { usage: { lcu: 2 } })).toEqual({
      "application load balancer": [100, "hour", 2.25],
      "application load balancer, capacity units": [200, "hour", 1.6],
      "public IPv4": [200, "hour", 1],
    });
    expect(
      paid(
        { aws_alb: { l: { internal: true, load_balancer_type: "network", subnets: ["a"] } } },
        { usage: { lcu: 2 } },
      ),
    ).toEqual({
      "network load balancer": [100, "hour", 2.25],
      "network load balancer, capacity units": [200, "hour", 1.2],
    });
  });
  it("have no address of their own where an elastic IP is mapped", () => {
    const subnet_mapping = [{ subnet_id: "a", allocation_id: "eipalloc-1" }, { subnet_id: "b" }];
    const lines = paid({ aws_lb: { l: { load_balancer_type: "network", subnet_mapping } } }, { usage: { lcu: 0 } });
    expect(lines).toEqual({ "network load balancer": [100, "hour", 2.25], "public IPv4": [100, "hour", 0.5] });
  });
  it("list what is not known", () => {
    const balancer = { internal: true };
    expect(notPriced({ aws_lb: { l: balancer } })).toEqual([
      "aws_lb.l: load-balancer capacity units: by use; usage.lcu is not given",
    ]);
    expect(notPriced({ aws_lb: { l: { ...balancer, load_balancer_type: "gateway" } } })).toEqual([
      "aws_lb.l: a load balancer of type gateway has no price here",
    ]);
    expect(notPriced({ aws_lb: { l: { subnets: ref("var.subnets") } } }, { usage: { lcu: 0 } })).toEqual([
      "aws_lb.l: subnets is not known at synth",
    ]);
  });
});
