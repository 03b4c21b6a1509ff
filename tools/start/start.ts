import "../../main";
import { checkTerraform } from "@cdktf-ml-infra/rehearsal/terraform-version";
import { checkNode } from "./node-version";
import { costLines, nextCommands, readStacks, removeStale, renderTable } from "./summary";

/** `npm start`: synthesizes the app, then prints its stacks and the next commands. */
const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
const stacks = readStacks(outdir);
removeStale(outdir, stacks);
const resources = stacks.reduce((sum, stack) => sum + stack.resources, 0);

console.log(renderTable(stacks, process.stdout.columns ?? 120));
console.log(
  `${stacks.length} stacks, ${resources} resources, as Terraform JSON in ${outdir}/stacks/<stack>/cdk.tf.json\n`,
);
console.log(["Cost before use, at list prices:", ...costLines(stacks).map((line) => `  ${line}`), ""].join("\n"));
console.log(["Next:", ...nextCommands(stacks, outdir).map((command) => `  ${command}`)].join("\n"));

const terraform = checkTerraform(process.env.TERRAFORM_BINARY_NAME);
const problems = [checkNode(process.version), "problem" in terraform ? terraform.problem : undefined];
const notes = [...stacks.flatMap(({ warnings }) => warnings), ...problems].filter(Boolean);
if (notes.length > 0) console.log(`\nNote:\n  ${notes.join("\n  ")}`);
