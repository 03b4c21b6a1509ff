import { describe } from "vitest";
import { checkTerraform } from "../../src/terraform-version";

const checked = checkTerraform(process.env.TERRAFORM_BINARY_NAME);

/** A group of tests that need Terraform. Without it they are skipped with a warning, and fail in CI. */
export function withTerraform(name: string, tests: () => void) {
  if (!("problem" in checked)) return describe(name, tests);
  if (process.env.CI) throw new Error(checked.problem);
  console.warn(`\n${checked.problem}\n"${name}" IS SKIPPED.\n`);
  return describe.skip(name, tests);
}
