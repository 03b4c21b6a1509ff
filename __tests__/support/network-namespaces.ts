import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { type Ended, run } from "./process";

/** Debian packages and the programs in them that are used here. */
const NEEDED = { iproute2: "ip", nftables: "nft", curl: "curl" };

/** Says every request's source address. */
const SERVER = `
const server = require("node:http").createServer(({ socket }, response) => response.end(socket.remoteAddress));
server.listen(Number(process.argv[1]), "0.0.0.0", () => console.log("listening"));
`;

const NOWHERE = "unreachable";

/**
 * What hinders tests with networks of their own, as a sentence; nothing when nothing does. Installs what is missing
 * where it can (as root, on Debian).
 */
export function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "it needs root, for network namespaces";
  const missing = () => Object.entries(NEEDED).filter(([, program]) => !works("which", program));
  if (missing().length > 0) {
    const packages = missing().map(([name]) => name);
    const install = ["-q", "install", "-y", "--no-install-recommends", ...packages];
    if (!works("apt-get", ...install)) works("sh", "-c", `apt-get -q update && apt-get ${install.join(" ")}`);
  }
  const [lacking] = missing();
  if (lacking) return `${lacking[1]} is not there, and apt-get did not install ${lacking[0]}`;
  if (!works("unshare", "--net", "nft", "list", "ruleset"))
    return "the kernel has no network namespaces or no nftables";
  return undefined;
}

const works = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }).status ===
  0;

/** One end of a cable: the namespace that it is in, its name there and its address with the prefix's length. */
export interface End {
  in: string;
  name: string;
  address: string;
}

/** Networks of this process's own, by short names; cables between them, and servers in them. */
export class NetworkNamespaces {
  readonly #names: string[] = [];
  readonly #servers: ChildProcess[] = [];
  #cables = 0;

  /** Command that runs what follows it in a namespace. */
  enter = (name: string): string[] => ["ip", "netns", "exec", this.#real(name)];

  async add(...names: string[]): Promise<void> {
    for (const name of names) {
      await must("ip", "netns", "add", this.#real(name));
      this.#names.push(name);
      await this.must(name, "ip", "link", "set", "lo", "up");
    }
  }

  async connect(...ends: [End, End]): Promise<void> {
    this.#cables += 1;
    const plugs = ends.map((_, index) => `v${process.pid}-${this.#cables}${"ab"[index]}`) as [string, string];
    await must("ip", "link", "add", plugs[0], "type", "veth", "peer", "name", plugs[1]);
    for (const [index, { in: name, name: link, address }] of ends.entries()) {
      await must("ip", "link", "set", plugs[index] as string, "netns", this.#real(name), "name", link);
      await this.must(name, "ip", "address", "add", address, "dev", link);
      await this.must(name, "ip", "link", "set", link, "up");
    }
  }

  exec(name: string, ...command: string[]): Promise<Ended> {
    const [program = "", ...args] = [...this.enter(name), ...command];
    return run(program, args, { timeoutMs: 60_000 });
  }

  /** As `exec`, but a command that fails is an error; gives what it said. */
  async must(name: string, ...command: string[]): Promise<string> {
    return must(...this.enter(name), ...command);
  }

  /** Starts a server in a namespace that answers with the address that it sees a request come from. */
  async serve(name: string, port: number): Promise<void> {
    const [program = "", ...args] = [...this.enter(name), process.execPath, "-e", SERVER, String(port)];
    const server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#servers.push(server);
    process.once("exit", () => server.kill());
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: server.stdout }).once("line", () => resolve());
      server.once("exit", (code) => reject(new Error(`the server ended with status ${code}`)));
    });
  }

  /** Address that a server says it sees a request from a namespace come from. */
  async seenBy(address: string, from: string, ...options: string[]): Promise<string> {
    const { status, stdout } = await this.exec(from, "curl", "-s", "-m", "2", ...options, `http://${address}/`);
    return status === 0 ? stdout : NOWHERE;
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) {
      if (server.exitCode !== null || server.signalCode !== null) continue;
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.removeAllListeners("exit").once("exit", () => undefined);
      server.kill();
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
    for (const name of this.#names) await run("ip", ["netns", "del", this.#real(name)]);
  }

  #real = (name: string): string => `${name}-${process.pid}`;
}

async function must(...command: string[]): Promise<string> {
  const [program = "", ...args] = command;
  const { status, stdout, stderr } = await run(program, args);
  if (status !== 0) throw new Error(`${command.join(" ")} failed: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}
