import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Ended, run } from "./process";

const ENTER = resolve(__dirname, "machine", "enter.sh");
const SCRIPT = "/var/lib/cloud/instance/scripts/part-001";
const DISK_BYTES = 64 * 1024 * 1024;

/** Users of Amazon Linux that matter, under the numbers that they have there. */
const ETC = {
  passwd: "root:x:0:0:root:/root:/bin/bash\nec2-user:x:1000:1000::/home/ec2-user:/bin/bash\n",
  group: "root:x:0:\nec2-user:x:1000:\n",
  fstab: "# system\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  hosts: "127.0.0.1 localhost\n",
};

export interface MachineOptions {
  /** Folder that the machine's own folder is made in. */
  scratch: string;
  /** Virtual environment of Python that has the AWS CLI and boto3. */
  venv: string;
  /** What the machine's environment names its services by. */
  env: Record<string, string>;
  /** Command in front of every run, such as one that enters a network namespace. */
  within?: string[];
}

/**
 * A file system of its own on which a script runs as root, with this machine's programs; stand-ins for dnf, pip and
 * systemctl note how they are called. Needs root, curl, e2fsprogs and util-linux, and a kernel with mount namespaces,
 * overlayfs and loop devices.
 */
export class ScratchMachine {
  readonly #root: string;
  readonly #disk: string;

  constructor(private readonly options: MachineOptions) {
    const folder = mkdtempSync(join(options.scratch, "machine-"));
    this.#root = join(folder, "root");
    this.#disk = join(folder, "disk");
    writeFileSync(this.#disk, "");
    truncateSync(this.#disk, DISK_BYTES);
    for (const [name, text] of Object.entries(ETC)) this.write(`/etc/${name}`, text);
    mkdirSync(join(this.#root, "home", "ec2-user"), { recursive: true });
    this.fail();
  }

  /** From now on, calls of a stand-in that hold one of these texts fail. */
  fail(...calls: string[]): void {
    this.write("/etc/failing", calls.map((call) => `${call}\n`).join(""));
  }

  /** Writes a file. What lies in `/srv/efs` is on every file system of EFS that is mounted. */
  write(path: string, text: string, mode = 0o644): void {
    const file = join(this.#root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  /** Puts bytes onto the volume. */
  writeDisk(position: number, bytes: Buffer): void {
    const file = openSync(this.#disk, "r+");
    writeSync(file, bytes, 0, bytes.length, position);
    closeSync(file);
  }

  /** Runs `script` as cloud-init does; `after` then runs among the same mounts, and does not change the status. */
  async boot(script: string, after = ""): Promise<Ended> {
    this.write(SCRIPT, script, 0o700);
    return this.shell(`${SCRIPT}; status=$?; ${after ? `{ ${after}\n} >&2;` : ""} exit $status`);
  }

  async shell(command: string): Promise<Ended> {
    const { venv, env, within = [] } = this.options;
    const base = await run(join(venv, "bin", "python"), ["-c", "import sys; print(sys.base_prefix)"]);
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const args = [this.#root, venv, base.stdout.trim(), this.#disk, "env", ...variables, "bash", "-c", command];
    const [program = "", ...rest] = [...within, "unshare", "--mount", "--propagation", "private", ENTER, ...args];
    return run(program, rest, { timeoutMs: 300_000 });
  }

  has = (path: string): boolean => existsSync(join(this.#root, path));
  read = (path: string): string => readFileSync(join(this.#root, path), "utf8");
  /** Calls of the stand-ins, in their order. */
  get calls(): string[] {
    return this.has("/var/log/calls") ? this.read("/var/log/calls").trimEnd().split("\n") : [];
  }
  /** Owner and mode, as `ls` shows them: `ec2-user 644`. */
  owned(path: string): string {
    const { uid, mode } = statSync(join(this.#root, path));
    return `${{ 0: "root", 1000: "ec2-user" }[uid] ?? uid} ${(mode & 0o777).toString(8)}`;
  }
}
