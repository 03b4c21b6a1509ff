import { join } from "node:path";
import { expect, it } from "vitest";
import { machineUserData } from "../../../modules/training/machine-user-data";
import { MACHINE } from "./machine-user-data.fixture";

/** A Terraform string of no references, as Terraform evaluates it. */
const evaluated = (text: string) => text.replaceAll("$${", "${").replaceAll("%%{", "%{");

it("is this script", async () => {
  const script = evaluated(machineUserData("dev", MACHINE));
  await expect(script).toMatchFileSnapshot(join("rendered", "training-machine.sh"));
});
it("asks for no metrics of GPUs where there are none", () => {
  expect(machineUserData("dev", { ...MACHINE, gpu: false })).not.toContain("nvidia_gpu");
  expect(machineUserData("dev", MACHINE)).toContain("nvidia_gpu");
});
it("leaves no shell expansion to Terraform", () => {
  expect(machineUserData("dev", MACHINE)).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
});
it("refuses a script that EC2 does not take, by the setting that made it long", () => {
  const config = "x".repeat(16_384);
  expect(() => machineUserData("prod: training.machines.trainer", { ...MACHINE, config })).toThrow(
    /^prod: training\.machines\.trainer: must be shorter, or packages fewer: EC2 takes 16384 bytes of user data, got \d+$/,
  );
});
