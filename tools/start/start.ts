import "../../main";
import { checkNode, checkTerraform } from "../preflight";
import { nextCommands, readStacks, removeStale, renderTable } from "./summary";

/** `npm start`: synthesizes what main.ts describes, then says what was made and what to type next. */
const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
const stacks = readStacks(outdir);
removeStale(outdir, stacks);
const resources = stacks.reduce((sum, stack) => sum + stack.resources, 0);

console.log(renderTable(stacks, process.stdout.columns ?? 120));
console.log(
  `${stacks.length} stacks, ${resources} resources, as Terraform JSON in ${outdir}/stacks/<stack>/cdk.tf.json\n`,
);
console.log(["Next:", ...nextCommands(stacks, outdir).map((command) => `  ${command}`)].join("\n"));

const terraform = checkTerraform(process.env.TERRAFORM_BINARY_NAME);
const problems = [checkNode(process.version), "problem" in terraform ? terraform.problem : undefined];
const notes = [...stacks.flatMap(({ warnings }) => warnings), ...problems].filter(Boolean);
if (notes.length > 0) console.log(`\nNote:\n  ${notes.join("\n  ")}`);
