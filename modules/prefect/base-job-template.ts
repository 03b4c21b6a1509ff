import { z } from "zod";
import { containerArchitectureSchema } from "../aws/ec2/architecture";
import { subnetIdsSchema } from "../aws/ec2/subnet-ids";
import { imageReferenceSchema } from "../aws/ecr/image-reference";
import { checkVariables, valueFromSchema, variableName } from "../aws/ecs/container";
import { checkFargateSize, FARGATE_SIZES, fargateSizeShape } from "../aws/ecs/fargate-size";
import { sortedEntries } from "../common/collections";
import { roleArnSchema } from "../common/settings/arns";
import { refuse } from "../common/settings/faults";
import { orToken, parseInput, requiredString } from "../common/settings/props";
import { tagsSchema } from "../common/settings/tags";
import { terraformJson } from "../common/terraform-json";
import { prefectApiSchema } from "./prefect-api";

/** Variables that are not the user's: Prefect and ECS set them. */
const OWN_VARIABLE = /^(PREFECT_API_(URL|KEY|AUTH_STRING)|PREFECT__.*|AWS_(REGION|DEFAULT_REGION))$/i;

/**
 * Tags on the tasks of flow runs, at most 30. Source: AWS General Reference, 50 tags a resource; prefect-aws 0.7.12 sets up to
 * 16, and `labels` of a deployment come on top.
 */
export const taskTagsSchema = tagsSchema.superRefine((tags, ctx) => {
  const count = Object.keys(tags).length;
  if (count <= 30) return;
  refuse(ctx, [], `must have at most 30 tags with those that the stacks set, as Prefect adds its own, got ${count}`);
});

/** Settings of the tasks in which flows run. A deployment can override most of them by job variables. */
export const flowTaskShape = {
  /** Image of flow runs, by a fixed tag or a digest, with Prefect and what the flows import. */
  image: orToken(imageReferenceSchema).default("docker.io/prefecthq/prefect:3.9.1-python3.12"),
  /** CPU units of a flow run's task; 1024 are a vCPU. */
  cpu: fargateSizeShape.cpu.default(1024),
  /** Memory of a flow run's task, MiB. */
  memory: fargateSizeShape.memory.default(2048),
  /** Processor architecture of the image. ARM64 costs a fifth less. */
  architecture: containerArchitectureSchema.default("X86_64"),
  /** Ephemeral storage, GiB, 21 to 200; Fargate's free 20 when absent. */
  ephemeralStorageGib: z.int().min(21).max(200).optional(),
  /** Run flows on Fargate Spot, for about a third of the price: AWS stops a task two minutes after a SIGTERM, and its run crashes. */
  spot: z.boolean().default(false),
  /**
   * Environment variables of flow runs. Not for secrets. `EXTRA_PIP_PACKAGES` lists packages that Prefect's own images install
   * at each start. Text in `{{ }}` is Prefect's: a block or a variable by its name.
   */
  environment: z.record(variableName, z.string()).default({}),
  /** Environment variables of flow runs from Secrets Manager, each the full ARN of a secret, optionally with `:key::`. */
  secrets: z.record(variableName, valueFromSchema).default({}),
  /**
   * Deregister a task definition when the run for which it was registered ends. Off, a deployment keeps one definition that
   * its next runs use again.
   */
  deregisterDefinitions: z.boolean().default(false),
};
type FlowTask = z.output<z.ZodObject<typeof flowTaskShape>>;

/** Rules across the inputs of {@link flowTaskShape}. */
export function checkFlowTask(settings: FlowTask, ctx: z.RefinementCtx, path: string[] = []): void {
  checkFargateSize(settings, ctx, path);
  for (const key of ["environment", "secrets"] as const) {
    for (const name of Object.keys(settings[key]).filter((variable) => OWN_VARIABLE.test(variable))) {
      refuse(ctx, [...path, key, name], "must be left out, as Prefect or ECS sets it, got a value");
    }
  }
  checkVariables(settings, ctx, path);
}

const schema = z
  .strictObject({
    /** ECS cluster of flow runs, by its ARN. */
    cluster: requiredString,
    /** VPC of the subnets; the worker checks that they are in it. */
    vpcId: requiredString,
    /** Private subnets, 1 to 16. */
    subnetIds: subnetIdsSchema.min(1).max(16), // Source: ECS API reference, AwsVpcConfiguration
    /** Security groups, 1 to 5. */
    securityGroupIds: z.array(requiredString).min(1).max(5), // Source: ECS API reference, AwsVpcConfiguration
    /** Role with which ECS starts the tasks; needed for logs and secrets. */
    executionRoleArn: roleArnSchema.optional(),
    /** Role of the flows. */
    taskRoleArn: roleArnSchema.optional(),
    /** Existing log group of the flows' output; no output is kept when absent. */
    logGroupName: requiredString.optional(),
    /** Credentials of the Prefect API. */
    api: prefectApiSchema,
    /** Tags on the tasks, at most 30: Prefect adds its own. */
    tags: taskTagsSchema.default({}),
    ...flowTaskShape,
  })
  .superRefine((settings, ctx) => {
    checkFlowTask(settings, ctx);
    const { executionRoleArn, logGroupName, api, secrets } = settings;
    if (executionRoleArn !== undefined) return;
    const needs = [
      ...(logGroupName === undefined ? [] : ["logGroupName"]),
      ...(api.keySecretArn === undefined ? [] : ["api.keySecretArn"]),
      ...(api.authStringSecretArn === undefined ? [] : ["api.authStringSecretArn"]),
      ...Object.keys(secrets).map((name) => `secrets.${name}`),
    ];
    // the library registers such a definition, and ECS refuses each task
    if (needs.length > 0) {
      refuse(ctx, "executionRoleArn", `is required with ${needs.join(", ")}: ECS reads and writes these, got nothing`);
    }
  });
export type BaseJobTemplateSettings = z.input<typeof schema>;
type Settings = z.output<typeof schema>;

/**
 * Base job template of a work pool of type `ecs`, as JSON: what each job variable is when a deployment does not say. The keys
 * are those of prefect-aws 0.7.12; a test compares them with its own model. `where` begins the messages of errors.
 */
export function baseJobTemplate(where: string, settings: BaseJobTemplateSettings): string {
  const checked = parseInput(where, schema, settings);
  return terraformJson({ job_configuration: configuration(checked), variables: variables(checked) }, 2);
}

/** What a worker sends to ECS; text in braces is a job variable. */
function configuration(settings: Settings) {
  const { architecture, ephemeralStorageGib, secrets, tags } = settings;
  return {
    command: "{{ command }}",
    env: "{{ env }}",
    labels: "{{ labels }}",
    name: "{{ name }}",
    task_definition: {
      containerDefinitions: [
        {
          name: "prefect",
          image: "{{ image }}",
          // the only container of the task, which gets all of it
          cpu: "{{ cpu }}",
          memory: "{{ memory }}",
          ...(Object.keys(secrets).length > 0 && {
            secrets: sortedEntries(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
          }),
        },
      ],
      cpu: "{{ cpu }}",
      memory: "{{ memory }}",
      executionRoleArn: "{{ execution_role_arn }}",
      // absent for Intel, as ECS does not give back its default, and the worker would register another revision
      ...(architecture === "ARM64" && {
        runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: "LINUX" },
      }),
      ...(ephemeralStorageGib && { ephemeralStorage: { sizeInGiB: ephemeralStorageGib } }),
    },
    task_run_request: {
      cluster: "{{ cluster }}",
      // stays beside a capacity provider strategy: without it the worker would forget the network
      launchType: "{{ launch_type }}",
      capacityProviderStrategy: "{{ capacity_provider_strategy }}",
      overrides: {
        containerOverrides: [
          {
            name: "prefect",
            command: "{{ command }}",
            environment: "{{ env }}",
            cpu: "{{ cpu }}",
            memory: "{{ memory }}",
          },
        ],
        cpu: "{{ cpu }}",
        memory: "{{ memory }}",
        taskRoleArn: "{{ task_role_arn }}",
      },
      ...(Object.keys(tags).length > 0 && { tags: sortedEntries(tags).map(([key, value]) => ({ key, value })) }),
    },
    cluster: "{{ cluster }}",
    vpc_id: "{{ vpc_id }}",
    network_configuration: "{{ network_configuration }}",
    execution_role_arn: "{{ execution_role_arn }}",
    configure_cloudwatch_logs: "{{ configure_cloudwatch_logs }}",
    cloudwatch_logs_options: "{{ cloudwatch_logs_options }}",
    cloudwatch_logs_prefix: "{{ cloudwatch_logs_prefix }}",
    prefect_api_key_secret_arn: "{{ prefect_api_key_secret_arn }}",
    prefect_api_auth_string_secret_arn: "{{ prefect_api_auth_string_secret_arn }}",
    auto_deregister_task_definition: "{{ auto_deregister_task_definition }}",
    match_latest_revision_in_family: "{{ match_latest_revision_in_family }}",
  };
}

/** JSON schema of the job variables, with our values as defaults. */
function variables(settings: Settings) {
  const { api, logGroupName, executionRoleArn, taskRoleArn } = settings;
  const text = (title: string, description: string, value?: string) => ({
    title,
    description,
    type: "string",
    ...(value !== undefined && { default: value }),
  });
  const map = (title: string, description: string, value: object) => ({
    title,
    description,
    type: "object",
    additionalProperties: { type: "string" },
    default: value,
  });
  const flag = (title: string, description: string, value: boolean) => ({
    title,
    description,
    type: "boolean",
    default: value,
  });
  return {
    type: "object",
    description: "Job variables of flow runs in this pool.",
    properties: {
      name: text("Name", "Name of the flow run's infrastructure."),
      env: map("Environment variables", "Environment variables of the flow run.", settings.environment),
      labels: map("Labels", "Tags on the flow run's task, beside those of the pool.", {}),
      command: text("Command", "Command that starts the flow run; Prefect's own when absent."),
      image: text("Image", "Image of the flow run.", settings.image),
      cpu: {
        title: "CPU",
        description: "CPU units of the task, 1024 per vCPU.",
        type: "integer",
        enum: Object.keys(FARGATE_SIZES).map(Number),
        default: settings.cpu,
      },
      memory: {
        title: "Memory",
        description: "Memory of the task, MiB, as Fargate offers it for the CPU.",
        type: "integer",
        minimum: 512,
        maximum: 122_880,
        default: settings.memory,
      },
      cluster: text("Cluster", "ECS cluster of the task.", settings.cluster),
      launch_type: {
        title: "Launch type",
        description: "Always FARGATE, beside a capacity provider strategy too.",
        type: "string",
        enum: ["FARGATE"],
        default: "FARGATE",
      },
      capacity_provider_strategy: {
        title: "Capacity provider strategy",
        description: "Shares of on-demand and Spot capacity; on demand when empty.",
        type: "array",
        items: {
          type: "object",
          properties: {
            capacityProvider: { type: "string", enum: ["FARGATE", "FARGATE_SPOT"] },
            weight: { type: "integer" },
            base: { type: "integer" },
          },
          required: ["capacityProvider", "weight", "base"],
        },
        default: settings.spot ? [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 0 }] : [],
      },
      vpc_id: text("VPC", "VPC of the subnets.", settings.vpcId),
      network_configuration: {
        title: "Network",
        description: "Subnets, security groups and public address of the task, in ECS's own words.",
        type: "object",
        default: {
          subnets: settings.subnetIds,
          securityGroups: settings.securityGroupIds,
          assignPublicIp: "DISABLED",
        },
      },
      execution_role_arn: text("Execution role", "Role with which ECS starts the task.", executionRoleArn),
      task_role_arn: text("Task role", "Role of the flow.", taskRoleArn),
      configure_cloudwatch_logs: flag(
        "CloudWatch logs",
        "Keep the output in CloudWatch Logs.",
        logGroupName !== undefined,
      ),
      cloudwatch_logs_options: map(
        "Log options",
        "Options of the awslogs driver.",
        // the group exists, so the execution role need not create any
        logGroupName === undefined ? {} : { "awslogs-group": logGroupName, "awslogs-create-group": "false" },
      ),
      cloudwatch_logs_prefix: text("Log prefix", "Prefix of the log stream; of pool and deployment when absent."),
      prefect_api_key_secret_arn: text("API key", "Secret with the key of Prefect Cloud.", api.keySecretArn),
      prefect_api_auth_string_secret_arn: text(
        "Auth string",
        "Secret with the auth string of a Prefect server.",
        api.authStringSecretArn,
      ),
      auto_deregister_task_definition: flag(
        "Deregister",
        "Deregister a task definition when the run for which it was registered ends.",
        settings.deregisterDefinitions,
      ),
      match_latest_revision_in_family: flag(
        "Use again",
        "Use the deployment's latest task definition again where it fits.",
        true,
      ),
    },
  };
}
