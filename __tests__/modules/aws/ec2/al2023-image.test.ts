import { expect, it } from "vitest";
import { al2023ImageParameter } from "../../../../modules/aws/ec2/al2023-image";

it("has a parameter for each architecture", () => {
  const parameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";
  expect(al2023ImageParameter("x86_64")).toBe(`${parameter}x86_64`);
  expect(al2023ImageParameter("arm64")).toBe(`${parameter}arm64`);
});
