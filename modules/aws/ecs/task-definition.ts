import { EcsTaskDefinition, type EcsTaskDefinitionVolume } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { refuse } from "../../common/settings/faults";
import { reference } from "../../common/settings/props";
import { containerArchitectureSchema } from "../ec2/architecture";
import { containerSchema, renderContainer } from "./container";
import { checkFargateSize, fargateSizeShape } from "./fargate-size";

/** File system that a task mounts; `SharedFiles` is one. */
export interface TaskFiles {
  readonly fileSystemId: string;
  readonly accessPointId: string;
  /** With both ARNs the task role is granted access; otherwise the file system's policy must grant it. */
  readonly fileSystemArn?: string;
  readonly accessPointArn?: string;
  /** What must exist before a task can mount it. */
  readonly ready?: ITerraformDependable[];
}

const volumeSchema = z.strictObject({
  /** Name: 1 to 255 letters, digits, hyphens and underscores. */
  name: z
    .string()
    .max(255)
    .regex(/^[A-Za-z0-9_-]+$/, "must have letters, digits, hyphens and underscores only"),
  /** Mount point in the container, such as `/var/lib/rabbitmq`. */
  containerPath: z
    .string()
    .max(255)
    .regex(/^(\/[\w.-]+)+$/, "must be an absolute path other than /, of letters, digits and _.- only"),
  /**
   * File system that outlives the task, mounted over TLS through its access point with the task role. When absent, the
   * volume lives and dies with the task; users other than root can write to it only if the image declares a `VOLUME` at a
   * directory of theirs.
   */
  files: reference<TaskFiles>("SharedFiles", "fileSystemId", "accessPointId").optional(),
  /** Mount read-only. */
  readOnly: z.boolean().default(false),
});
export type TaskVolume = z.output<typeof volumeSchema>;

/** Container and size of a task. */
export const taskDefinitionShape = {
  ...fargateSizeShape,
  /** CPU architecture of the image. ARM64 costs a fifth less. */
  architecture: containerArchitectureSchema.default("X86_64"),
  /** The task's only container. */
  container: containerSchema,
  /** Prefix of each task's log stream, 1 to 128 letters, digits and _.-/; container and task follow. */
  logPrefix: z
    .string()
    .max(128)
    .regex(/^[\w.-][\w./-]*$/, "must have letters, digits and _.-/ only"),
  /** Volumes, at most 20. */
  volumes: z.array(volumeSchema).max(20).default([]),
  /** Ephemeral storage, GiB, 21 to 200; Fargate's free 20 when absent. */
  ephemeralStorageGib: z.int().min(21).max(200).optional(),
  /** Allow shells in the container through ECS Exec. */
  executeCommand: z.boolean().default(false),
};
type Settings = z.output<z.ZodObject<typeof taskDefinitionShape>>;

/** Rules across the inputs of {@link taskDefinitionShape}. */
export function checkTaskDefinition(settings: Settings, ctx: z.RefinementCtx): void {
  const { container, executeCommand, volumes } = settings;
  checkFargateSize(settings, ctx);
  if (executeCommand && container.readonlyRootFilesystem) {
    // Source: ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec", considerations
    const message = "must be off with readonlyRootFilesystem, as the agent writes to the root file system, got true";
    refuse(ctx, "executeCommand", message);
  }
  for (const key of ["name", "containerPath"] as const) {
    for (const [i, volume] of volumes.entries()) {
      if (volumes.findIndex((other) => other[key] === volume[key]) === i) continue;
      const message = `must be unique, got ${volume[key]} again`;
      refuse(ctx, ["volumes", i, key], message);
    }
  }
}

export interface TaskDefinitionProps {
  /** Name of the service and of the task definition family. */
  name: string;
  region: string;
  executionRoleArn: string;
  taskRoleArn: string;
  logGroupName: string;
  settings: Settings;
}

/** Task definition of a Fargate task with one container. */
export class TaskDefinition extends Construct {
  readonly taskDefinitionArn: string;
  readonly family: string;
  readonly containerName: string;

  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id);
    const { name, region, executionRoleArn, taskRoleArn, logGroupName, settings } = props;
    const { cpu, memory, architecture, container, logPrefix, ephemeralStorageGib, executeCommand } = settings;
    this.containerName = container.name ?? name;
    const volumes = [...settings.volumes].sort((a, b) => (a.name < b.name ? -1 : 1));

    const definition = new EcsTaskDefinition(this, "definition", {
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(cpu),
      memory: String(memory),
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: "LINUX" },
      executionRoleArn,
      taskRoleArn,
      containerDefinitions: renderContainer(container, {
        name: this.containerName,
        mounts: volumes,
        logGroupName,
        logPrefix,
        region,
        executeCommand,
      }),
      ...(volumes.length > 0 && { volume: volumes.map(volumeOf) }),
      ...(ephemeralStorageGib && { ephemeralStorage: { sizeInGib: ephemeralStorageGib } }),
      // A failed deployment rolls back to the previous revision, which must still be registered. Revisions are free.
      // Source: ECS API reference, DeregisterTaskDefinition.
      skipDestroy: true,
    });

    this.taskDefinitionArn = definition.arn;
    this.family = definition.family;
  }
}

const volumeOf = ({ name, files }: TaskVolume): EcsTaskDefinitionVolume =>
  files
    ? {
        name,
        efsVolumeConfiguration: {
          fileSystemId: files.fileSystemId,
          transitEncryption: "ENABLED",
          authorizationConfig: { accessPointId: files.accessPointId, iam: "ENABLED" },
        },
      }
    : { name };
