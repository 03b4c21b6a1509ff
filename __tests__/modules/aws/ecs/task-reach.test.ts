import { Token } from "cdktf";
import { expect, it } from "vitest";
import { z } from "zod";
import { checkTaskReach, type TaskNeeds } from "../../../../modules/aws/ecs/task-reach";
import type { PrivateReach } from "../../../../modules/common/private-reach";

const REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com";
const START = ["ecr.api", "ecr.dkr", "logs", "s3"];
const faultsOf = (reach: PrivateReach | undefined, needs: Omit<TaskNeeds, "executeCommand"> & Partial<TaskNeeds>) => {
  const { error } = z
    .any()
    .superRefine((_, ctx) => checkTaskReach(reach, { executeCommand: false, ...needs }, ctx, "network"))
    .safeParse({});
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
};
const image = (name: string) => ({ images: [{ path: ["workers", 0, "image"], image: name }] });

it("asks nothing of a network with NAT, or of which nothing is known", () => {
  for (const reach of ["everything", undefined] as const) {
    expect(faultsOf(reach, { services: ["sqs"], ...image("docker.io/prefecthq/prefect:3") })).toEqual([]);
  }
});
it("asks for what a task starts with, and for what it calls", () => {
  expect(faultsOf([], { images: [] })).toEqual([
    "network: must reach ecr.api, ecr.dkr, logs, s3 from its private subnets: add NAT, or endpoints for them, got neither",
  ]);
  expect(faultsOf(START, { services: ["sqs", "logs"], images: [] })[0]).toContain("must reach sqs from");
  expect(faultsOf([...START, "sqs"], { services: ["sqs"], images: [] })).toEqual([]);
});
it("asks for what shells in tasks need", () => {
  expect(faultsOf(START, { executeCommand: true, images: [] })[0]).toContain("must reach ssmmessages from");
  expect(faultsOf([...START, "ssmmessages"], { executeCommand: true, images: [] })).toEqual([]);
});
it("asks for images in ECR", () => {
  expect(faultsOf(START, image(`${REGISTRY}/flows:1`))).toEqual([]);
  expect(faultsOf(START, image(Token.asString({})))).toEqual([]);
  expect(faultsOf(START, image("docker.io/prefecthq/prefect:3"))).toEqual([
    "workers.0.image: must be in ECR, as the network has no NAT by which tasks reach another registry: push a copy there, got docker.io/prefecthq/prefect:3",
  ]);
});
