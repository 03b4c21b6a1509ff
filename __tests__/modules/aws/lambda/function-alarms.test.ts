import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { FunctionAlarms } from "../../../../modules/aws/lambda/function-alarms";
import { refTo, synth } from "../../../support/synth";

it("has two alarms, whose names and ARNs it tells", () => {
  const topicArns = ["arn:aws:sns:us-east-1:111122223333:alerts"];
  const stack = synth((scope) => {
    const props = { name: "sweep", functionName: "sweep-1", deadLetterQueueName: "letters", topicArns };
    const { alarmArns, alarmNames } = new FunctionAlarms(scope, "alarms", props);
    new TerraformOutput(scope, "arns", { value: alarmArns, staticId: true });
    new TerraformOutput(scope, "names", { value: alarmNames, staticId: true });
  });
  expect(stack.all(CloudwatchMetricAlarm).map(({ dimensions }) => dimensions)).toEqual([
    { QueueName: "letters" },
    { FunctionName: "sweep-1" },
  ]);
  const references = (attribute: string) => Array(2).fill(refTo(CloudwatchMetricAlarm, attribute));
  expect(stack.outputs.arns.value).toEqual(references("arn"));
  expect(stack.outputs.names.value).toEqual(references("alarm_name"));
});
