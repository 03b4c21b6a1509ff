import { expect, it } from "vitest";
import { EPHEMERAL } from "../src/ephemeral";

const aws = EPHEMERAL["registry.terraform.io/hashicorp/aws"] ?? {};

it("the ephemeral resources give what they are opened for, and mark it", () => {
  expect(Object.keys(aws)).toEqual(["aws_secretsmanager_random_password", "aws_secretsmanager_secret_version"]);
  expect(aws.aws_secretsmanager_random_password?.attributes.random_password).toEqual({
    type: "string",
    computed: true,
    sensitive: true,
  });
  expect(aws.aws_secretsmanager_secret_version?.attributes).toMatchObject({
    secret_id: { required: true },
    secret_string: { computed: true, sensitive: true },
  });
});
