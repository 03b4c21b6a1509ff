import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PACKAGES } from "../modules/training/training.fixture";
import { AwsShell } from "../support/aws-shell";
import { Moto } from "../support/moto";
import { run } from "../support/process";
import type { Json } from "../support/synth";
import { onAws } from "./stacks.fixture";

const BUCKET = "dev-training-packages";
const SCRIPT = "assets/package-build/build.sh";

/**
 * A container of CodeBuild: Python in a version that the image lacks until dnf brings it, and a file system that is mounted
 * where a folder is. Calls of the stand-ins are noted.
 */
class BuildContainer {
  readonly root: string;
  readonly source: string;

  constructor(
    private readonly files: string,
    private readonly moto: Moto,
  ) {
    this.root = mkdtempSync(join(inject("scratch"), "build-"));
    this.source = join(this.root, "source");
    mkdirSync(this.source);
    mkdirSync(join(this.root, "bin"));
    const venv = inject("motoEnvironment");
    // as pyenv's, of a version that is not the chosen one
    this.program("python3.12", "exit 127");
    this.program("mountpoint", `[ -e ${this.root}/mounted ]`);
    this.program("mount", `touch ${this.root}/mounted; rmdir "\${@: -1}"; ln -s ${this.files} "\${@: -1}"`);
    // the system's own, so that a virtual environment made of it has pip
    this.program(
      "dnf",
      `for name; do case $name in
  python3.12) install -D -m 755 /dev/stdin ${this.root}/usr/bin/python3.12 <<<'#!/bin/bash
exec ${venv}/bin/python "$@"' ;;
  awscli-2) install -m 755 /dev/stdin ${this.root}/bin/aws <<<'#!/bin/bash
exec ${venv}/bin/aws "$@"' ;;
  amazon-efs-utils)
    install -m 755 /dev/stdin ${this.root}/bin/mount.efs <<<'#!/bin/bash'
    mkdir -p ${this.root}/etc/amazon/efs
    printf '[mount]\\n#region = us-east-1\\n' >${this.root}/etc/amazon/efs/efs-utils.conf ;;
esac; done`,
    );
  }

  private program(name: string, body: string): void {
    const text = `#!/bin/bash\necho "${name} $*" >>${this.root}/calls\n${body}\n`;
    writeFileSync(join(this.root, "bin", name), text, { mode: 0o755 });
  }

  /** Puts the sources of a package where CodeBuild unpacks them. */
  put(name: string, folder: string): void {
    cpSync(folder, join(this.source, name), { recursive: true });
  }

  async build(name: string, more: Record<string, string> = {}) {
    const text = readFileSync(SCRIPT, "utf8").replace(/(?<=[ ="])\/(mnt|etc|usr\/bin\/python)\b/g, `${this.root}$&`);
    mkdirSync(join(this.root, "mnt"), { recursive: true });
    const ended = await run("bash", ["-c", text], {
      cwd: this.source,
      env: {
        HOME: this.root,
        TMPDIR: inject("scratch"),
        ...process.env,
        PATH: [join(this.root, "bin"), "/usr/bin", "/bin"].join(delimiter), // no Python of that version there
        ...this.moto.env,
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_REGION: "eu-west-2",
        PACKAGE_NAME: name,
        PYTHON_VERSION: "3.12",
        STACK: "dev",
        FORCE_REBUILD: "false",
        S3_BUCKET: BUCKET,
        EFS_ID: "fs-0123456789abcdef0",
        EFS_ACCESS_POINT_ID: "fsap-0123456789abcdef0",
        EFS_DNS_NAME: "fs-0123456789abcdef0.efs.eu-west-2.amazonaws.com",
        LOCAL_PACKAGES: "",
        ...more,
      },
      timeoutMs: 280_000,
    });
    return { ...ended, output: `${ended.stdout}${ended.stderr}` };
  }

  calls = (...programs: string[]): string[] =>
    readFileSync(join(this.root, "calls"), "utf8")
      .trimEnd()
      .split("\n")
      .filter((call) => programs.includes(call.split(" ")[0] ?? ""));
  read = (path: string): string => readFileSync(join(this.root, path), "utf8");
}

onAws("package builds", () => {
  let moto: Moto;
  let aws: AwsShell;
  let files: string;
  beforeAll(async () => {
    moto = await Moto.start();
    aws = new AwsShell(moto.env);
    await aws.call("s3", "create_bucket", { Bucket: BUCKET });
    files = mkdtempSync(join(inject("scratch"), "files-"));
  });
  afterAll(async () => {
    aws?.end();
    await moto?.stop();
  });
  const keys = async (prefix: string): Promise<string[]> =>
    ((await aws.call("s3", "list_objects_v2", { Bucket: BUCKET, Prefix: prefix })).Contents ?? []).map(
      ({ Key }: Json) => Key,
    );
  const container = () => {
    const made = new BuildContainer(files, moto);
    made.put("image-classes", join(PACKAGES, "image-classes"));
    made.put("image-files", join(PACKAGES, "image-files"));
    return made;
  };
  const LOCAL = { LOCAL_PACKAGES: "image-files" };
  const wheels = join("packages", "image-classes");
  const current = () => readlinkSync(join(files, wheels, "current"));
  const released = () => readdirSync(join(files, wheels)).filter((name) => name !== "current");

  it("pass shellcheck", async () => {
    const shellcheck = join(inject("motoEnvironment"), "bin", "shellcheck");
    expect(await run(shellcheck, ["--shell=bash", SCRIPT])).toMatchObject({ stdout: "", stderr: "", status: 0 });
  });

  describe("of a package and one that it needs", () => {
    it("puts the wheels of both onto the files and into S3, and writes down of what", async () => {
      const on = container();
      const ended = await on.build("image-classes", LOCAL);
      expect(ended.status, ended.output).toBe(0);
      expect(readdirSync(join(files, wheels, "current")).sort()).toEqual([
        "image_classes-2.0.0-py3-none-any.whl",
        "image_files-1.0.0-py3-none-any.whl",
      ]);
      expect(await keys("output/")).toEqual([
        "output/image-classes/image_classes-2.0.0-py3-none-any.whl",
        "output/image-classes/image_files-1.0.0-py3-none-any.whl",
      ]);
      expect(await keys("state/")).toEqual(["state/image-classes.json"]);
      expect(on.calls("dnf", "mount")).toEqual([
        "dnf -y install python3.12 python3.12-devel python3.12-pip",
        "dnf -y install awscli-2",
        "dnf -y install amazon-efs-utils",
        `mount -t efs -o tls,iam,accesspoint=fsap-0123456789abcdef0 fs-0123456789abcdef0:/ ${on.root}/mnt/training`,
      ]);
      expect(on.read("etc/amazon/efs/efs-utils.conf")).toBe("[mount]\nregion = eu-west-2\n");
      expect(ended.output).toMatch(/built image-classes [0-9a-f]{16}/);
    });
    it("takes what is given as a folder from nowhere else, be it newer there", async () => {
      const on = container();
      const index = join(on.root, "index");
      on.put("newer", join(PACKAGES, "image-files"));
      const project = join(on.source, "newer", "pyproject.toml");
      writeFileSync(project, readFileSync(project, "utf8").replace("1.0.0", "9.9.9"));
      const pip = join(inject("motoEnvironment"), "bin", "pip");
      const made = await run(pip, ["wheel", "--quiet", "--no-deps", "--wheel-dir", index, join(on.source, "newer")]);
      expect(made.status, made.stderr).toBe(0);
      rmSync(join(on.source, "newer"), { recursive: true });
      const ended = await on.build("image-classes", { ...LOCAL, FORCE_REBUILD: "true", PIP_FIND_LINKS: index });
      expect(ended.status, ended.output).toBe(0);
      expect(readdirSync(join(files, wheels, "current"))).toContain("image_files-1.0.0-py3-none-any.whl");
    });
    it("does nothing when nothing changed", async () => {
      const before = current();
      const ended = await container().build("image-classes", LOCAL);
      expect(ended.status, ended.output).toBe(0);
      expect(ended.output).toMatch(/image-classes [0-9a-f]{16} is there already\n/);
      expect(ended.output).not.toContain("builds");
      expect(current()).toBe(before);
    });
    it("builds by force, and keeps the wheels of before for machines that read them", async () => {
      const before = current();
      const ended = await container().build("image-classes", { ...LOCAL, FORCE_REBUILD: "true" });
      expect(ended.status, ended.output).toBe(0);
      expect(current()).not.toBe(before);
      expect(current().split("-")[0]).toBe(before.split("-")[0]);
      expect(released().sort()).toEqual([before, current()].sort());
    });
    it("builds after a change of either, and clears what is older than the last", async () => {
      const before = current();
      const on = container();
      writeFileSync(join(on.source, "image-files", "src", "image_files", "more.py"), "MORE = 1\n");
      const ended = await on.build("image-classes", LOCAL);
      expect(ended.status, ended.output).toBe(0);
      expect(current().split("-")[0]).not.toBe(before.split("-")[0]);
      expect(released().sort()).toEqual([before, current()].sort());
    });
    it("builds again when the file system lost the wheels", async () => {
      const on = container();
      writeFileSync(join(on.source, "image-files", "src", "image_files", "more.py"), "MORE = 1\n");
      const link = current();
      await run("rm", ["-rf", join(files, wheels, link)]);
      const ended = await on.build("image-classes", LOCAL);
      expect(ended.status, ended.output).toBe(0);
      expect(ended.output).toContain("builds ./image-files ./image-classes\n");
      expect(existsSync(join(files, wheels, "current", "image_classes-2.0.0-py3-none-any.whl"))).toBe(true);
    });
    it("fails, and leaves what is there, when a package cannot be built", async () => {
      const before = { link: current(), state: await stateIn(aws) };
      const on = container();
      writeFileSync(join(on.source, "image-classes", "pyproject.toml"), "[project]\nname = 1\n");
      const ended = await on.build("image-classes", LOCAL);
      expect(ended.status).toBeGreaterThan(0);
      expect({ link: current(), state: await stateIn(aws) }).toEqual(before);
    });
  });

  it("give a machine without any index the runtime and the user's package", async () => {
    const on = container();
    on.put("ml-training", resolve("assets", "training"));
    const ended = await on.build("ml-training");
    expect(ended.status, ended.output).toBe(0);
    const venv = join(on.root, "machine");
    const python = join(inject("motoEnvironment"), "bin", "python");
    expect((await run(python, ["-m", "venv", venv])).status).toBe(0);
    const from = ["ml-training", "image-classes"].flatMap((name) => [
      "--find-links",
      join(files, "packages", name, "current"),
    ]);
    const installed = await run(join(venv, "bin", "pip"), [
      "install",
      "--quiet",
      "--no-index",
      ...from,
      "ml-training",
      "image-classes",
    ]);
    expect(installed.status, installed.stderr).toBe(0);
    const worker = await run(join(venv, "bin", "training-worker"), ["--config", "/nowhere.json"]);
    expect(worker).toMatchObject({ status: 2, stderr: expect.stringContaining("/nowhere.json: cannot be read") });
    expect((await run(join(venv, "bin", "image-classes"), [])).stdout).toBe("classifies .jpg and .png\n");
  });
});

/** What the bucket says of the last build. */
async function stateIn(aws: AwsShell): Promise<unknown> {
  const { ETag } = await aws.call("s3", "head_object", { Bucket: BUCKET, Key: "state/image-classes.json" });
  return ETag;
}
