import { expect, it } from "vitest";
import { workerSchema } from "../../../modules/prefect/prefect-worker";

it("a worker is half a vCPU with a GiB, of which one runs and polls all queues, by default", () => {
  expect(workerSchema.parse({ name: "dev", workPool: "dev" })).toEqual({
    name: "dev",
    workPool: "dev",
    queues: [],
    image: "docker.io/prefecthq/prefect-aws:0.7.12-python3.12",
    cpu: 512,
    memory: 1024,
    architecture: "X86_64",
    desiredCount: 1,
    environment: {},
  });
});
it("scales from one to ten by default", () => {
  expect(workerSchema.parse({ name: "dev", workPool: "dev", autoscaling: {} }).autoscaling).toEqual({
    min: 1,
    max: 10,
    cpuPercent: 70,
    memoryPercent: 80,
    scaleInCooldown: 300,
    scaleOutCooldown: 120,
  });
});
