import { resolve } from "node:path";
import { installPython } from "../../tools/policy/python-tools";
import { type Provide, prepareLevel } from "../support/level-setup";
import { findTerraform, type Terraform } from "../support/terraform";

declare module "vitest" {
  interface ProvidedContext {
    terraform: Terraform;
  }
}

/** Finds or installs what the AWS level needs. */
export const setup = ({ provide }: { provide: Provide }) =>
  prepareLevel({ level: "aws", skipped: "ALL TESTS AGAINST AWS ARE SKIPPED.", provide }, async (scratch) => {
    provide("terraform", await findTerraform(scratch));
    provide("motoEnvironment", await installPython("requirements-test.txt", resolve(".venv")));
  });
