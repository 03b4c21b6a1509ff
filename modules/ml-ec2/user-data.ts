import { readFileSync } from "node:fs";
import { join } from "node:path";
import { agentConfig } from "../aws/ec2/cloudwatch-agent";
import { InputError, parseInput } from "../common/settings/props";
import { type UserDataInput, type UserDataSettings, userDataSchema } from "./user-data-schema";

const WHERE = "user-data";
const ASSETS = join(__dirname, "..", "..", "assets");
const HOME = "/home/ec2-user";

/** Bytes of user data before its encoding. Source: EC2 User Guide, "Run commands when you launch an EC2 instance". */
const MAX_BYTES = 16_384;
/** Maximum length of what Terraform substitutes for a reference (a bucket's name, a secret's ARN). */
const REFERENCE_BYTES = 160;
const REFERENCE = /\$\{TfToken\[[^\]]*\]\}/g;

/** Listen address in the services' files, and its replacement for services on the network. */
const LOOPBACK = "127.0.0.1";
const EVERYWHERE = "0.0.0.0";

const RPMS = [
  ...[
    "amazon-cloudwatch-agent",
    "gcc",
    "gcc-c++",
    "git",
    "htop",
    "logrotate",
    "make",
    "python3.12",
    "python3.12-devel",
  ],
  ...["rsyslog", "tmux", "unzip", "vim-enhanced", "wget"],
];
const LIBRARIES = ["boto3", "ipython", "matplotlib", "numpy", "pandas", "scikit-learn", "seaborn"];
/** PyTorch builds without NVIDIA's libraries, which take 3 GB. */
const CPU_WHEELS = "--extra-index-url https://download.pytorch.org/whl/cpu";

type Fault = (key: string, message: string) => InputError;
const ownFault: Fault = (key, message) => new InputError(`${WHERE}: ${key}: ${message}`);

/**
 * Shell script that sets up Amazon Linux 2023 for machine learning at the first boot, as a Terraform string: references
 * stay, and shell expansions are escaped.
 *
 * It ends with `/var/log/user-data-complete` or `/var/log/user-data-failed`, and publishes the metric `UserDataFailed`, 0 or
 * 1, to `metricsNamespace`: without dimensions, for an alarm on all machines, and by `InstanceId`, to find the machine.
 * `fault` makes the error of a script that is too long.
 */
export function renderUserData(input: UserDataInput, fault: Fault = ownFault): string {
  const script = render(parseInput(WHERE, userDataSchema, input));
  const bytes = Buffer.byteLength(script.replace(REFERENCE, "x".repeat(REFERENCE_BYTES)));
  if (bytes > MAX_BYTES) {
    const advice = "must be fewer, or paths and names shorter";
    throw fault("dataVolumes", `${advice}: EC2 allows ${MAX_BYTES} bytes of user data, got ${bytes}`);
  }
  return script.replace(/\$\{(?!TfToken\[)/g, "$$$${").replace(/%\{/g, "%%{");
}

function render(input: UserDataSettings): string {
  const { jupyter, tensorboard, sharedFiles, gpu } = input;
  const volumes = [...input.dataVolumes].sort((a, b) => (a.device < b.device ? -1 : 1));
  const services = [...when(jupyter, "jupyter"), ...when(tensorboard, "tensorboard")];
  const owned = [...when(jupyter, `${HOME}/notebooks`, `${HOME}/.jupyter`), ...when(tensorboard, "/opt/ml/runs")];
  const constraints = asset("constraints.txt", ...when(jupyter, "constraints-jupyter.txt"));
  const logs = services.map((name) => `/var/log/${name}.log`);
  const service = (name: string) =>
    input.listen === "network" ? asset(name).replaceAll(LOOPBACK, EVERYWHERE) : asset(name);
  const lines = [
    "#!/bin/bash",
    `# First boot of a machine of ${input.projectName}-${input.environment}`,
    FUNCTIONS.map((name) => text(name)).join("\n"),
    ...when(volumes.length > 0, asset("data-volumes.sh")),
    ...when(sharedFiles, text("machine/shared-files.sh")),
    "",
    `settings ${heredoc(environmentFile(input))}`,
    "step 'instance id'",
    "instance=$(retry metadata instance-id)",
    // a newer kernel would lack the driver, which the image has for its own kernel
    `upgrade --releasever=latest${gpu ? " --exclude='kernel*' --exclude='*nvidia*'" : ""}`,
    `packages ${packages(input).join(" ")}`,
    put("/etc/ml/cloudwatch-agent.json", "644 root", agent(input, services)),
    "agent",
    ...volumes.map(({ device, mountPoint }) => `data_volume ${device} ${mountPoint}`),
    ...(sharedFiles
      ? [`shared_files ${sharedFiles.fileSystemId} ${sharedFiles.accessPointId} ${sharedFiles.mountPoint}`]
      : []),
    put("/etc/ml/constraints.txt", "644 root", constraints),
    `libraries ${libraries(input).join(" ")}`,
    "step files",
    put("/etc/profile.d/ml.sh", "644 root", asset("profile.sh")),
    put(`${HOME}/README.md`, "644 ec2-user", asset("readme.md", ...services.map((name) => `readme-${name}.md`))),
    put(`${HOME}/test_s3_access.py`, "755 ec2-user", asset("test_s3_access.py")),
    ...when(owned.length > 0, `install -d -o ec2-user -g ec2-user ${owned.join(" ")}`),
    ...when(
      jupyter,
      put("/opt/ml/bin/jupyter-token", "755 root", asset("jupyter-token.sh")),
      put(`${HOME}/.jupyter/jupyter_server_config.py`, "644 ec2-user", service("jupyter_server_config.py")),
      put(`${HOME}/notebooks/Welcome.ipynb`, "644 ec2-user", asset("welcome.ipynb")),
    ),
    "chown -R ec2-user: /opt/ml",
    ...services.map((name) => put(`/etc/systemd/system/${name}.service`, "644 root", service(`${name}.service`))),
    ...when(
      services.length > 0,
      put("/etc/logrotate.d/ml", "644 root", `${logs.join(" ")} ${asset("logrotate.conf")}`),
      `services ${services.join(" ")}`,
    ),
    "complete",
  ];
  return `${lines.join("\n")}\n`;
}

const when = (condition: unknown, ...lines: string[]): string[] => (condition ? lines : []);

/** Functions of the script. */
const FUNCTIONS = ["machine/functions.sh", "ml-ec2/libraries.sh", "machine/services.sh", "ml-ec2/complete.sh"];

const text = (path: string): string => readFileSync(join(ASSETS, path), "utf8").trimEnd();
/** Concatenated files of `assets/ml-ec2`. */
const asset = (...names: string[]): string => names.map((name) => text(`ml-ec2/${name}`)).join("\n");

const heredoc = (content: string): string => `<<'EOF'\n${content}\nEOF`;

/** Call of the script's function `put`, which writes a file. */
const put = (path: string, owner: string, content: string): string => `put ${path} ${owner} ${heredoc(content)}`;

/** Environment of the script, the services and every login shell, in lines that both a shell and systemd can read. */
const environmentFile = (input: UserDataSettings): string =>
  [
    `AWS_DEFAULT_REGION=${input.region}`,
    `AWS_REGION=${input.region}`,
    `DATASETS_BUCKET=${input.datasetsBucket}`,
    `MODELS_BUCKET=${input.modelsBucket}`,
    `METRICS_NAMESPACE=${input.metricsNamespace}`,
    `ML_PROJECT=${input.projectName}`,
    `ML_ENVIRONMENT=${input.environment}`,
    `ML_WORKLOAD_TYPE=${input.workloadType}`,
    ...(input.jupyter ? [`JUPYTER_SECRET_ARN=${input.jupyter.tokenSecretArn}`] : []),
  ].join("\n");

const packages = ({ dataVolumes, sharedFiles }: UserDataSettings): string[] => [
  ...RPMS,
  ...when(dataVolumes.length > 0, "e2fsprogs"),
  ...when(sharedFiles, "amazon-efs-utils"),
];

/** Arguments of pip: libraries, whose versions the constraints fix, and their index. */
function libraries({ frameworks, gpu, jupyter, tensorboard }: UserDataSettings): string[] {
  const pytorch = frameworks.includes("pytorch");
  const tensorflow = frameworks.includes("tensorflow");
  return [
    ...when(pytorch && !gpu, CPU_WHEELS),
    ...LIBRARIES,
    ...when(pytorch, "torch", "torchvision"),
    ...when(tensorflow, gpu ? "'tensorflow[and-cuda]'" : "tensorflow"),
    ...when(jupyter, "jupyterlab"),
    ...when(tensorboard, "tensorboard"),
  ];
}

const agent = (input: UserDataSettings, services: string[]): string =>
  agentConfig({
    ...input,
    logFiles: ["user-data.log", ...services.map((name) => `${name}.log`), "messages", "secure"],
    disks: ["/", ...input.dataVolumes.map(({ mountPoint }) => mountPoint).sort()],
  });
