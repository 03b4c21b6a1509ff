import type { Bill, Rules } from "./bill";
import type { Block } from "./stack-json";

/** Hourly cost of a VPC's gateways, endpoints and load balancers; traffic is priced by usage. */
export const networkRules: Rules = {
  aws_nat_gateway: (gateway, bill) => {
    bill.hourly("NAT gateway", 1, bill.prices.nat.hour);
    if (gateway.text("availability_mode", "zonal") === "regional") {
      bill.note("a regional NAT gateway is paid in each zone that it serves, with its addresses: counted for one zone");
    }
  },
  aws_eip: (address, bill) => {
    // bring-your-own addresses are free
    if (address.text("public_ipv4_pool", "amazon") === "amazon") {
      bill.hourly("public IPv4", 1, bill.prices.publicIpv4Hour);
    }
  },
  aws_vpc_endpoint: (endpoint, bill) => {
    const type = endpoint.text("vpc_endpoint_type", "Gateway");
    if (type === undefined || type === "Gateway") return;
    if (type !== "Interface") {
      bill.note(`an endpoint of type ${type} has no price here`);
      return;
    }
    const zones = endpoint.size("subnet_ids", "aws_subnet");
    if (zones) bill.hourly("interface endpoint, per zone", zones, bill.prices.endpoint.hour);
    else if (zones === 0) bill.note("its subnets are not given");
  },
  aws_vpc_endpoint_subnet_association: (_, bill) =>
    bill.hourly("interface endpoint, per zone", 1, bill.prices.endpoint.hour),
  aws_lb: billLoadBalancer,
  aws_alb: billLoadBalancer,
};

function billLoadBalancer(balancer: Block, bill: Bill): void {
  const { lb, publicIpv4Hour } = bill.prices;
  const kinds = {
    application: ["application load balancer", lb.albHour, lb.albLcuHour],
    network: ["network load balancer", lb.nlbHour, lb.nlbLcuHour],
  } as const;
  const type = balancer.text("load_balancer_type", "application");
  if (type === undefined) return;
  const kind = Object.hasOwn(kinds, type) ? kinds[type as keyof typeof kinds] : undefined;
  if (!kind) {
    bill.note(`a load balancer of type ${type} has no price here`);
    return;
  }
  const [item, hour, lcuHour] = kind;
  bill.hourly(item, 1, hour);
  const lcu = bill.use("lcu", "load-balancer capacity units");
  if (lcu) bill.hourly(`${item}, capacity units`, lcu, lcuHour);

  if (balancer.flag("internal") !== false) return;
  // one address per zone; elastic IPs are items of their own
  const mapped = balancer.blocks("subnet_mapping");
  const zones = mapped.length > 0 ? mapped.filter((zone) => !zone.has("allocation_id")).length : undefined;
  const count = zones ?? balancer.list("subnets")?.length;
  if (count) bill.hourly("public IPv4", count, publicIpv4Hour);
}
