import { asset, putFile, userData } from "../aws/ec2/user-data";

/** Traffic that a NAT forwards. */
export interface NatRules {
  /** Literal source blocks to forward and masquerade, without overlaps. */
  sources: string[];
  /** Allowed TCP destination ports; all protocols and ports when absent. */
  ports?: number[] | undefined;
}

/** Shell functions of a set-up script: `put` writes a file and is needed by {@link natSetUp}, `swap` adds a swap file. */
export const hostFunctions = (): string => asset("nat", "functions.sh");

/**
 * Shell script lines that make an Amazon Linux 2023 host a NAT, now and at every boot. They are idempotent and contain no
 * Terraform references.
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

/** User data of a NAT instance; idempotent. */
export const natUserData = (rules: NatRules): string =>
  userData(
    "nat: sources",
    `${["#!/bin/bash", hostFunctions(), "", "swap", ...natSetUp(rules)].join("\n")}\n`,
    "must be fewer",
  );

const list = (items: readonly (string | number)[]) => items.join(", ");
