import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type BuildScript, buildScript, buildspec } from "../../../../modules/aws/image-build/buildspec";
import { run } from "../../../support/process";

const URL = "111122223333.dkr.ecr.eu-west-2.amazonaws.com/fossa";
const IMAGE = `${URL}:0f0f0f0f0f0f0f0f-arm64`;
const ENVIRONMENT = {
  REPOSITORY_URL: URL,
  REPOSITORY_NAME: "fossa",
  IMAGE_TAG: "0f0f0f0f0f0f0f0f-arm64",
  PLATFORM: "linux/arm64",
  WARM_IMAGES: "cache/a:1 cache/b:2",
  CLUSTER_NAME: "dev",
  SERVICE_NAME: "worker",
};

/** Stand-ins for the programs: they write down how they were called, and answer from files. */
const STAND_IN = `#!/bin/bash
call="$(basename "$0") $*"
[ "$1 $2" = "login --username" ] && read -r password && call="$call <$password"
echo "$call" >> "$CALLS"
first="$1 $2"
case "$(basename "$0") $first" in
  "aws ecr get-login-password") echo secret ;;
  "aws ecr describe-images") [ -e "$WORLD/pushed" ] || { echo ImageNotFoundException >&2; exit 254; } ;;
  "aws ecs describe-services")
    [ -e "$WORLD/service" ] && { cat "$WORLD/service"; exit 0; }
    cat "$WORLD/service-error" >&2; exit 254 ;;
  "docker push "*)
    [ -e "$WORLD/lost-race" ] && { touch "$WORLD/pushed"; exit 1; }
    [ -e "$WORLD/push-fails" ] && exit 1
    touch "$WORLD/pushed" ;;
  "docker build "*) [ -e "$WORLD/build-fails" ] && exit 1; pwd -P >> "$WORLD/built-in" ;;
esac
exit 0
`;
const ARN = "arn:aws:ecs:eu-west-2:111122223333:task-definition/dev-worker:7";

/** Runs the script in a world of these files; tells how the programs were called. */
async function execute(script: Partial<BuildScript>, world: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "build-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "source"));
  for (const program of ["aws", "docker"]) {
    writeFileSync(join(folder, "bin", program), STAND_IN);
    chmodSync(join(folder, "bin", program), 0o755);
  }
  writeFileSync(join(folder, "calls"), "");
  for (const [name, content] of Object.entries(world)) writeFileSync(join(folder, name), content);
  const text = buildScript({ warms: false, deploys: "nothing", ...script });
  const ended = await run("bash", ["-c", text], {
    cwd: join(folder, "source"),
    env: {
      ...ENVIRONMENT,
      PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
      CALLS: join(folder, "calls"),
      WORLD: folder,
    },
  });
  const calls = readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");
  return { ...ended, folder, calls, did: (word: string) => calls.filter((call) => call.startsWith(word)) };
}

const LOOKS = "aws ecr describe-images --repository-name fossa --image-ids imageTag=0f0f0f0f0f0f0f0f-arm64";
const LOGS_IN = [
  "aws ecr get-login-password",
  "docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-2.amazonaws.com <secret",
];

describe("the script", () => {
  it("builds where it stands and pushes exactly the tag when it is not there", async () => {
    const { status, calls, folder, stderr } = await execute({});
    expect(status, stderr).toBe(0);
    expect(calls).toEqual([
      ...LOGS_IN,
      LOOKS,
      `docker build --pull --platform linux/arm64 --tag ${IMAGE} .`,
      `docker push ${IMAGE}`,
    ]);
    expect(readFileSync(join(folder, "built-in"), "utf8")).toMatch(/\/source\n$/);
  });
  it("builds nothing when the tag is there", async () => {
    const { status, calls, stdout } = await execute({}, { pushed: "" });
    expect(status).toBe(0);
    expect(calls).toEqual([...LOGS_IN, LOOKS]);
    expect(stdout).toContain(`${IMAGE} is there already`);
  });
  it("is content when another build was faster", async () => {
    const { status, did } = await execute({}, { "lost-race": "" });
    expect(status).toBe(0);
    expect(did("docker push")).toHaveLength(1);
  });
  it.each(["build-fails", "push-fails"])("fails when %s, and starts no service anew", async (fault) => {
    const { status, did } = await execute(
      { deploys: "restart" },
      { [fault]: "", service: `ACTIVE\t${ARN}\tCOMPLETED\n` },
    );
    expect(status).toBeGreaterThan(0);
    expect(did("aws ecs update-service")).toEqual([]);
  });
  it("pulls public images first, when asked", async () => {
    const { calls } = await execute({ warms: true }, { pushed: "" });
    expect(calls).toEqual([
      ...LOGS_IN,
      "docker pull --quiet --platform linux/arm64 cache/a:1",
      "docker pull --quiet --platform linux/arm64 cache/b:2",
      LOOKS,
    ]);
  });
});

describe("the service", () => {
  const UPDATE = "aws ecs update-service --cluster dev --service worker";
  const service = (status: string, rollout: string) => ({ service: `${status}\t${ARN}\t${rollout}\n` });
  const updates = async (script: Partial<BuildScript>, world: Record<string, string>) => {
    const { status, did, stderr } = await execute(script, world);
    expect(status, stderr).toBe(0);
    expect(did("aws ecs describe-services")).toHaveLength(1);
    return did("aws ecs update-service");
  };

  it("is asked for by its name and cluster", async () => {
    const { did } = await execute({ deploys: "restart" }, service("ACTIVE", "COMPLETED"));
    expect(did("aws ecs describe-services")).toEqual([
      expect.stringMatching(/^aws ecs describe-services --cluster dev --services worker --query .* --output text$/),
    ]);
  });
  it("starts anew when its image was built", async () => {
    expect(await updates({ deploys: "restart" }, service("ACTIVE", "COMPLETED"))).toEqual([
      `${UPDATE} --force-new-deployment`,
    ]);
  });
  it("goes to the newest revision of its family where that is allowed", async () => {
    expect(await updates({ deploys: "newest-revision" }, service("ACTIVE", "IN_PROGRESS"))).toEqual([
      `${UPDATE} --task-definition dev-worker --force-new-deployment`,
    ]);
  });
  it.each(["restart", "newest-revision"] as const)(
    "is left alone (%s) when the image was there before, unless its tasks failed",
    async (deploys) => {
      expect(await updates({ deploys }, { pushed: "", ...service("ACTIVE", "COMPLETED") })).toEqual([]);
      expect(await updates({ deploys }, { pushed: "", ...service("ACTIVE", "IN_PROGRESS") })).toEqual([]);
      expect(await updates({ deploys }, { pushed: "", ...service("ACTIVE", "FAILED") })).toHaveLength(1);
    },
  );
  it.each([
    ["no service", { service: "None\n" }],
    ["a service that goes", service("DRAINING", "COMPLETED")],
    ["a service that is gone", service("INACTIVE", "None")],
    ["no cluster", { "service-error": "An error occurred (ClusterNotFoundException) when calling DescribeServices\n" }],
  ])("may be missing: %s", async (_, world) => {
    expect(await updates({ deploys: "restart" }, world)).toEqual([]);
  });
  it("is no excuse for another error", async () => {
    const { status, stderr, did } = await execute(
      { deploys: "restart" },
      { "service-error": "An error occurred (AccessDeniedException)\n" },
    );
    expect(status).toBeGreaterThan(0);
    expect(stderr).toContain("AccessDeniedException");
    expect(did("aws ecs update-service")).toEqual([]);
  });
});

describe("the buildspec", () => {
  it("is the script as one command of bash, in JSON, which is YAML", () => {
    const script = { warms: true, deploys: "restart" } as const;
    expect(JSON.parse(buildspec(script))).toEqual({
      version: "0.2",
      env: { shell: "bash" },
      phases: { build: { commands: [buildScript(script)] } },
    });
  });
  it.each(["nothing", "restart", "newest-revision"] as const)(
    "holds nothing that Terraform would take for its own (%s)",
    (deploys) => {
      expect(buildspec({ warms: true, deploys })).not.toMatch(/[$%]\{/);
    },
  );
  it("has no trace of what is off", () => {
    expect(buildScript({ warms: false, deploys: "nothing" })).not.toMatch(/WARM|ecs|SERVICE/);
    expect(buildScript({ warms: false, deploys: "restart" })).not.toContain("--task-definition");
  });
});
