import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import type { Certificate } from "./certificates";
import { ChildProgram } from "./child-program";
import { freePorts } from "./free-ports";
import { run } from "./process";

const INSTALLED = "/usr/lib/postgresql";
const CACHE = resolve("node_modules", ".cache", "ml-infra");
const HOST = "127.0.0.1";
/** PostgreSQL refuses to run as root, so that it runs as nobody where the tests do. */
const NOBODY = 65_534;

/** Why it cannot be had; empty when it can. */
export const postgresMissing = (): string =>
  existsSync(INSTALLED) || existsSync("/usr/bin/apt-get") ? "" : "it needs PostgreSQL, which Debian's package has";

interface Programs {
  folder: string;
  libraries?: string;
}

/** PostgreSQL as it is installed, or unpacked from Debian's package into a cache. */
async function programs(): Promise<Programs> {
  if (existsSync(INSTALLED)) return { folder: newest(INSTALLED) };
  const root = join(CACHE, "postgresql");
  if (!existsSync(root)) await unpackInto(root);
  const [architecture = ""] = readdirSync(join(root, "usr", "lib")).filter((name) => name.endsWith("-linux-gnu"));
  return { folder: newest(join(root, INSTALLED)), libraries: join(root, "usr", "lib", architecture) };
}

function newest(folder: string): string {
  const [version = ""] = readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  return join(folder, version, "bin");
}

async function unpackInto(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    const pretend = ["install", "-s", "--no-install-recommends", "-o", "Dir::State::status=/dev/null", "postgresql"];
    await succeed("apt-get", ["update"]);
    const all = [...(await succeed("apt-get", pretend)).matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? "");
    // every machine has the C library, and another one beside it would not start
    const needed = all.filter((name) => /^(postgresql-(client-)?\d+$|lib(?!c6|c-|gcc|stdc))/.test(name));
    await succeed("apt-get", ["download", ...needed], scratch);
    const root = join(scratch, "root");
    for (const file of readdirSync(scratch).filter((name) => name.endsWith(".deb"))) {
      await succeed("dpkg", ["-x", join(scratch, file), root]);
    }
    if (!existsSync(folder)) renameSync(root, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function succeed(program: string, args: string[], cwd?: string): Promise<string> {
  const { status, stdout, stderr } = await run(program, args, { cwd });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${stderr.trim()}`);
  return stdout;
}

/** A PostgreSQL of our own that accepts TCP connections with TLS and a password only, as RDS is told to. */
export class Postgres {
  #server: ChildProgram | undefined;

  private constructor(
    private readonly bin: Programs,
    private readonly folder: string,
    readonly port: number,
    private readonly user: string,
  ) {}

  /** Starts a server with a database and its owner, both of that name. */
  static async start(scratch: string, user: string, password: string, certificate: Certificate): Promise<Postgres> {
    const folder = mkdtempSync(join(scratch, "postgresql-"));
    const [port = 0] = await freePorts(1);
    const postgres = new Postgres(await programs(), folder, port, user);
    const data = join(folder, "data");
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, `${password}\n`);
    copyFileSync(certificate.file, join(folder, "server.pem"));
    copyFileSync(certificate.keyFile, join(folder, "server.key"));
    chmodSync(join(folder, "server.key"), 0o600);
    for (const file of [".", "password", "server.pem", "server.key"]) postgres.own(join(folder, file));
    await postgres.program("initdb", ["-D", data, "-U", user, "-A", "scram-sha-256", `--pwfile=${passwordFile}`]);
    // the socket is for this file's own questions: it takes everybody's word
    writeFileSync(join(data, "pg_hba.conf"), "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
    await postgres.resume();
    await postgres.sql("postgres", `CREATE DATABASE ${user}`);
    return postgres;
  }

  async resume(): Promise<void> {
    const { folder, port } = this;
    const settings = [
      `listen_addresses=${HOST}`,
      `port=${port}`,
      `unix_socket_directories=${folder}`,
      "ssl=on",
      `ssl_cert_file=${join(folder, "server.pem")}`,
      `ssl_key_file=${join(folder, "server.key")}`,
      "fsync=off",
    ];
    const args = ["-D", join(folder, "data"), ...settings.flatMap((setting) => ["-c", setting])];
    const server = new ChildProgram("postgres", join(this.bin.folder, "postgres"), args, {
      env: this.env,
      cwd: folder,
      ...identity(),
    });
    this.#server = server;
    await server.until("accepts connections", () => server.output.includes("ready to accept connections") || undefined);
  }

  /** Answers of a statement, a line a row. */
  sql(database: string, statement: string): Promise<string> {
    const to = ["-h", this.folder, "-p", String(this.port), "-U", this.user, "-d", database];
    return this.program("psql", [...to, "-v", "ON_ERROR_STOP=1", "-tAc", statement]);
  }

  async stop(): Promise<void> {
    await this.#server?.kill();
  }

  private async program(name: string, args: string[]): Promise<string> {
    const child = new ChildProgram(name, join(this.bin.folder, name), args, {
      env: this.env,
      cwd: this.folder,
      ...identity(),
    });
    const { status } = await child.ended;
    if (status !== 0) throw new Error(`${name} ended with ${status}:\n${child.output}`);
    return child.output.trim();
  }

  private own(path: string): void {
    const { uid, gid } = identity();
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  }

  private get env(): Record<string, string> {
    const { libraries } = this.bin;
    return { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8", ...(libraries && { LD_LIBRARY_PATH: libraries }) };
  }
}

const identity = (): { uid?: number; gid?: number } => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {});
