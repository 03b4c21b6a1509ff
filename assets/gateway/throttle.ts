import { isIPv6 } from "node:net";

export interface ThrottleOptions {
  now: () => number;
  /** Failures per client and window. */
  failures?: number;
  windowMs?: number;
  /** Maximum number of clients in memory. */
  capacity?: number;
}

/** Rate limit of failed sign-ins per client, in bounded memory. */
export class Throttle {
  readonly #options: Required<ThrottleOptions>;
  readonly #clients = new Map<string, { until: number; failures: number }>();

  constructor(options: ThrottleOptions) {
    this.#options = { failures: 10, windowMs: 60_000, capacity: 1_000, ...options };
  }

  /** Seconds until the client may try again; 0 if it may now. */
  wait(client: string): number {
    const entry = this.#clients.get(network(client));
    const left = entry ? entry.until - this.#options.now() : 0;
    return entry && left > 0 && entry.failures >= this.#options.failures ? Math.ceil(left / 1000) : 0;
  }

  failed(client: string): void {
    const key = network(client);
    const now = this.#options.now();
    const entry = this.#clients.get(key);
    if (entry && entry.until > now) entry.failures++;
    else {
      this.#clients.delete(key); // move to the end: the map is ordered by window
      this.#clients.set(key, { until: now + this.#options.windowMs, failures: 1 });
    }
    for (const [old, { until }] of this.#clients) {
      if (until > now && this.#clients.size <= this.#options.capacity) break;
      this.#clients.delete(old);
    }
  }
}

/** Key of a client: an IPv6 client can use any address of its /64. */
function network(client: string): string {
  if (!isIPv6(client) || client.startsWith("::ffff:")) return client;
  const [head = "", tail] = client.split("::");
  const groups = head.split(":").filter(Boolean);
  if (tail === undefined) return groups.slice(0, 4).join(":");
  const after = tail.split(":").filter(Boolean);
  const zeros = new Array(Math.max(0, 8 - groups.length - after.length)).fill("0");
  return [...groups, ...zeros, ...after].slice(0, 4).join(":");
}
