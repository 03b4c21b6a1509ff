import { type Bill, lookUp, type Rules } from "./bill";
import { type Block, isTemplate } from "./stack-json";
import { billInstanceVolumes, billTemplateVolumes, billVolume } from "./volumes";

/** Metrics of an instance with detailed monitoring. Source: Amazon CloudWatch pricing, example 1. */
const DETAILED_METRICS = 7;
/** EKS's defaults for a node group. Source: Amazon EKS API, CreateNodegroup. */
const EKS_INSTANCE_TYPE = "t3.medium";
const EKS_DISK_GB = 20;

/** EC2 instances, single and in groups, with their volumes, priced as Linux. */
export const machineRules: Rules = {
  aws_instance: (instance, bill) => billInstance(instance, bill, bill.context.usage.spotShare),
  aws_spot_instance_request: (request, bill) => billInstance(request, bill, 1),
  aws_ebs_volume: (volume, bill) => billVolume(bill, volume, "EBS", 1, { type: "type", size: "size" }, "gp2"),
  aws_autoscaling_group: billAutoscalingGroup,
  aws_eks_node_group: billNodeGroup,
  aws_ec2_fleet: billFleet,
};

/** Identical instances. */
interface Machines {
  type: string | undefined;
  count: number;
  /** Share on spot capacity, 0 to 1. */
  spotShare: number;
  /** Running hours per month; all when absent. */
  hours?: number;
}

function billMachines(bill: Bill, { type, count, spotShare, hours }: Machines): void {
  if (type === undefined) return;
  const price = lookUp(bill.prices.instances, type);
  if (spotShare < 1) bill.hourly(`EC2 ${type}`, count * (1 - spotShare), price, hours);
  if (spotShare === 0) return;
  const { factor, families } = bill.context.spot;
  const paid = bill.context.usage.spotFactor ?? lookUp(families, type.split(".")[0] ?? "") ?? factor;
  bill.hourly(`EC2 ${type} spot, at ${paid} of on demand`, count * spotShare, price && price * paid, hours);
}

function billMonitoring(bill: Bill, enabled: boolean | undefined, count: number): void {
  if (!enabled || count === 0) return;
  bill.add("detailed monitoring", DETAILED_METRICS * count, "metric-month", bill.prices.cloudwatch.metric);
}

/** Adds a public address per instance, if `given` or the subnet assigns one. */
function billAddresses(bill: Bill, given: boolean | undefined, subnets: (Block | undefined)[], count: number): void {
  const add = () => bill.hourly("public IPv4", count, bill.prices.publicIpv4Hour);
  if (count === 0 || given === false) return;
  if (given) {
    add();
    return;
  }
  const flags = new Set(subnets.map((subnet) => subnet?.flag("map_public_ip_on_launch")));
  if (flags.size === 1 && flags.has(true)) add();
  else if (flags.size !== 1 || !flags.has(false)) {
    bill.note("public IPv4 addresses depend on subnets of which this stack does not tell");
  }
}

const templateOf = (choice: Block | undefined): Block | undefined =>
  choice?.linked("aws_launch_template", "id", "launch_template_id", "name", "launch_template_name");

const isSpot = (owner: Block | undefined): boolean =>
  owner?.block("instance_market_options")?.text("market_type") === "spot";

function billInstance(instance: Block, bill: Bill, spotShare: number): void {
  const template = templateOf(instance.block("launch_template"));
  const own = (key: string) => (instance.has(key) || !template ? instance : template);
  billMachines(bill, {
    type: own("instance_type").text("instance_type"),
    count: 1,
    spotShare: isSpot(own("instance_market_options")) ? 1 : spotShare,
    hours: bill.context.usage.instanceHours,
  });
  const tenancy = instance.text("tenancy", "default");
  if (tenancy !== "default") bill.note("its hardware is not shared, for which there is no price here");
  const monitored = instance.has("monitoring") ? instance : template?.block("monitoring");
  billMonitoring(bill, monitored?.flag(monitored === instance ? "monitoring" : "enabled"), 1);
  billInstanceVolumes(bill, instance, template);

  // an elastic IP replaces the subnet's address and is an item of its own
  const elastic =
    instance.isReferredBy("aws_eip", "instance", "aws_instance") ||
    instance.isReferredBy("aws_eip_association", "instance_id", "aws_instance");
  if (elastic || instance.has("network_interface") || instance.has("primary_network_interface")) return;
  const key = "associate_public_ip_address";
  const given = instance.has(key) ? (instance.flag(key) ?? false) : addressInTemplate(template);
  billAddresses(bill, given, instance.referredBy("aws_subnet", "subnet_id"), 1);
}

function addressInTemplate(template: Block | undefined): boolean | undefined {
  const card = template?.block("network_interfaces");
  return card?.has("associate_public_ip_address") ? card.flag("associate_public_ip_address") : undefined;
}

/** Adds the instances of a group as its launch template defines them. */
function billGroup(bill: Bill, machines: Machines, template: Block | undefined, subnets: (Block | undefined)[]): void {
  billMachines(bill, machines);
  billMonitoring(bill, template?.block("monitoring")?.flag("enabled"), machines.count);
  billAddresses(bill, addressInTemplate(template), subnets, machines.count);
}

function billAutoscalingGroup(group: Block, bill: Bill): void {
  const count = bill.sizeOf(group, "name", "name_prefix") ?? group.number("min_size");
  if (count === undefined) return;
  const policy = group.block("mixed_instances_policy");
  const mixed = policy?.block("launch_template");
  const template = templateOf(mixed?.block("launch_template_specification") ?? group.block("launch_template"));
  const overrides = mixed?.blocks("override") ?? [];
  if (overrides.some((override) => override.has("weighted_capacity") || override.has("instance_requirements"))) {
    bill.note("which instances it takes depends on weights or requirements");
    return;
  }
  const type = (overrides.find((override) => override.has("instance_type")) ?? template)?.text("instance_type");
  if (!template && overrides.length === 0) bill.note("its instances are not known without a launch template");

  const split = policy?.block("instances_distribution");
  const base = Math.min(split?.number("on_demand_base_capacity", 0) ?? 0, count);
  const above = split?.number("on_demand_percentage_above_base_capacity", 100) ?? 100;
  const onSpot = policy ? (count - base) * (1 - Math.min(above, 100) / 100) : isSpot(template) ? count : 0;
  const spotShare = count === 0 ? Number(onSpot > 0) : onSpot / count;
  billGroup(bill, { type, count, spotShare }, template, group.referredBy("aws_subnet", "vpc_zone_identifier"));
  billTemplateVolumes(bill, template, count);
}

function billNodeGroup(group: Block, bill: Bill): void {
  const given = bill.sizeOf(group, "node_group_name", "node_group_name_prefix");
  const count = given ?? group.required("scaling_config")?.number("min_size");
  if (count === undefined) return;
  const choice = group.block("launch_template");
  const template = templateOf(choice);
  const types = group.list("instance_types") ?? [];
  const first =
    types[0] ?? template?.text("instance_type", EKS_INSTANCE_TYPE) ?? (choice ? undefined : EKS_INSTANCE_TYPE);
  const type = typeof first === "string" && !isTemplate(first) ? first : undefined;
  if (type === undefined) bill.note("its instance type is not known at synth");
  const spotShare = group.text("capacity_type", "ON_DEMAND") === "SPOT" ? 1 : 0;
  billGroup(bill, { type, count, spotShare }, template, group.referredBy("aws_subnet", "subnet_ids"));
  if (choice) {
    if (template) billTemplateVolumes(bill, template, count);
    return;
  }
  const size = group.number("disk_size", EKS_DISK_GB);
  if (size !== undefined && count > 0) {
    bill.add("EBS gp3, as EKS makes it", size * count, "GB-month", bill.prices.ebs.gp3Gb);
  }
}

function billFleet(fleet: Block, bill: Bill): void {
  const target = fleet.required("target_capacity_specification");
  const count = bill.sizeOf(fleet) ?? target?.number("total_target_capacity");
  if (target === undefined || count === undefined) return;
  const config = fleet.required("launch_template_config");
  const template = templateOf(config?.block("launch_template_specification"));
  const override = config?.block("override");
  if (override?.has("weighted_capacity") || override?.has("instance_requirements")) {
    bill.note("which instances it takes depends on weights or requirements");
    return;
  }
  const type = (override?.has("instance_type") ? override : template)?.text("instance_type");
  const isSpotByDefault = target.text("default_target_capacity_type") === "spot";
  const total = target.number("total_target_capacity") || 1;
  const onDemand = target.number("on_demand_target_capacity", isSpotByDefault ? 0 : total) ?? 0;
  const spotShare = Math.max(0, 1 - onDemand / total);
  billGroup(bill, { type, count, spotShare }, template, override?.referredBy("aws_subnet", "subnet_id") ?? []);
  billTemplateVolumes(bill, template, count);
}
