import { expect, it } from "vitest";
import { type WorkerPolicyProps, workerStatements } from "../../../modules/prefect/worker-policy";

const PROPS: WorkerPolicyProps = {
  region: "us-east-1",
  accountId: "111122223333",
  clusterName: "dev",
  clusterArn: "arn:aws:ecs:us-east-1:111122223333:cluster/dev",
  pool: "large",
  flowRoleArns: ["arn:aws:iam::111122223333:role/flow"],
  queueArn: "arn:aws:sqs:us-east-1:111122223333:events",
  queueKmsKeyArn: undefined,
  logGroupArn: "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/dev",
  deregisterDefinitions: false,
};
const of = (sid: string, some: Partial<WorkerPolicyProps> = {}) =>
  workerStatements({ ...PROPS, ...some }).find(({ Sid }) => Sid === sid);

it("names what a worker acts on, wherever AWS knows it", () => {
  expect(of("RunFlows")?.Resource).toBe("arn:aws:ecs:us-east-1:111122223333:task-definition/prefect_large_*");
  expect(of("FlowTasks")?.Resource).toBe("arn:aws:ecs:us-east-1:111122223333:task/dev/*");
  expect(of("FlowRoles")?.Resource).toEqual(PROPS.flowRoleArns);
  expect(of("Events")?.Resource).toBe(PROPS.queueArn);
  expect(of("CrashLogs")?.Resource).toBe(`${PROPS.logGroupArn}:log-stream:*`);
});
it("tags tasks as it starts them, and nothing else", () => {
  expect(of("TagFlows")).toMatchObject({
    Action: "ecs:TagResource",
    Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
  });
});
it("decrypts the queue's events, through SQS, only where they have a key", () => {
  expect(of("EventsKey")).toBeUndefined();
  const queueKmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d";
  expect(of("EventsKey", { queueKmsKeyArn })?.Condition).toEqual({
    StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" },
  });
});
