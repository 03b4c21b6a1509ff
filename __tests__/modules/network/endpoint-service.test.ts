import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { expect, it } from "vitest";
import { parseInput } from "../../../modules/common/settings/props";
import { endpointService, serviceSchema } from "../../../modules/network/endpoint-service";
import { synth } from "../../support/synth";

it.each(["ecr.api", "eks-auth", "sagemaker.runtime", "sqs", "rds", "bedrock-runtime", "s3tables"])(
  "takes %s",
  (name) => {
    expect(parseInput("here", serviceSchema, name)).toBe(name);
  },
);
it.each([
  ["ecr-api", "ecr.api"],
  ["eksauth", "eks-auth"],
  ["sagemaker-runtime", "sagemaker.runtime"],
  ["ec2-messages", "ec2messages"],
  ["Logs", "logs"],
])("tells how %s is spelt", (wrong, right) => {
  expect(() => parseInput("here", serviceSchema, wrong)).toThrow(`here: props: must be spelt ${right}, got ${wrong}`);
});
it.each(["com.amazonaws.us-east-1.sts", "aws.sagemaker.us-east-1.notebook", "cn.com.amazonaws.cn-north-1.ecs"])(
  "wants no more than the last part of %s",
  (name) => {
    expect(() => parseInput("here", serviceSchema, name)).toThrow("only the part after com.amazonaws.<region>.");
  },
);
it("asks AWS for the full name in the region, by the kind of endpoint", () => {
  const { data, one } = synth((stack) => {
    new Vpc(stack, "vpc", { tags: { name: endpointService(stack, "s3", "Gateway").serviceName } });
  });
  expect(data(DataAwsVpcEndpointService)).toEqual([
    expect.objectContaining({ service: "s3", service_type: "Gateway" }),
  ]);
  expect(one(Vpc).tags.name).toMatch(/^\$\{data\.aws_vpc_endpoint_service\.[\w-]+\.service_name\}$/);
});
