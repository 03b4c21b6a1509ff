import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { run } from "./process";

const CACHE = resolve("node_modules", ".cache", "ml-infra");
const ERLANG = "usr/lib/erlang";

/** Where RabbitMQ and its Erlang lie. */
export interface RabbitMqPackage {
  erlang: string;
  /** Folder of rabbitmq-server. */
  programs: string;
}

/** Why it cannot be had; empty when it can. */
export const rabbitMqMissing = (): string =>
  existsSync("/usr/bin/apt-get") ? "" : "it needs RabbitMQ, which is unpacked from Debian's package";

/** RabbitMQ as Debian has it, downloaded and unpacked into a cache; nothing is installed, and no service started. */
export async function unpackRabbitMq(): Promise<RabbitMqPackage> {
  const folder = join(CACHE, "rabbitmq-server");
  if (!existsSync(folder)) await unpackInto(folder);
  const versions = join(folder, "usr", "lib", "rabbitmq", "lib");
  return { erlang: join(folder, ERLANG), programs: join(versions, readdirSync(versions)[0] ?? "", "sbin") };
}

async function unpackInto(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    await download(scratch).catch(async () => {
      await succeed("apt-get", ["update"]); // a fresh machine has no lists, and old ones name what is gone
      await download(scratch);
    });
    const root = join(scratch, "root");
    for (const file of readdirSync(scratch)) {
      if (file.endsWith(".deb")) await succeed("dpkg", ["-x", join(scratch, file), root]);
    }
    // the program that starts Erlang knows only the place where it would be installed
    const start = join(root, ERLANG, "bin", "erl");
    writeFileSync(
      start,
      readFileSync(start, "utf8").replaceAll(`ROOTDIR=/${ERLANG}`, `ROOTDIR=${join(folder, ERLANG)}`),
    );
    if (!existsSync(folder)) renameSync(root, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Downloads RabbitMQ and all of Erlang that it needs, whatever of them is installed here. */
async function download(folder: string): Promise<void> {
  const pretend = ["install", "-s", "--no-install-recommends", "-o", "Dir::State::status=/dev/null", "rabbitmq-server"];
  const all = [...(await succeed("apt-get", pretend)).matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? "");
  const needed = all.filter((name) => /^(rabbitmq-server$|erlang-)/.test(name));
  await succeed("apt-get", ["download", ...needed], folder);
}

async function succeed(program: string, args: string[], cwd?: string): Promise<string> {
  const { status, stdout, stderr } = await run(program, args, { cwd }).catch((error: Error) => {
    throw new Error(
      `RabbitMQ is unpacked from Debian's package, for which ${program} cannot be started: ${error.message}`,
    );
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${stderr.trim()}`);
  return stdout;
}
