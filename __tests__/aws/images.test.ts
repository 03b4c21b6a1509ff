import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { readDockerfile } from "../assets/containers/dockerfile.fixture";
import { installFossa, runInWorker, WORKER_FOLDER } from "../support/fossa-worker";
import { run } from "../support/process";

const skipped = inject("missing") !== "";

describe.skipIf(skipped)("images", () => {
  const scratch = inject("scratch");

  it.each(["fossa-worker", "gateway"])("hadolint has nothing to say of the Dockerfile of %s", async (image) => {
    const hadolint = join(inject("motoEnvironment"), "bin", "hadolint");
    const { status, stdout, stderr } = await run(hadolint, [`assets/containers/${image}/Dockerfile`]);
    expect(stdout + stderr).toBe("");
    expect(status).toBe(0);
  });

  it("Python compiles every file of the worker", async () => {
    const files = readdirSync(WORKER_FOLDER, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".py"),
    );
    expect(files.length).toBeGreaterThanOrEqual(5);
    const compile =
      "import pathlib, sys; [compile(pathlib.Path(file).read_text(), file, 'exec') for file in sys.argv[1:]]";
    const { status, stderr } = await runInWorker(scratch, {}, ["-W", "error", "-c", compile, ...files]);
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it.each(["x86_64", "aarch64"])(
    "every requirement of the worker has a wheel with its hash for %s",
    async (machine) => {
      const [base] = readDockerfile(join(WORKER_FOLDER, "Dockerfile"));
      const python = /python:(3\.\d+)\./.exec(base?.rest ?? "")?.[1] ?? "";
      const { status, stderr } = await run(await installFossa(), [
        ...["-m", "pip", "download", "--quiet", "--require-hashes", "--only-binary=:all:", "--no-deps"],
        ...[
          "--python-version",
          python,
          "--platform",
          `manylinux_2_17_${machine}`,
          "--platform",
          `manylinux2014_${machine}`,
        ],
        ...["--requirement", join(WORKER_FOLDER, "requirements.txt"), "--dest", join(scratch, `wheels-${machine}`)],
      ]);
      expect(status, stderr).toBe(0);
    },
  );
});
