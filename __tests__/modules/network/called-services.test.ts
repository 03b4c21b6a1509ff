import { expect, it } from "vitest";
import { servicesOf } from "../../../modules/network/called-services";

it.each([
  [["sqs:SendMessage", "SQS:ReceiveMessage"], ["sqs"]],
  [["ecr:GetAuthorizationToken"], ["ecr.api", "ecr.dkr"]],
  [
    ["cloudwatch:PutMetricData", "logs:PutLogEvents"],
    ["logs", "monitoring"],
  ],
  [["*", "unheardof:Do"], []],
  [[], []],
])("finds the endpoints that %j calls", (actions, services) => {
  expect(servicesOf(actions)).toEqual(services);
});
