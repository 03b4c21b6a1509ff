import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsShell } from "./aws-shell";
import type { Json } from "./synth";

/** Runs a state machine to its end; gives what Step Functions tells of the execution, its output read. */
export async function executed(
  aws: AwsShell,
  stateMachineArn: string,
  input: object,
  timeoutMs: number,
): Promise<Json> {
  const { executionArn } = await aws.call("stepfunctions", "start_execution", {
    stateMachineArn,
    name: randomUUID(), // moto makes none up
    input: JSON.stringify(input),
  });
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(200)) {
    const found = await aws.call("stepfunctions", "describe_execution", { executionArn });
    if (found.status !== "RUNNING") return { ...found, output: found.output && JSON.parse(found.output) };
  }
  throw new Error(`${executionArn} still runs`);
}

/** Listens to a topic; gives a function that tells what came since its last call. */
export async function listenTo(aws: AwsShell, TopicArn: string) {
  const { QueueUrl } = await aws.call("sqs", "create_queue", { QueueName: "told" });
  const { Attributes } = await aws.call("sqs", "get_queue_attributes", { QueueUrl, AttributeNames: ["QueueArn"] });
  await aws.call("sns", "subscribe", { TopicArn, Protocol: "sqs", Endpoint: Attributes.QueueArn });
  return async (): Promise<{ Subject: string; Message: string }[]> => {
    const { Messages = [] } = await aws.call("sqs", "receive_message", { QueueUrl, MaxNumberOfMessages: 10 });
    for (const { ReceiptHandle } of Messages) await aws.call("sqs", "delete_message", { QueueUrl, ReceiptHandle });
    return Messages.map(({ Body }: Json) => JSON.parse(Body));
  };
}
