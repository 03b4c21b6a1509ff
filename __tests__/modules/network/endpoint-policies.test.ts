import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { expect, it } from "vitest";
import { Network, type NetworkProps } from "../../../modules/network/network";
import { rejects } from "../../support/bad-input";
import type { Json } from "../../support/synth";
import { build, serviceOf } from "./network.fixture";

const OWN = { StringEquals: { "aws:PrincipalAccount": "111122223333" } };
/** Policies of a network's endpoints by service. */
const policies = (props: Partial<NetworkProps>): Record<string, Json> => {
  const { all, parsed } = build(props);
  return Object.fromEntries(
    all(VpcEndpoint).map((endpoint) => [
      serviceOf({ parsed }, endpoint).service,
      endpoint.policy && JSON.parse(endpoint.policy).Statement,
    ]),
  );
};

it("leaves endpoints the policy that AWS gives them", () => {
  expect(policies({ dynamodbEndpoint: true, interfaceEndpoints: ["sts"] })).toEqual({
    s3: undefined,
    dynamodb: undefined,
    sts: undefined,
  });
});
it("gives the endpoint of a service its policy, whoever comes and whatever it is about when it does not say", () => {
  const found = policies({
    dynamodbEndpoint: true,
    interfaceEndpoints: ["sts", "ecr.api"],
    endpointPolicies: {
      s3: [{ Sid: "Own", Action: "s3:*", Condition: OWN }],
      "ecr.api": [
        { Effect: "Deny", Principal: { AWS: "111122223333" }, Action: "ecr:PutImage", Resource: "arn:aws:ecr:*:*:*" },
      ],
    },
  });
  expect(found).toEqual({
    s3: [{ Effect: "Allow", Sid: "Own", Principal: "*", Action: "s3:*", Resource: "*", Condition: OWN }],
    dynamodb: undefined,
    sts: undefined,
    "ecr.api": [
      { Effect: "Deny", Principal: { AWS: "111122223333" }, Action: "ecr:PutImage", Resource: "arn:aws:ecr:*:*:*" },
    ],
  });
});
const name = "ml-net";
const allow = [{ Action: "*" }];
rejects<NetworkProps>(
  "test/network",
  [
    ["endpointPolicies.sqs", { name, endpointPolicies: { sqs: allow } }, "one of s3", "got sqs"],
    ["endpointPolicies.s3", { name, s3Endpoint: false, endpointPolicies: { s3: allow } }, "there is none", "got s3"],
    ["endpointPolicies.s3", { name, endpointPolicies: { s3: [] } }, "at least 1"],
    ["endpointPolicies.s3.0.Action", { name, endpointPolicies: { s3: [{} as never] } }, "an action, such as"],
    [
      "endpointPolicies.s3.0.Principal",
      { name, endpointPolicies: { s3: [{ Action: "*", Principal: "me" as never }] } },
      '"*"',
    ],
    [
      "endpointPolicies.s3.1.Sid",
      {
        name,
        endpointPolicies: {
          s3: [
            { Sid: "A", Action: "*" },
            { Sid: "A", Action: "*" },
          ],
        },
      },
      "must be unique, got A again",
    ],
  ],
  (scope, props) => new Network(scope, "network", props),
);
