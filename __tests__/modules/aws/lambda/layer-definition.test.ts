import { expect, it } from "vitest";
import {
  archiveKey,
  type LayerDefinitionParts,
  layerDefinition,
} from "../../../../modules/aws/lambda/layer-definition";
import type { Json } from "../../../support/synth";

const PARTS: LayerDefinitionParts = {
  name: "dev-greetings",
  bucketName: "archives",
  projectName: "dev-greetings",
  sourceLocation: "archives/source/0f0f.zip",
  ofSources: { LAYER_DIGEST: "0f0f", ARCHITECTURES: "aarch64" },
  digest: "0f0f",
  force: false,
  publishFunctionArn: "arn:aws:lambda:us-east-1:111122223333:function:publish",
  updateFunctionArn: "arn:aws:lambda:us-east-1:111122223333:function:update",
  functionTimeoutSeconds: 300,
  timeoutSeconds: 7200,
  topicArn: "arn:aws:sns:us-east-1:111122223333:alerts",
};
const made = (some: Partial<LayerDefinitionParts> = {}): Json => JSON.parse(layerDefinition({ ...PARTS, ...some }));
const statesOf = (machine: Json, type: string) =>
  Object.entries<Json>(machine.States).filter(([, state]) => state.Type === type);

it("tries every task again, ends it in time and catches what it raises", () => {
  const tasks = statesOf(made(), "Task");
  expect(tasks.map(([name]) => name).sort()).toEqual([
    "Ask for the build",
    "Build",
    "Look for the archive",
    "Publish",
    "Tell of the failure",
    "Update functions",
  ]);
  for (const [, task] of tasks) {
    expect(task.Retry).toEqual([expect.objectContaining({ MaxAttempts: 3 })]);
    expect(task.Catch).toEqual([expect.objectContaining({ ErrorEquals: ["States.ALL"] })]);
    expect(task.TimeoutSeconds).toBeGreaterThan(0);
  }
  expect(made().TimeoutSeconds).toBe(7200);
});
it("asks so seldom that the longest build stays within an execution's history", () => {
  const seconds = (timeoutSeconds: number) => made({ timeoutSeconds }).States["Wait for the build"].Seconds;
  expect([seconds(7200), seconds(30_000), seconds(160_000)]).toEqual([15, 15, 80]);
});
it("knows every end of a build, and waits while it runs", () => {
  const { Choices, Default } = made().States["How did it end"];
  expect(Object.fromEntries(Choices.map(({ StringEquals, Next }: Json) => [StringEquals, Next]))).toEqual({
    IN_PROGRESS: "Wait for the build",
    SUCCEEDED: "Publish",
    FAILED: "The build failed",
    FAULT: "The build failed",
    STOPPED: "The build failed",
    TIMED_OUT: "The build failed",
  });
  expect(Default).toBe("The build failed");
});
it("builds its own sources, whatever the project says by then", () => {
  expect(made().States.Build.Parameters).toEqual({
    ProjectName: "dev-greetings",
    SourceLocationOverride: "archives/source/0f0f.zip",
    EnvironmentVariablesOverride: [
      { Name: "LAYER_DIGEST", Value: "0f0f", Type: "PLAINTEXT" },
      { Name: "ARCHITECTURES", Value: "aarch64", Type: "PLAINTEXT" },
    ],
  });
  expect(made().States["Look for the archive"].Parameters).toEqual({
    Bucket: "archives",
    Prefix: "layer/0f0f.zip",
    MaxKeys: 1,
  });
  expect(archiveKey("0f0f")).toBe("layer/0f0f.zip");
});
it("builds at once by force, and has no state that nothing leads to", () => {
  for (const machine of [made(), made({ force: true }), made({ topicArn: undefined })]) {
    const text = JSON.stringify(machine);
    for (const name of Object.keys(machine.States)) {
      expect(text.match(new RegExp(`"(Next|Default|StartAt)":"${name}"`)), name).not.toBeNull();
    }
  }
  expect(made({ force: true }).StartAt).toBe("Build");
  expect(made().StartAt).toBe("Look for the archive");
});
it("fails at once where nobody is to be told", () => {
  const machine = made({ topicArn: undefined });
  expect(machine.States["The build failed"].Next).toBe("Failed");
  expect(JSON.stringify(machine)).not.toContain("sns:publish");
});
