import { Instance } from "@cdktf/provider-aws/lib/instance";
import { expect, it } from "vitest";
import { defineEnvironment } from "../../../stacks/environment";
import { synthApp } from "../../support/synth";

it("knows the workers' port and names from the system's settings", () => {
  const fossa = { cluster: { workers: { port: 8000 } } };
  const made = synthApp(defineEnvironment({ name: "dev", region: "eu-west-2", fossa }));
  const { user_data } = made.stack("dev-fossa-gateway").one(Instance);
  for (const line of ["WORKER_PORT=8000", "WORKER_GROUP=service:dev-fossa-worker", "AWS_REGION="]) {
    expect(user_data).toContain(line);
  }
});
