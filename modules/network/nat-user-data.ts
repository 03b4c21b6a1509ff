import { asset, putFile, userData } from "../aws/ec2/user-data";

/** Whom a NAT serves. */
export interface NatRules {
  /** Literal blocks that are let out and masqueraded; no two of them overlap. */
  sources: string[];
  /** TCP ports that they may reach; everything, by any protocol, when absent. */
  ports?: number[] | undefined;
}

/** What a shell script begins with that sets up a host: `put` writes a file, as {@link natSetUp} does, `swap` makes swap. */
export const hostFunctions = (): string => asset("nat", "functions.sh");

/**
 * Lines of a shell script that make an Amazon Linux 2023 a NAT, now and at every boot. They can run again. Nothing in them
 * looks like a reference to Terraform.
 */
export function natSetUp({ sources, ports }: NatRules): string[] {
  const rules = asset("nat", "nat.nft")
    .replaceAll("SOURCES", list(sources))
    .replace(" PORTS", ports ? ` tcp dport { ${list(ports)} }` : "");
  return [
    putFile("/etc/nat.nft", "644", rules),
    putFile("/usr/local/sbin/nat", "755", asset("nat", "nat.sh")),
    putFile("/etc/systemd/system/nat.service", "644", asset("nat", "nat.service")),
    asset("nat", "start.sh"),
  ];
}

/** Script of a NAT instance's first boot; it can run again. */
export const natUserData = (rules: NatRules): string =>
  userData(
    "nat",
    `${["#!/bin/bash", hostFunctions(), "", "swap", ...natSetUp(rules)].join("\n")}\n`,
    "sources",
    "must be fewer",
  );

const list = (items: readonly (string | number)[]) => items.join(", ");
