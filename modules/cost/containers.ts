import { type Bill, lookUp, type Rules } from "./bill";
import type { Block } from "./stack-json";

/** Free disk of a Fargate task. Source: AWS Fargate pricing. */
const FREE_DISK_GB = 20;
const CPU_UNITS = 1024;
const MIB_PER_GB = 1024;

/** EKS control planes and ECS tasks on Fargate. */
export const containerRules: Rules = {
  aws_eks_cluster: billCluster,
  aws_ecs_service: billService,
};

function billCluster(cluster: Block, bill: Bill): void {
  const { hour, extendedHour, tierHour } = bill.prices.eks;
  bill.hourly("EKS cluster", 1, hour);
  const policy = cluster.block("upgrade_policy")?.text("support_type", "EXTENDED") ?? "EXTENDED";
  if (policy === "EXTENDED" && cluster.has("version")) {
    const version = cluster.text("version");
    if (version !== undefined && isUpTo(version, bill.context.eksExtendedUpTo)) {
      bill.hourly(`EKS extended support of ${version}`, 1, extendedHour);
    }
  }
  const tier = cluster.block("control_plane_scaling_config")?.text("tier", "standard") ?? "standard";
  if (tier !== "standard") bill.hourly(`EKS control plane ${tier}`, 1, lookUp(tierHour, tier));
  if (cluster.block("compute_config")?.flag("enabled")) {
    bill.note("nodes that EKS Auto Mode makes, and its fee on them: by use");
  }
}

/** Whether Kubernetes `version` is `newest` or older. */
function isUpTo(version: string, newest: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [newestMajor = 0, newestMinor = 0] = newest.split(".").map(Number);
  return major < newestMajor || (major === newestMajor && minor <= newestMinor);
}

function billService(service: Block, bill: Bill): void {
  const shares = fargateShares(service, bill);
  if (!shares) return;
  if (service.text("scheduling_strategy", "REPLICA") === "DAEMON") return;
  const count = bill.sizeOf(service, "name") ?? service.number("desired_count", 0);
  const task = service.linked("aws_ecs_task_definition", "task_definition");
  if (!task || count === undefined) return;
  const { onDemand, spot } = shares(count);
  billTasks(task, bill, "Fargate", onDemand, 1);
  if (spot > 0) billTasks(task, bill, "Fargate Spot", spot, bill.context.spot.fargateFactor);
  const network = service.block("network_configuration");
  if (count > 0 && network?.flag("assign_public_ip")) {
    bill.hourly("public IPv4", count, bill.prices.publicIpv4Hour);
  }
}

type Shares = (count: number) => { onDemand: number; spot: number };

/** Shares of Fargate and Fargate Spot; undefined for tasks on instances, which are billed themselves. */
function fargateShares(service: Block, bill: Bill): Shares | undefined {
  const strategy = service.blocks("capacity_provider_strategy").map((item) => ({
    provider: item.text("capacity_provider"),
    base: item.number("base", 0) ?? 0,
    weight: item.number("weight", 0) ?? 0,
  }));
  if (strategy.length === 0) {
    // without a launch type, the cluster's default strategy applies, or EC2
    const type = service.text("launch_type", "none");
    if (type === "none") bill.note("its launch type is that of its cluster, of which the service does not tell");
    return type === "FARGATE" ? (count) => ({ onDemand: count, spot: 0 }) : undefined;
  }
  const isSpot = ({ provider }: { provider?: string }) => provider === "FARGATE_SPOT";
  const known = strategy.filter((item) => item.provider === "FARGATE" || isSpot(item));
  if (known.length < strategy.length) return undefined;
  const weights = strategy.reduce((sum, { weight }) => sum + weight, 0);
  const ofSpot = (key: "base" | "weight") => strategy.filter(isSpot).reduce((sum, item) => sum + item[key], 0);
  const bases = strategy.reduce((sum, { base }) => sum + base, 0);
  return (count) => {
    const first = Math.min(bases, count);
    const rest = weights > 0 ? (count - first) * (ofSpot("weight") / weights) : 0;
    const spot = (bases > 0 ? (first * ofSpot("base")) / bases : 0) + rest;
    return { onDemand: count - spot, spot };
  };
}

function billTasks(task: Block, bill: Bill, what: string, count: number, factor: number): void {
  const { fargate } = bill.prices;
  const platform = task.block("runtime_platform");
  const system = platform?.text("operating_system_family", "LINUX") ?? "LINUX";
  if (system !== "LINUX") {
    bill.note("Fargate tasks on Windows have no price here");
    return;
  }
  const arm = platform?.text("cpu_architecture", "X86_64") === "ARM64";
  const cpu = task.number("cpu");
  const memory = task.number("memory");
  if (cpu === undefined || memory === undefined) return;
  const kind = arm ? `${what} ARM` : what;
  const discounted = (price: number | undefined) => price && price * factor;
  bill.add(
    `${kind} vCPU`,
    (cpu / CPU_UNITS) * count * bill.hours,
    "vCPU-hour",
    discounted(arm ? fargate.armVcpuHour : fargate.vcpuHour),
  );
  bill.add(
    `${kind} memory`,
    (memory / MIB_PER_GB) * count * bill.hours,
    "GB-hour",
    discounted(arm ? fargate.armGbHour : fargate.gbHour),
  );
  const disk = (task.block("ephemeral_storage")?.number("size_in_gib") ?? FREE_DISK_GB) - FREE_DISK_GB;
  if (disk > 0)
    bill.add(`${kind} disk above ${FREE_DISK_GB} GB`, disk * count * bill.hours, "GB-hour", fargate.storageGbHour);
}
