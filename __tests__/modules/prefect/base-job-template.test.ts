import { Token } from "cdktf";
import { expect, it } from "vitest";
import {
  type BaseJobTemplateSettings,
  baseJobTemplate,
  taskTagsSchema,
} from "../../../modules/prefect/base-job-template";
import { errorOf } from "../../support/bad-input";
import { CLOUD, SECRET } from "./prefect.fixture";

const ROLE = "arn:aws:iam::111122223333:role/flow";
const MINIMAL: BaseJobTemplateSettings = {
  cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/dev",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupIds: ["sg-flows"],
  executionRoleArn: ROLE,
  taskRoleArn: ROLE,
  logGroupName: "/ecs/dev",
  api: { url: "https://prefect.example.com/api" },
};
const parsed = (some: Partial<BaseJobTemplateSettings> = {}) =>
  JSON.parse(baseJobTemplate("test/pool", { ...MINIMAL, ...some }));
/** Defaults of the job variables that have one. */
const defaults = (some: Partial<BaseJobTemplateSettings> = {}) => {
  const { properties } = parsed(some).variables;
  return Object.fromEntries(
    Object.entries<{ default?: unknown }>(properties).flatMap(([key, { default: value }]) =>
      value === undefined ? [] : [[key, value]],
    ),
  );
};

it("says by default where a flow runs and as whom, flat and in numbers", () => {
  expect(defaults()).toEqual({
    env: {},
    labels: {},
    image: "docker.io/prefecthq/prefect:3.9.1-python3.12",
    cpu: 1024,
    memory: 2048,
    cluster: MINIMAL.cluster,
    launch_type: "FARGATE",
    capacity_provider_strategy: [],
    vpc_id: "vpc-1",
    network_configuration: {
      subnets: ["subnet-a", "subnet-b"],
      securityGroups: ["sg-flows"],
      assignPublicIp: "DISABLED",
    },
    execution_role_arn: ROLE,
    task_role_arn: ROLE,
    configure_cloudwatch_logs: true,
    cloudwatch_logs_options: { "awslogs-group": "/ecs/dev", "awslogs-create-group": "false" },
    auto_deregister_task_definition: false,
    match_latest_revision_in_family: true,
  });
});
it("has a variable for each mention, and a mention of each variable", () => {
  const { job_configuration, variables } = parsed();
  const mentioned = [...JSON.stringify(job_configuration).matchAll(/\{\{ (\w+) \}\}/g)].map(([, name]) => name);
  expect([...new Set(mentioned)].sort()).toEqual(Object.keys(variables.properties).sort());
});
it.each<[keyof BaseJobTemplateSettings["api"], string]>([
  ["keySecretArn", "prefect_api_key_secret_arn"],
  ["authStringSecretArn", "prefect_api_auth_string_secret_arn"],
])("names the secret of %s only where there is one", (key, variable) => {
  expect(defaults()).not.toHaveProperty(variable);
  expect(defaults({ api: { url: key === "keySecretArn" ? CLOUD : MINIMAL.api.url, [key]: SECRET } })[variable]).toBe(
    SECRET,
  );
});
it("runs on Spot with the launch type left standing", () => {
  expect(defaults({ spot: true })).toMatchObject({
    launch_type: "FARGATE",
    capacity_provider_strategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 0 }],
  });
});
it("takes 30 tags", () => {
  const tags = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`t${i}`, "x"]));
  expect(taskTagsSchema.safeParse(tags).success).toBe(true);
});
it("gives the task secrets, disk, processor and tags", () => {
  const { job_configuration } = parsed({
    secrets: { TOKEN: SECRET },
    ephemeralStorageGib: 50,
    architecture: "ARM64",
    tags: { Team: "data", Owner: "me" },
  });
  const { task_definition, task_run_request } = job_configuration;
  expect(task_definition.containerDefinitions[0].secrets).toEqual([{ name: "TOKEN", valueFrom: SECRET }]);
  expect(task_definition.ephemeralStorage).toEqual({ sizeInGiB: 50 });
  expect(task_definition.runtimePlatform).toEqual({ cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" });
  expect(task_run_request.tags).toEqual([
    { key: "Owner", value: "me" },
    { key: "Team", value: "data" },
  ]);
});
it("leaves no trace of what is not asked for", () => {
  const { task_definition, task_run_request } = parsed({ logGroupName: undefined }).job_configuration;
  expect(Object.keys(task_definition).sort()).toEqual(["containerDefinitions", "cpu", "executionRoleArn", "memory"]);
  expect(task_definition.containerDefinitions[0]).not.toHaveProperty("secrets");
  expect(task_run_request).not.toHaveProperty("tags");
  expect(defaults({ logGroupName: undefined })).toMatchObject({
    configure_cloudwatch_logs: false,
    cloudwatch_logs_options: {},
  });
});
it("keeps references, and escapes what Terraform would take for one", () => {
  const cluster = Token.asString({ ref: true });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text itself
  const text = baseJobTemplate("test/pool", { ...MINIMAL, cluster, environment: { A: "${b}" } });
  expect(text).toContain(cluster);
  expect(text).toContain("$${b}");
});
it.each([
  { cpu: 256, memory: 512 },
  { cpu: 512, memory: 1024 },
  { cpu: 16_384, memory: 122_880 },
] as const)("takes %j", (size) => {
  expect(defaults(size)).toMatchObject(size);
});

it.each<[string, object, ...string[]]>([
  ["memory", { cpu: 512, memory: 8192 }, "one of 1024, 2048, 3072, 4096", "got 8192"],
  ["cpu", { cpu: "512" }, "one of 256, 512", '"512"'],
  ["cpu", { cpu: null }, "one of 256"],
  ["memory", { memory: "2048" }, "type number", '"2048"'],
  ["executionRoleArn", { executionRoleArn: undefined }, "is required with logGroupName"],
  [
    "executionRoleArn",
    { executionRoleArn: undefined, logGroupName: undefined, api: { url: CLOUD, keySecretArn: SECRET } },
    "is required with api.keySecretArn",
  ],
  [
    "executionRoleArn",
    { executionRoleArn: undefined, logGroupName: undefined, api: { ...MINIMAL.api, authStringSecretArn: SECRET } },
    "is required with api.authStringSecretArn",
  ],
  [
    "executionRoleArn",
    { executionRoleArn: undefined, logGroupName: undefined, secrets: { TOKEN: SECRET } },
    "is required with secrets.TOKEN",
  ],
  ["image", { image: "prefect:latest" }, "fixed tag"],
  ["environment.PREFECT_API_KEY", { environment: { PREFECT_API_KEY: "x" } }, "must be left out"],
  ["secrets.PREFECT_API_AUTH_STRING", { secrets: { PREFECT_API_AUTH_STRING: SECRET } }, "must be left out"],
  ["secrets.A", { secrets: { A: SECRET }, environment: { A: "b" } }, "must be one variable only"],
  ["secrets.A", { secrets: { A: "plain" } }, "full ARN of a secret"],
  ["ephemeralStorageGib", { ephemeralStorageGib: 20 }, "at least 21"],
  ["ephemeralStorageGib", { ephemeralStorageGib: 201 }, "at most 200"],
  ["subnetIds", { subnetIds: [] }, "at least 1 items"],
  ["subnetIds", { subnetIds: ["a", "a"] }, "not name a subnet twice"],
  ["securityGroupIds", { securityGroupIds: ["1", "2", "3", "4", "5", "6"] }, "at most 5"],
  ["architecture", { architecture: "arm64" }, "X86_64, ARM64"],
  ["spot", { spot: 1 }, "boolean"],
  ["deregisterDefinitions", { deregisterDefinitions: "yes" }, "boolean"],
  [
    "tags",
    { tags: Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`t${i}`, "x"])) },
    "at most 30 tags",
    "got 31",
  ],
  ["taskRoleArn", { taskRoleArn: "flow" }, "ARN of an IAM role"],
])("refuses %s", (key, some, ...words) => {
  const error = errorOf(() => baseJobTemplate("test/pool", { ...MINIMAL, ...(some as object) }));
  expect(error.name).toBe("InputError");
  expect(error.message.startsWith("test/pool: ")).toBe(true);
  for (const word of [`${key}: `, ...words]) expect(error.message).toContain(word);
});
