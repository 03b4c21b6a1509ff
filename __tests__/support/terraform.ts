import { cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { checkTerraform } from "@cdktf-ml-infra/rehearsal/terraform-version";
import { inject } from "vitest";
import { type RunOptions, run } from "./process";
import { cliConfig, findMirror, MIRROR_VARIABLE, thisMachine } from "./provider-mirror";
import { ProviderProcess } from "./provider-process";
import type { Json } from "./synth";

/** What every run of terraform uses: made once by the global set-up of `npm run test:aws`. */
export interface Terraform {
  program: string;
  env: Record<string, string>;
  /** Folder in which the one AWS provider is installed that all workspaces use. */
  providerFolder: string;
}

/** The provider as the stacks ask for it. */
export const AWS_PROVIDER = { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" };
const PLAN_FILE = "planned.tfplan";
/** Actions on something that is there already. */
const VALUED = ["update", "replace"];
const INIT = ["init", "-input=false", "-no-color"];

/** Finds terraform and the AWS provider; fails with one sentence when one of them is not to be had. */
export async function findTerraform(scratch: string): Promise<Terraform> {
  const program = process.env.TERRAFORM_BINARY_NAME || "terraform";
  const checked = checkTerraform(program);
  if ("problem" in checked) throw new Error(checked.problem);
  const mirror = findMirror(AWS_PROVIDER.source, thisMachine());
  const env = environment(scratch, mirror);
  const folder = join(scratch, "provider");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: { aws: AWS_PROVIDER } } }),
  );
  const { status, stderr } = await run(program, INIT, { cwd: folder, env });
  if (status !== 0) {
    const tried = mirror
      ? `the mirror ${mirror} did not serve`
      : `${MIRROR_VARIABLE} names no mirror, and terraform could not download,`;
    throw new Error(`${tried} the AWS provider: ${stderr.replace(/\s+/g, " ").trim()}`);
  }
  return { program, env, providerFolder: join(folder, ".terraform") };
}

/** Environment of every terraform: without the caller's own settings and credentials for Terraform and AWS. */
function environment(scratch: string, mirror: string | undefined): Record<string, string> {
  const none = join(scratch, "none");
  writeFileSync(none, "");
  const env: Record<string, string> = {
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    AWS_CONFIG_FILE: none,
    AWS_SHARED_CREDENTIALS_FILE: none,
    AWS_EC2_METADATA_DISABLED: "true",
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(TF_|AWS_)/.test(name)) env[name] ??= value;
  }
  if (mirror) {
    env.TF_CLI_CONFIG_FILE = join(scratch, "terraform.rc");
    writeFileSync(env.TF_CLI_CONFIG_FILE, cliConfig(mirror));
    return env;
  }
  const own = process.env.TF_CLI_CONFIG_FILE;
  if (own && existsSync(own)) env.TF_CLI_CONFIG_FILE = own;
  // one download for all workspaces, kept for the next run
  env.TF_PLUGIN_CACHE_DIR = process.env.TF_PLUGIN_CACHE_DIR ?? join(process.cwd(), ".terraform", "plugins");
  mkdirSync(env.TF_PLUGIN_CACHE_DIR, { recursive: true });
  return env;
}

/** A change that a plan would make. */
export interface Change {
  address: string;
  /** Terraform's words: create, update, delete, replace. */
  action: string;
  /** Arguments that would get another value, with what they have and would get; of an update or a replacement. */
  values?: Record<string, [before: Json, after: Json]>;
}

/** What became of an apply that may fail: per address, its error, or nothing when it was made. */
export interface Attempt {
  made: Set<string>;
  errors: Map<string, string>;
  /** Whether it was stopped before it came to its end. */
  timedOut: boolean;
}

const attached = new Map<string, Promise<ProviderProcess>>();

/** The AWS provider of all workspaces that have these variables; started when the first one needs it. */
function providerWith(variables: Record<string, string>): Promise<ProviderProcess> {
  const { env, providerFolder } = inject("terraform");
  const key = JSON.stringify(variables);
  const started =
    attached.get(key) ??
    ProviderProcess.start(providerFolder, mkdtempSync(join(inject("scratch"), "provider-")), { ...env, ...variables });
  attached.set(key, started);
  return started;
}

/** Types of which a configuration has some; undefined for one that has none, which is there to learn of types. */
function typesIn({ resource = {}, data = {}, ephemeral = {} }: Json): string[] | undefined {
  const types = [resource, data, ephemeral].flatMap((part) => Object.keys(part));
  return types.length > 0 ? types : undefined;
}

const awsConfigurations = (json: Json): number => [json.provider?.aws ?? []].flat().length;

/** Ends the providers that workspaces have started. */
export async function stopProviders(): Promise<void> {
  const started = [...attached.values()];
  attached.clear();
  await Promise.all(started.map(async (provider) => (await provider).stop()));
}

/** A stack in a folder of its own with local state, on which terraform runs. */
export class Workspace {
  private constructor(
    readonly name: string,
    readonly folder: string,
    private readonly program: string,
    private readonly env: Record<string, string>,
  ) {}

  /** Copies `source` (a stack's folder with its assets), puts `json` in place of its Terraform JSON, and initializes. */
  static async of(name: string, json: Json, options: { source?: string; env?: Record<string, string> } = {}) {
    const { program, env } = inject("terraform");
    const { TF_REATTACH_PROVIDERS: others, ...variables } = options.env ?? {};
    const folder = mkdtempSync(join(inject("scratch"), `${name}-`));
    if (options.source) cpSync(options.source, folder, { recursive: true });
    // a process holds one configuration: where a stack has several (a second region), terraform starts one for each
    const provider = awsConfigurations(json) > 1 ? undefined : await providerWith(variables);
    // each asset has a folder by its content, so that those of several stacks can lie together
    const assets = join(folder, "assets");
    if (provider && existsSync(assets)) cpSync(assets, join(provider.folder, "assets"), { recursive: true });
    const TF_REATTACH_PROVIDERS = provider?.reattach(typesIn(json), others) ?? others ?? "{}";
    const workspace = new Workspace(name, folder, program, { ...env, ...variables, TF_REATTACH_PROVIDERS });
    workspace.write("cdk.tf.json", json);
    await workspace.run(INIT);
    return workspace;
  }

  get stateFile(): string {
    return join(this.folder, "terraform.tfstate");
  }

  write(file: string, json: Json): void {
    writeFileSync(join(this.folder, file), JSON.stringify(json, undefined, 2));
  }

  /** Checks the configuration against the provider's schema and validators. */
  async validate(): Promise<void> {
    const { diagnostics } = JSON.parse((await this.run(["validate", "-json"], { anyStatus: true })).stdout);
    const errors = diagnostics.filter(({ severity }: Json) => severity === "error");
    if (errors.length > 0) this.fail("validate", errors.map(sentence));
  }

  /** What an apply would change, without data that is only read. */
  async plan(): Promise<Change[]> {
    const command = ["plan", "-json", "-input=false", "-detailed-exitcode", `-out=${PLAN_FILE}`];
    const messages = this.messages("plan", await this.run(command, { anyStatus: true }), [0, 2]);
    const changes = messages
      .filter(({ type }) => type === "planned_change")
      .map(({ change }): Change => ({ address: change.resource.addr, action: change.action }))
      .filter(({ action }) => action !== "read");
    return changes.some(({ action }) => VALUED.includes(action)) ? this.withValues(changes) : changes;
  }

  /** What a plan with these arguments tells: all of its resource changes as `terraform show -json` has them, or errors. */
  async planned(args: string[]): Promise<{ errors: string[]; changes: Json[] }> {
    const command = ["plan", "-json", "-input=false", `-out=${PLAN_FILE}`, ...args];
    const ended = await this.run(command, { anyStatus: true });
    const errors = parse(ended.stdout).filter(isError);
    if (ended.status !== 0) {
      if (errors.length === 0) this.fail("plan", [ended.stderr.trim() || ended.stdout.slice(-2000)]);
      return { errors: errors.map(({ diagnostic }) => sentence(diagnostic)), changes: [] };
    }
    const { resource_changes } = JSON.parse((await this.run(["show", "-json", PLAN_FILE])).stdout);
    return { errors: [], changes: resource_changes };
  }

  private async withValues(changes: Change[]): Promise<Change[]> {
    const { resource_changes } = JSON.parse((await this.run(["show", "-json", PLAN_FILE])).stdout);
    return changes.map((change) => {
      if (!VALUED.includes(change.action)) return change;
      const { before, after } = resource_changes.find(({ address }: Json) => address === change.address).change;
      const differing = Object.keys(after).filter((key) => !isDeepStrictEqual(before[key], after[key]));
      return { ...change, values: Object.fromEntries(differing.map((key) => [key, [before[key], after[key]]])) };
    });
  }

  async apply(): Promise<void> {
    this.messages("apply", await this.run(["apply", "-json", "-auto-approve", "-input=false"], { anyStatus: true }));
  }

  /** Applies what can be applied within the time given. */
  async tryApply(timeoutMs: number): Promise<Attempt> {
    const ended = await this.run(["apply", "-json", "-auto-approve", "-input=false"], { anyStatus: true, timeoutMs });
    const messages = parse(ended.stdout);
    const errors = messages.filter(isError);
    return {
      made: new Set(messages.filter(({ type }) => type === "apply_complete").map(({ hook }) => hook.resource.addr)),
      errors: new Map(errors.map(({ diagnostic }) => [diagnostic.address ?? "", sentence(diagnostic)])),
      timedOut: ended.timedOut,
    };
  }

  /** Values of the outputs in the state, with their types. */
  async outputs(): Promise<Outputs> {
    return JSON.parse((await this.run(["output", "-json"])).stdout);
  }

  async destroy(): Promise<void> {
    this.messages(
      "destroy",
      await this.run(["destroy", "-json", "-auto-approve", "-input=false"], { anyStatus: true }),
    );
  }

  /** Runs every `*.tftest.json` of the folder; gives terraform's messages. */
  async test(): Promise<Json[]> {
    return this.messages("test", await this.run(["test", "-json", "-verbose"], { anyStatus: true }));
  }

  /** Schemas of the providers, by resource type. */
  async schemas(): Promise<Json> {
    return JSON.parse((await this.run(["providers", "schema", "-json"])).stdout).provider_schemas;
  }

  private async run(args: string[], options: RunOptions & { anyStatus?: boolean } = {}) {
    const { anyStatus = false, ...rest } = options;
    const ended = await run(this.program, args, { cwd: this.folder, env: this.env, ...rest });
    if (ended.status !== 0 && !anyStatus) this.fail(args[0] ?? "", [ended.stderr.trim() || ended.stdout.trim()]);
    return ended;
  }

  private messages(command: string, ended: Awaited<ReturnType<typeof run>>, good = [0]): Json[] {
    const messages = parse(ended.stdout);
    const errors = messages.filter(isError).map(({ diagnostic }) => sentence(diagnostic));
    if (ended.timedOut) errors.unshift("took too long and was stopped");
    if (errors.length > 0) this.fail(command, errors);
    if (!good.includes(ended.status ?? -1)) this.fail(command, [ended.stderr.trim() || ended.stdout.slice(-2000)]);
    return messages;
  }

  private fail(command: string, errors: string[]): never {
    throw new Error(`terraform ${command} of ${this.name} failed:\n${errors.join("\n")}`);
  }
}

/** Outputs of a stack as Terraform writes them. */
export type Outputs = Record<string, { value: Json; type: Json; sensitive?: boolean }>;

/** State file of a stack of which nothing but its outputs is known: enough for another stack that reads it. */
export const stateOf = (outputs: Outputs): Json => ({
  version: 4,
  terraform_version: "1.10.0",
  serial: 1,
  lineage: "made-up",
  outputs,
  resources: [],
});

const parse = (lines: string): Json[] =>
  lines
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

const isError = ({ type, diagnostic }: Json) => type === "diagnostic" && diagnostic.severity === "error";

const sentence = ({ summary, detail, address, snippet, range }: Json) =>
  [address ?? snippet?.context ?? (range && `line ${range.start.line}`), summary, detail].filter(Boolean).join(": ");
