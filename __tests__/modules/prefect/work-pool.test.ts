import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { expect, it } from "vitest";
import { PrefectWorkers } from "../../../modules/prefect/prefect-workers";
import { synth } from "../../support/synth";
import { MINIMAL } from "./prefect.fixture";

it("is made of the outputs where it has no bucket", () => {
  const { all } = synth((stack) => {
    const { pools } = new PrefectWorkers(stack, "prefect", MINIMAL);
    expect(pools.dev?.templateUri).toBeUndefined();
    expect(pools.dev?.command).toBe(
      "terraform output -json base_job_templates | jq -r '.\"dev\"' > dev.json && " +
        "prefect work-pool create dev --type ecs --base-job-template dev.json --overwrite",
    );
  });
  expect(all(S3Object)).toEqual([]);
});
it("has a function for old definitions whose name fits, however long its own is", () => {
  const workPool = "p".repeat(100);
  const { one } = synth(
    (stack) => new PrefectWorkers(stack, "prefect", { ...MINIMAL, workers: [{ name: "dev", workPool }] }),
  );
  expect(one(LambdaFunction).function_name.length).toBeLessThanOrEqual(64);
});
