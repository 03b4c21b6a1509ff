import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { installPython } from "../../tools/policy/python-tools";
import { AwsShell } from "./aws-shell";
import { ChildProgram } from "./child-program";
import { MetadataService } from "./metadata-service";
import { Moto } from "./moto";
import { type Ended, run } from "./process";
import type { Json } from "./synth";

const SOURCES = resolve("assets", "training", "src");
const PYTHON = resolve("__tests__", "support", "python");
const DRIVER = join(PYTHON, "training_driver.py");
const METADATA = "/latest/meta-data";

/** Python with what the runtime needs, NumPy, and what the model of its protocol needs. */
export const installTraining = async (): Promise<string> =>
  join(await installPython("requirements-training.txt", resolve(".venv-training")), "bin", "python");

export interface JobSent {
  job_id: string;
  name: string;
  priority?: string;
  max_attempts?: number;
  dependencies?: string[];
  timeout_seconds?: number;
  config?: object;
}

/** A machine: the worker's program, and the metadata service that it asks. */
export interface TrainingMachine {
  readonly id: string;
  readonly worker: ChildProgram;
  readonly metadata: MetadataService;
}

/** Queues, registry and topic on moto, and the runtime's own programs on them. */
export class TrainingPlatform {
  readonly machines: TrainingMachine[] = [];

  private constructor(
    readonly folder: string,
    readonly calls: string,
    readonly moto: Moto,
    readonly config: Json,
    readonly topic: { arn: string; mailbox: string },
    private readonly python: string,
    private readonly shell: AwsShell,
  ) {}

  /** `settings` are the runtime's, beside those of the stacks. */
  static async start(folder: string, settings: Json = {}): Promise<TrainingPlatform> {
    mkdirSync(folder, { recursive: true });
    const python = await installTraining();
    const calls = join(folder, "calls");
    const moto = await Moto.start({ calls });
    const shell = new AwsShell({ ...moto.env, PYTHONPATH: SOURCES });
    const trainer = [python, "-B", join(PYTHON, "training_trainer.py")];
    const own = { checkpoints: join(folder, "checkpoints"), training: join(folder, "training"), trainer, ...settings };
    const config = await shell.run(DRIVER, "create", [own]);
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const topic = await shell.run(DRIVER, "topic", []);
    return new TrainingPlatform(folder, calls, moto, config, topic, python, shell);
  }

  async stop(): Promise<void> {
    await Promise.all(this.machines.flatMap(({ worker, metadata }) => [worker.kill(), metadata.stop()]));
    this.shell.end();
    await this.moto.stop();
  }

  private env(key: string): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      PYTHONPATH: SOURCES,
      PYTHONDONTWRITEBYTECODE: "1",
      OPENBLAS_NUM_THREADS: "1",
      AWS_DEFAULT_REGION: "us-east-1",
      ...this.moto.env,
      AWS_ACCESS_KEY_ID: key,
    };
  }

  /** Starts a worker on a machine of this id. */
  async machine(id: string): Promise<TrainingMachine> {
    const metadata = await MetadataService.start({
      [`${METADATA}/instance-id`]: id,
      [`${METADATA}/instance-type`]: "g5.xlarge",
      [`${METADATA}/local-ipv4`]: "10.20.10.5",
      [`${METADATA}/placement/availability-zone`]: "us-east-1a",
      [`${METADATA}/instance-life-cycle`]: "spot",
    });
    const args = ["-m", "ml_training.service", "--config", join(this.folder, "config.json")];
    const env = { ...this.env(id), AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url };
    const machine = { id, metadata, worker: new ChildProgram(id, this.python, args, { env, cwd: this.folder }) };
    this.machines.push(machine);
    return machine;
  }

  /** Runs `train` to its end. */
  train(...args: string[]): Promise<Ended> {
    const config = ["--config", join(this.folder, "config.json")];
    return run(this.python, ["-m", "ml_training.cli", ...config, ...args], {
      env: this.env("person"),
      cwd: this.folder,
    });
  }

  /** What a function of the driver gives. */
  ask(call: string, ...args: unknown[]): Promise<Json> {
    return this.shell.run(DRIVER, call, [this.config, ...args]);
  }

  /** An operation of AWS, in boto3's spelling. */
  aws(client: string, call: string, args: object): Promise<Json> {
    return this.shell.call(client, call, args);
  }

  /** Messages of a queue, which are gone then. */
  drain(url: string): Promise<{ body: string; reason?: string }[]> {
    return this.shell.run(DRIVER, "drain", [url]);
  }

  /** Calls the interruption function. */
  event(event: unknown): Promise<Json> {
    return this.ask("interruption", this.topic.arn, event);
  }

  /** What handlers wrote. */
  get functionLog(): string {
    return this.shell.log;
  }

  /** Lines of a file that the trainers of a job wrote; none when there is no such file. */
  lines(jobId: string, file: string): string[] {
    try {
      return readFileSync(join(this.folder, "checkpoints", jobId, file), "utf8")
        .trim()
        .split("\n");
    } catch {
      return [];
    }
  }
}

/** EC2's event about a machine. */
export const ec2Event = (kind: string, detail: object) => ({
  id: "7bf73129-1428-4cd3-a780-95db273d1602",
  source: "aws.ec2",
  "detail-type": kind,
  time: "2026-11-28T10:00:00Z",
  resources: [],
  detail,
});

export const INTERRUPTION = "EC2 Spot Instance Interruption Warning";
export const REBALANCE = "EC2 Instance Rebalance Recommendation";
export const STATE_CHANGE = "EC2 Instance State-change Notification";
/** Path at which the metadata service warns. */
export const WARNING_PATH = `${METADATA}/spot/instance-action`;
