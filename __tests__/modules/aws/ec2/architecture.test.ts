import { expect, it } from "vitest";
import {
  containerArchitectureSchema,
  ec2ArchitectureSchema,
  toEc2Architecture,
} from "../../../../modules/aws/ec2/architecture";

it("is spelt one way by EC2 and another by ECS and CodeBuild", () => {
  expect(ec2ArchitectureSchema.options).toEqual(["x86_64", "arm64"]);
  expect(containerArchitectureSchema.options).toEqual(["X86_64", "ARM64"]);
});
it("is converted to EC2's spelling", () => {
  expect(containerArchitectureSchema.options.map(toEc2Architecture)).toEqual(["x86_64", "arm64"]);
});
