import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { expect, it } from "vitest";
import { containerSchema, secretArns } from "../../../../modules/aws/ecs/container";
import { FargateService } from "../../../../modules/aws/ecs/fargate-service";
import { refTo, synth } from "../../../support/synth";
import { ref } from "../../../support/terraform-json";
import { build, containerOf, IMAGE, rejectsSettings, SECRET, settings } from "./fargate-service.fixture";

const of = (container: object) => containerOf(build({ container }));
const DIGEST = `public.ecr.aws/x/y@sha256:${"0a".repeat(32)}`;

it("is essential, named like its service, and has nothing that was not asked for", () => {
  expect(of({})).toEqual({
    name: "fossa",
    image: IMAGE,
    essential: true,
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": "/ecs/dev-fossa",
        "awslogs-region": expect.stringMatching(/^\$\{data\.aws_region\.[\w-]+\.id\}$/),
        "awslogs-stream-prefix": "fossa_worker",
      },
    },
  });
});
it("listens on its port by TCP", () => {
  expect(of({ port: 2345 }).portMappings).toEqual([{ containerPort: 2345, hostPort: 2345, protocol: "tcp" }]);
});
it("has variables and secrets in the order of their names, apart from one another", () => {
  const container = of({
    environment: { B: "2", A: "1" },
    secrets: { Z_URL: `${SECRET}:url::`, RABBITMQ_URL: SECRET },
  });
  expect(container.environment).toEqual([
    { name: "A", value: "1" },
    { name: "B", value: "2" },
  ]);
  expect(container.secrets).toEqual([
    { name: "RABBITMQ_URL", valueFrom: SECRET },
    { name: "Z_URL", valueFrom: `${SECRET}:url::` },
  ]);
});
it("takes image and secrets from other resources", () => {
  const stack = synth((scope) => {
    const repository = new EcrRepository(scope, "repository", { name: "fossa" });
    const { arn } = new SecretsmanagerSecret(scope, "secret");
    const container = {
      image: `${repository.repositoryUrl}:0123`,
      environment: { REPOSITORY: repository.name },
      secrets: { URL: `${arn}:url::`, ALL: arn },
    };
    new FargateService(scope, "service", settings({ container }));
  });
  expect(containerOf(stack)).toMatchObject({
    image: expect.stringMatching(/^\$\{aws_ecr_repository\.[\w-]+\.repository_url\}:0123$/),
    environment: [{ name: "REPOSITORY", value: refTo(EcrRepository, "name") }],
    secrets: [
      { name: "ALL", valueFrom: refTo(SecretsmanagerSecret, "arn") },
      { name: "URL", valueFrom: expect.stringMatching(/^\$\{aws_secretsmanager_secret\.[\w-]+\.arn\}:url::$/) },
    ],
  });
});
it("keeps the user's own text from Terraform", () => {
  const [home, twice, fallback] = [ref("HOME"), `$${ref("X")}`, ref("X:-1")];
  const text = `a "b" \\ $HOME ${home} ${twice} %{if} \n é`;
  const definition = build({ container: { environment: { TEXT: text }, command: ["sh", "-c", fallback] } });
  const written: string = definition.one(EcsTaskDefinition).container_definitions;
  expect(written).toContain(`$${home}`);
  expect(written).toContain("%%{if}");
  const read = JSON.parse(written.replaceAll("$${", "${").replaceAll("%%{", "%{"));
  expect(read[0].environment).toEqual([{ name: "TEXT", value: text }]);
  expect(read[0].command).toEqual(["sh", "-c", fallback]);
});
it("is checked as asked, every half minute by default", () => {
  const command = ["CMD-SHELL", "wget -qO- http://127.0.0.1:2345/api/0.01/ || exit 1"];
  expect(of({ healthCheck: { command } }).healthCheck).toEqual({ command, interval: 30, timeout: 5, retries: 3 });
  const least = { interval: 5, timeout: 2, retries: 1, startPeriod: 1 };
  const most = { interval: 300, timeout: 60, retries: 10, startPeriod: 300 };
  for (const bounds of [least, most]) {
    expect(of({ healthCheck: { command: ["CMD", "true"], ...bounds } }).healthCheck).toEqual({
      command: ["CMD", "true"],
      ...bounds,
    });
  }
  expect(of({ healthCheck: { command: ["CMD", "true"], startPeriod: 0 } }).healthCheck).not.toHaveProperty(
    "startPeriod",
  );
});
it.each([
  [{ name: "fossa-container_1" }, { name: "fossa-container_1" }],
  [{ name: "x".repeat(255) }, { name: "x".repeat(255) }],
  [{ image: DIGEST }, { image: DIGEST }],
  [{ command: ["a b", "$c"] }, { command: ["a b", "$c"] }],
  [{ port: 1 }, { portMappings: [expect.objectContaining({ containerPort: 1 })] }],
  [{ port: 65535 }, { portMappings: [expect.objectContaining({ containerPort: 65535 })] }],
  [{ stopTimeout: 1 }, { stopTimeout: 1 }],
  [{ stopTimeout: 120 }, { stopTimeout: 120 }],
  [{ user: "999:999" }, { user: "999:999" }],
  [{ user: "nobody" }, { user: "nobody" }],
  [{ readonlyRootFilesystem: true }, { readonlyRootFilesystem: true }],
  [{ initProcess: true }, { linuxParameters: { initProcessEnabled: true } }],
  [{ openFiles: 1024 }, { ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 1024 }] }],
  [{ openFiles: 1_048_576 }, { ulimits: [{ name: "nofile", softLimit: 1_048_576, hardLimit: 1_048_576 }] }],
  [{ environment: { "discovery.type": "" } }, { environment: [{ name: "discovery.type", value: "" }] }],
  [{ environment: { ["X".repeat(255)]: "1" } }, { environment: [{ name: "X".repeat(255), value: "1" }] }],
  [{ healthCheck: { command: ["CMD", "a"] } }, { healthCheck: { command: ["CMD", "a"] } }],
  [{ environment: { URL: "https://example.com/a:b@c" } }, { environment: [expect.anything()] }],
  [{ environment: { PASSWORD_SECRET_ARN: SECRET, COMPASS: "1" } }, { environment: [{}, {}] }],
])("takes %j", (container, expected) => {
  expect(of(container)).toMatchObject(expected);
});
it("fills a task definition to its last byte", () => {
  // Source: ECS quotas, 64 KiB
  const room =
    65_536 - Buffer.byteLength(JSON.stringify(containerSchema.parse({ image: IMAGE, environment: { A: "" } })));
  const filled = (more: number) =>
    containerSchema.safeParse({ image: IMAGE, environment: { A: "x".repeat(room + more) } });
  expect(filled(0).success).toBe(true);
  expect(filled(1).error?.issues[0]?.message).toContain("at most 65536 bytes, got 65537");
});

it("tells each secret once, without the keys in it", () => {
  const other = SECRET.replace("broker", "another");
  expect(secretArns({ secrets: { A: `${SECRET}:url::`, B: SECRET, C: `${SECRET}:a:AWSCURRENT:`, D: other } })).toEqual([
    other,
    SECRET,
  ]);
  expect(secretArns({ secrets: {} })).toEqual([]);
});

const container = (some: object) => ({ container: some });
const health = (some: object) => container({ healthCheck: { command: ["CMD", "true"], ...some } });
rejectsSettings(
  ["container.image", container({ image: undefined }), "is required"],
  ["container.image", container({ image: "rabbitmq" }), "tag or a digest", "got rabbitmq"],
  ["container.image", container({ image: "x/fossa:latest" }), "since latest moves"],
  ["container.image", container({ image: "X Y:1" }), "must be an image", "got X Y:1"],
  ["container.name", container({ name: "" }), "letters, digits"],
  ["container.name", container({ name: "a b" }), '"a b"'],
  ["container.name", container({ name: "x".repeat(256) }), "at most 255", "got 256"],
  ["container.command", container({ command: [] }), "at least 1 items"],
  ["container.command", container({ command: "run it" }), '"run it"'],
  ["container.port", container({ port: 0 }), "at least 1", "got 0"],
  ["container.port", container({ port: 65536 }), "at most 65535"],
  ["container.environment.1A", container({ environment: { "1A": "x" } }), "a letter or underscore first", "1A"],
  [`container.environment.${"X".repeat(256)}`, container({ environment: { ["X".repeat(256)]: "1" } }), "at most 255"],
  ["container.healthCheck.command[1]", health({ command: ["CMD", ""] }), "at least 1"],
  ["container.environment.A B", container({ environment: { "A B": "x" } }), "A B"],
  ["container.environment.A", container({ environment: { A: 5 } }), "of type string", "got 5"],
  [
    "container.environment.RABBITMQ_DEFAULT_PASS",
    container({ environment: { RABBITMQ_DEFAULT_PASS: "x" } }),
    "secrets",
  ],
  ["container.environment.password", container({ environment: { password: "x" } }), "must be in secrets"],
  [
    "container.environment.AWS_SECRET_ACCESS_KEY",
    container({ environment: { AWS_SECRET_ACCESS_KEY: "x" } }),
    "must be in secrets",
  ],
  [
    "container.environment.RABBITMQ_URL",
    container({ environment: { RABBITMQ_URL: "amqp://guest:guest@10.0.0.1" } }),
    "contains a password",
    "got a URL with one",
  ],
  ["container.secrets.A", container({ environment: { A: "1" }, secrets: { A: SECRET } }), "got environment.A too"],
  ["container.environment.a", container({ environment: { A: "1", a: "2" } }), "one spelling", "got environment.A too"],
  ["container.secrets.a", container({ secrets: { A: SECRET, a: SECRET } }), "got secrets.A too"],
  ["container.secrets.A", container({ secrets: { A: "my password" } }), "full ARN of a secret", '"my password"'],
  ["container.secrets.A", container({ secrets: { A: SECRET.slice(0, -7) } }), "full ARN"],
  ["container.secrets.A", container({ secrets: { A: `${SECRET}:url` } }), ":key::"],
  ["container.secrets.A", container({ secrets: { A: SECRET.replace("111122223333", "1") } }), "full ARN"],
  ["container.secrets.A", container({ secrets: { A: "arn:aws:ssm:us-east-1:111122223333:parameter/a" } }), "full ARN"],
  ["container.healthCheck.command", health({ command: ["true"] }), "at least 2 items"],
  ["container.healthCheck.command", health({ command: ["curl", "x"] }), "must be CMD", '["curl","x"]'],
  ["container.healthCheck.command", health({ command: ["CMD-SHELL", "a", "b"] }), "one line for the shell"],
  ["container.healthCheck.command", health({ command: undefined }), "is required"],
  ["container.healthCheck.interval", health({ interval: 4 }), "at least 5", "got 4"],
  ["container.healthCheck.interval", health({ interval: 301 }), "at most 300", "got 301"],
  ["container.healthCheck.timeout", health({ timeout: 1 }), "at least 2", "got 1"],
  ["container.healthCheck.timeout", health({ timeout: 61 }), "at most 60", "got 61"],
  ["container.healthCheck.retries", health({ retries: 0 }), "at least 1", "got 0"],
  ["container.healthCheck.retries", health({ retries: 11 }), "at most 10", "got 11"],
  ["container.healthCheck.startPeriod", health({ startPeriod: -1 }), "at least 0", "got -1"],
  ["container.healthCheck.startPeriod", health({ startPeriod: 301 }), "at most 300", "got 301"],
  ["container.stopTimeout", container({ stopTimeout: 0 }), "at least 1", "got 0"],
  ["container.stopTimeout", container({ stopTimeout: 121 }), "at most 120", "got 121"],
  ["container.user", container({ user: "" }), "a user or uid"],
  ["container.user", container({ user: "a:b:c" }), '"a:b:c"'],
  ["container.user", container({ user: "x".repeat(101) }), "at most 100"],
  ["container.readonlyRootFilesystem", container({ readonlyRootFilesystem: "yes" }), "of type boolean"],
  ["container.initProcess", container({ initProcess: 1 }), "of type boolean"],
  ["container.openFiles", container({ openFiles: 1023 }), "at least 1024", "got 1023"],
  ["container.openFiles", container({ openFiles: 1_048_577 }), "at most 1048576"],
  ["container", container({ environment: { A: "x".repeat(65_536) } }), "at most 65536 bytes"],
  ["container.privileged", container({ privileged: true }), "unknown key"],
);
