import { EcsTaskDefinition, type EcsTaskDefinitionVolume } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { refuse } from "../../common/settings/faults";
import { reference } from "../../common/settings/props";
import { containerArchitectureSchema } from "../ec2/architecture";
import { containerSchema, renderContainer } from "./container";
import { checkFargateSize, fargateSizeShape } from "./fargate-size";

/** What is read of a file system that a task mounts; `SharedFiles` is one. */
export interface TaskFiles {
  readonly fileSystemId: string;
  readonly accessPointId: string;
  /** With both ARNs the task's role is allowed to mount; else the file system's own policy must let the role in. */
  readonly fileSystemArn?: string;
  readonly accessPointArn?: string;
  /** What must be there before a task can mount. */
  readonly ready?: ITerraformDependable[];
}

const volumeSchema = z.strictObject({
  /** Name, 1 to 255 letters, digits, hyphens and underscores. */
  name: z
    .string()
    .max(255)
    .regex(/^[A-Za-z0-9_-]+$/, "must have letters, digits, hyphens and underscores only"),
  /** Where the container sees it, such as `/var/lib/rabbitmq`. */
  containerPath: z
    .string()
    .max(255)
    .regex(/^(\/[\w.-]+)+$/, "must be an absolute path other than /, of letters, digits and _.- only"),
  /**
   * File system that outlives the task, mounted by TLS through its access point, as the task's role. When absent, the
   * volume is the task's own and goes with it; a user other than root can write to it if the image says
   * `VOLUME` for a directory that belongs to that user.
   */
  files: reference<TaskFiles>("SharedFiles", "fileSystemId", "accessPointId").optional(),
  /** Whether the container can only read it. */
  readOnly: z.boolean().default(false),
});
export type TaskVolume = z.output<typeof volumeSchema>;

/** What runs in a task, and how large it is. */
export const taskDefinitionShape = {
  ...fargateSizeShape,
  /** Processor that the image is built for; X86_64 by default. ARM64 costs a fifth less. */
  architecture: containerArchitectureSchema.default("X86_64"),
  /** The one container of a task. */
  container: containerSchema,
  /** Beginning of each task's log stream, 1 to 128 letters, digits and _.-/; what follows is the container and the task. */
  logPrefix: z
    .string()
    .max(128)
    .regex(/^[\w.-][\w./-]*$/, "must have letters, digits and _.-/ only"),
  /** Directories that the container writes to beside its own, none by default. */
  volumes: z.array(volumeSchema).max(20).default([]),
  /** GiB of disk for the image and what a task writes, 21 to 200; Fargate's 20, which are free, when absent. */
  ephemeralStorageGib: z.int().min(21).max(200).optional(),
  /** Whether people may open a shell in a container by ECS Exec, through Session Manager. */
  executeCommand: z.boolean().default(false),
};
type Settings = z.output<z.ZodObject<typeof taskDefinitionShape>>;

/** Rules across the inputs of {@link taskDefinitionShape}. */
export function checkTaskDefinition(settings: Settings, ctx: z.RefinementCtx): void {
  const { container, executeCommand, volumes } = settings;
  checkFargateSize(settings, ctx);
  if (executeCommand && container.readonlyRootFilesystem) {
    // Source: ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec", considerations
    const message = "must be off where the root file system is read-only, which the agent writes to, got true";
    refuse(ctx, "executeCommand", message);
  }
  for (const key of ["name", "containerPath"] as const) {
    for (const [i, volume] of volumes.entries()) {
      if (volumes.findIndex((other) => other[key] === volume[key]) === i) continue;
      const message = `must be another one for each volume, got ${volume[key]} again`;
      refuse(ctx, ["volumes", i, key], message);
    }
  }
}

export interface TaskDefinitionProps {
  /** Name of the service, and of the family of revisions. */
  name: string;
  region: string;
  executionRoleArn: string;
  taskRoleArn: string;
  logGroupName: string;
  settings: Settings;
}

/** What a Fargate task of one container is made of. */
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
      // A deployment that fails goes back to the revision before, which must still be registered: ECS lets no service
      // change to one that is not. Revisions cost nothing. Source: ECS API reference, DeregisterTaskDefinition.
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
