import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { expect, it } from "vitest";
import { takeGpus } from "../../../modules/kube/gpu-software";
import { errorOf } from "../../support/bad-input";

const stack = () => new TerraformStack(Testing.app(), "test");

it("lets one kind of software look after the GPUs of a stack", () => {
  const here = stack();
  takeGpus(new Construct(here, "a"), "GpuOperator");
  takeGpus(new Construct(here, "b"), "GpuOperator");
  const error = errorOf(() => takeGpus(new Construct(here, "c"), "NvidiaDevicePlugin"));
  expect([error.name, error.message.slice(0, 60)]).toEqual([
    "InputError",
    "test/c: props: must not be used with GpuOperator (test/b), w",
  ]);
});
it("minds each stack by itself", () => {
  takeGpus(stack(), "GpuOperator");
  takeGpus(stack(), "NvidiaDevicePlugin");
});
