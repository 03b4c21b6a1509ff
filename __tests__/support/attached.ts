import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Providers } from "@cdktf-ml-infra/rehearsal/server";
import { type Ended, run } from "./process";
import type { Json } from "./synth";

const program = process.env.TERRAFORM_BINARY_NAME || "terraform";

/** A folder with a configuration in it, in which terraform runs with providers that are running already. */
export class Attached {
  readonly folder = mkdtempSync(join(tmpdir(), "rehearsal-"));

  constructor(
    private readonly providers: Providers,
    json: Json,
  ) {
    this.write(json);
  }

  write(json: Json): void {
    writeFileSync(join(this.folder, "cdk.tf.json"), JSON.stringify(json, undefined, 2));
  }

  /** Runs a command of terraform; fails with what terraform says when the status is none of the good ones. */
  async terraform(args: string[], good = [0]): Promise<string> {
    const { status, stdout, stderr } = await this.tried(args);
    if (good.includes(status ?? -1)) return stdout;
    throw new Error(`terraform ${args[0]} ended with ${status}:\n${stdout.slice(-2000)}\n${stderr}`);
  }

  tried(args: string[]): Promise<Ended> {
    const env = {
      PATH: process.env.PATH,
      HOME: this.folder, // no settings and no credentials of whoever runs this
      TF_REATTACH_PROVIDERS: this.providers.reattach,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
    };
    return run(program, args, { cwd: this.folder, env });
  }

  /** Initializes, validates, applies, and plans again: nothing may be left to do. */
  async deploy(): Promise<void> {
    await this.terraform(["init", "-input=false", "-no-color"]);
    await this.terraform(["validate", "-no-color"]);
    await this.terraform(["apply", "-auto-approve", "-input=false", "-no-color"]);
    await this.terraform(["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
  }

  async destroy(): Promise<void> {
    await this.terraform(["destroy", "-auto-approve", "-input=false", "-no-color"]);
  }

  /** State as JSON, by address. */
  async state(): Promise<Record<string, Json>> {
    const { values } = JSON.parse(await this.terraform(["show", "-json"]));
    const resources: Json[] = values?.root_module?.resources ?? [];
    return Object.fromEntries(resources.map(({ address, values: own }) => [address, own]));
  }
}
