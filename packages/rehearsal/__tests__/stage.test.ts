import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CannotRehearse, findTerraform, setStage } from "../src/stage";
import { fakeTerraform, scratchFolder, stackFolder } from "./support/terraform";

describe("findTerraform", () => {
  it("uses the program from the environment", () => {
    const { program } = fakeTerraform();
    expect(findTerraform({ TERRAFORM_BINARY_NAME: program })).toEqual({ program, version: "Terraform 1.11.4" });
  });
  it("says what to do without Terraform", () => {
    const find = () => findTerraform({ TERRAFORM_BINARY_NAME: "no-such-terraform" });
    expect(find).toThrow(CannotRehearse);
    expect(find).toThrow(/no program "no-such-terraform": install Terraform/);
  });
});

describe("setStage", () => {
  const stage = async (own: NodeJS.ProcessEnv = {}) => {
    const scratch = scratchFolder();
    const stack = stackFolder("a", [], { resource: { helm_release: {} } }, scratch);
    const providers = { packages: ["@cdktf/provider-helm"] };
    return { scratch, ...(await setStage([stack], scratch, { program: "terraform", env: own, providers })) };
  };

  it("sets local state, and an environment with nothing but the providers", async () => {
    const { scratch, stacks, terraform, close } = await stage({ AWS_PROFILE: "mine", ENVIRONMENT: "dev" });
    close();
    expect(stacks[0]?.json.terraform.backend).toEqual({ local: { path: join(scratch, "states", "a.tfstate") } });
    expect(terraform.program).toBe("terraform");
    expect(terraform.env).toMatchObject({ ENVIRONMENT: "dev", TF_IN_AUTOMATION: "1", TF_INPUT: "0" });
    expect(terraform.env.AWS_PROFILE).toBe(undefined);
    expect(Object.keys(JSON.parse(terraform.env.TF_REATTACH_PROVIDERS ?? ""))).toContain(
      "registry.terraform.io/hashicorp/helm",
    );
  });
});
