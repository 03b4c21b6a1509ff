import { resolve } from "node:path";
import { synthesizeInto } from "./app";
import { makeLocal } from "./local-state";
import { stacksIn } from "./stacks";

/**
 * App command of the scratch project: `local-app.ts <project> <folder of states>` synthesizes the app of the project for
 * cdktf, with local state.
 */
async function main([project = "", states = ""]: string[]): Promise<void> {
  const outdir = resolve(process.env.CDKTF_OUTDIR ?? "cdktf.out");
  process.stdout.write(await synthesizeInto(outdir, project, process.env));
  makeLocal(stacksIn(outdir), states);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
