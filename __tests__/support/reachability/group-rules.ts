import { inWords, portsOf } from "./ports";
import { nameOf, type Whole } from "./whole";

/** Rules of a security group each way. Source: Amazon VPC quotas, "Inbound or outbound rules per security group". */
const MOST = 60;

/** What EC2 would refuse of the rules of security groups: those made twice, and groups with too many. */
export function ruleFaults(whole: Whole): string[] {
  const rules = (["ingress", "egress"] as const).flatMap((direction) =>
    whole.all(`aws_vpc_security_group_${direction}_rule`).map(({ path, body }) => {
      const group = `${direction} of ${nameOf(body.security_group_id)}`;
      const other = nameOf(body.referenced_security_group_id ?? body.cidr_ipv4 ?? body.prefix_list_id);
      return { path, group, text: `${group}: ${inWords([portsOf(body)])} and ${other}` };
    }),
  );
  const texts = grouped(rules, ({ text }) => text).filter(([, same]) => same.length > 1);
  const groups = grouped(rules, ({ group }) => group).filter(([, same]) => same.length > MOST);
  return [
    ...texts.map(([text, same]) => `${text} made by ${same.map(({ path }) => path).join(" and ")}`),
    ...groups.map(([group, same]) => `${group} has ${same.length} rules`),
  ];
}

function grouped<T>(items: readonly T[], key: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
}
