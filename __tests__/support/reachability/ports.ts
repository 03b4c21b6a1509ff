/** Ports of one protocol; `all` is every protocol and port. */
export interface Ports {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

const EVERY = { from: 0, to: 65_535 };
export const ALL: Ports = { protocol: "all", ...EVERY };

/** Ports of a rule of a security group. */
export const portsOf = (rule: { ip_protocol: string; from_port?: number; to_port?: number }): Ports =>
  rule.ip_protocol === "-1"
    ? ALL
    : { protocol: rule.ip_protocol, from: rule.from_port ?? EVERY.from, to: rule.to_port ?? EVERY.to };

/** What two lists of ports have in common. */
export const common = (some: readonly Ports[], others: readonly Ports[]): Ports[] =>
  some.flatMap((a) => others.flatMap((b) => shared(a, b)));

function shared(a: Ports, b: Ports): Ports[] {
  if (a.protocol === "all") return [b];
  if (b.protocol === "all") return [a];
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  return a.protocol === b.protocol && from <= to ? [{ protocol: a.protocol, from, to }] : [];
}

/** Ports in words, the same for the same ports: `tcp 443, 9443-9444`, `all`, or `nothing`. */
export function inWords(ports: readonly Ports[]): string {
  if (ports.some(({ protocol }) => protocol === "all")) return "all";
  const protocols = [...new Set(ports.map(({ protocol }) => protocol))].sort();
  const words = protocols.map((protocol) => {
    const ranges = joined(ports.filter((port) => port.protocol === protocol));
    return `${protocol} ${ranges.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(", ")}`;
  });
  return words.join("; ") || "nothing";
}

/** Ranges in order, those that touch made one. */
function joined(ports: readonly Ports[]): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const { from, to } of [...ports].sort((a, b) => a.from - b.from)) {
    const last = ranges.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else ranges.push({ from, to });
  }
  return ranges;
}

/** The same words for single TCP ports. */
export const tcp = (...ports: number[]): string =>
  inWords(ports.map((port) => ({ protocol: "tcp", from: port, to: port })));
