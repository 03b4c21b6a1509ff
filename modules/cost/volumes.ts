import { type Bill, lookUp } from "./bill";
import type { Block } from "./stack-json";

/** Included performance of gp3. Source: Amazon EBS User Guide, "General Purpose SSD volumes". */
const GP3_IOPS = 3000;
const GP3_MIBPS = 125;
/** IOPS of io2 above which further ones are cheaper. Source: Amazon EBS pricing. */
const IO2_FIRST_TIER = 32_000;
/** Root device names of Amazon's images and most others. */
const ROOT_DEVICES = ["/dev/xvda", "/dev/sda1"];
const ROOT_UNKNOWN = "root volume: its size and type are the image's";

const KEYS = { type: "volume_type", size: "volume_size" };

/** Adds `count` volumes as described by `block`, with its type and size under `keys`. */
export function billVolume(bill: Bill, block: Block, what: string, count = 1, keys = KEYS, defaultType?: string): void {
  const type = block.text(keys.type, defaultType);
  const size = block.number(keys.size);
  if (type === undefined || size === undefined || count === 0) return;
  const { ebs } = bill.prices;
  const { gp2Gb: gp2, gp3Gb: gp3, io1Gb: io1, io2Gb: io2, st1Gb: st1, sc1Gb: sc1, standardGb: standard } = ebs;
  const gb = lookUp({ gp2, gp3, io1, io2, st1, sc1, standard }, type);
  bill.add(`${what} ${type}`, size * count, "GB-month", gb);

  if (type === "gp3") {
    const iops = (block.number("iops", GP3_IOPS) ?? GP3_IOPS) - GP3_IOPS;
    const throughput = (block.number("throughput", GP3_MIBPS) ?? GP3_MIBPS) - GP3_MIBPS;
    if (iops > 0) bill.add(`${what} IOPS above ${GP3_IOPS}`, iops * count, "IOPS-month", ebs.gp3Iops);
    if (throughput > 0) {
      bill.add(`${what} throughput above ${GP3_MIBPS} MiB/s`, throughput * count, "MiB/s-month", ebs.gp3Mibps);
    }
  }
  if (type === "io1" || type === "io2") {
    const iops = block.number("iops");
    if (iops === undefined) return;
    const dear = type === "io2" ? Math.min(iops, IO2_FIRST_TIER) : iops;
    bill.add(`${what} IOPS`, dear * count, "IOPS-month", ebs.ioIops);
    if (iops > dear) bill.note(`${what}: IOPS above ${IO2_FIRST_TIER} have no price here`);
  }
}

/** Adds the volumes of `count` instances of a launch template. */
export function billTemplateVolumes(bill: Bill, template: Block | undefined, count: number): void {
  const mappings = template?.blocks("block_device_mappings") ?? [];
  if (count > 0 && !mappings.some((mapping) => ROOT_DEVICES.includes(mapping.text("device_name", "") ?? ""))) {
    bill.note(ROOT_UNKNOWN);
  }
  for (const mapping of mappings) {
    const ebs = mapping.block("ebs");
    if (ebs) billVolume(bill, ebs, "EBS", count);
  }
}

/** Adds the volumes of an instance, its own or its template's. */
export function billInstanceVolumes(bill: Bill, instance: Block, template: Block | undefined): void {
  const root = instance.block("root_block_device");
  if (root) billVolume(bill, root, "EBS root");
  else if (template) billTemplateVolumes(bill, template, 1);
  else bill.note(ROOT_UNKNOWN);
  for (const device of instance.blocks("ebs_block_device")) billVolume(bill, device, "EBS");
}
