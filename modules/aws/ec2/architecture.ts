import { z } from "zod";

/** Processor architecture as EC2 and its images spell it. */
export const ec2ArchitectureSchema = z.enum(["x86_64", "arm64"]);
export type Ec2Architecture = z.output<typeof ec2ArchitectureSchema>;

/** Processor architecture as ECS and CodeBuild spell it. */
export const containerArchitectureSchema = z.enum(["X86_64", "ARM64"]);
export type ContainerArchitecture = z.output<typeof containerArchitectureSchema>;

const EC2_ARCHITECTURES = { X86_64: "x86_64", ARM64: "arm64" } as const;

/** EC2's spelling of an architecture of ECS or CodeBuild. */
export const toEc2Architecture = (architecture: ContainerArchitecture): Ec2Architecture =>
  EC2_ARCHITECTURES[architecture];
