import { agentConfig } from "../aws/ec2/cloudwatch-agent";
import { asset, putFile, userData } from "../aws/ec2/user-data";

/** Where machines mount the file system: the packages and data sets, and the checkpoints. */
export const MOUNTS = { training: "/mnt/training", checkpoints: "/mnt/checkpoints" } as const;

export interface MachineUserDataInput {
  /** Name of the environment. */
  readonly environment: string;
  readonly region: string;
  readonly fileSystemId: string;
  /** Ids of the access points by what they lead to. */
  readonly accessPoints: Readonly<Record<keyof typeof MOUNTS, string>>;
  /** Version of Python, as the wheels are for. */
  readonly pythonVersion: string;
  /** Packages to install, in their order. */
  readonly packages: readonly string[];
  /** Configuration of the worker, JSON. */
  readonly config: string;
  readonly logGroup: string;
  readonly metricsNamespace: string;
  /** Whether the machine has NVIDIA GPUs. */
  readonly gpu: boolean;
}

/**
 * Shell script of the first boot of a training machine, as a Terraform string: it mounts the files, installs the wheels and
 * starts the worker. It ends with `/var/log/user-data-complete`, or with `/var/log/user-data-failed` and the machine off, and
 * publishes the metric `UserDataFailed`. `trainer` is the setting that the error of a script which is too long names.
 */
export function machineUserData(trainer: string, input: MachineUserDataInput): string {
  const { environment, region, fileSystemId, accessPoints, pythonVersion, packages, metricsNamespace } = input;
  const python = `python${pythonVersion}`;
  const mount = (key: keyof typeof MOUNTS) => `shared_files ${fileSystemId} ${accessPoints[key]} ${MOUNTS[key]}`;
  const variables = [
    `AWS_DEFAULT_REGION=${region}`,
    `AWS_REGION=${region}`,
    `METRICS_NAMESPACE=${metricsNamespace}`,
    `TRAINING_ENVIRONMENT=${environment}`,
  ];
  const agent = agentConfig({
    logGroup: input.logGroup,
    metricsNamespace,
    logFiles: ["user-data.log", "messages"],
    disks: ["/"],
    gpu: input.gpu,
    fleet: true,
  });
  const machine = (file: string) => asset("machine", file);
  const lines = [
    "#!/bin/bash",
    `# First boot of a training machine of ${environment}`,
    machine("functions.sh"),
    machine("services.sh"),
    machine("shared-files.sh"),
    asset("training-machine", "functions.sh"),
    "",
    `settings <<'EOF'\n${variables.join("\n")}\nEOF`,
    "step 'instance id'",
    "instance=$(retry metadata instance-id)",
    `packages amazon-cloudwatch-agent amazon-efs-utils ${python} ${python}-pip rsyslog`,
    putFile("/etc/ml/cloudwatch-agent.json", "644 root", agent),
    "agent",
    mount("training"),
    mount("checkpoints"),
    `wheels ${[python, ...packages].join(" ")}`,
    "step files",
    putFile("/etc/training/config.json", "644 root", input.config),
    putFile(
      "/etc/systemd/system/training-worker.service",
      "644 root",
      asset("training-machine", "training-worker.service"),
    ),
    "services training-worker",
    "complete",
  ];
  return userData(trainer, `${lines.join("\n")}\n`, "must be shorter, or packages fewer");
}
