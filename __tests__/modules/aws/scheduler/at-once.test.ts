import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { expect, it } from "vitest";
import { startAtOnce } from "../../../../modules/aws/scheduler/at-once";
import { refTo, synth } from "../../../support/synth";

const build = (name = "dev-images", tag = "0a1b2c3d") =>
  synth((stack) =>
    startAtOnce(stack, {
      name,
      roleName: "dev-images-start",
      tag,
      description: "Has it done",
      accountId: "111122223333",
      statement: { Action: "states:StartExecution", Resource: "arn:aws:states:us-east-1:111122223333:stateMachine:a" },
      target: { arn: "arn:aws:states:us-east-1:111122223333:stateMachine:a", input: '{"a":1}' },
      ready: [new SqsQueue(stack, "first", { name: "first" })],
    }),
  );

it("starts at once and then daily, by a schedule whose name says what is wanted", () => {
  const { one } = build();
  expect(one(SchedulerSchedule)).toMatchObject({
    name: "dev-images-0a1b2c3d",
    description: "Has it done",
    schedule_expression: "rate(1 day)",
    flexible_time_window: { mode: "OFF" },
    target: {
      arn: "arn:aws:states:us-east-1:111122223333:stateMachine:a",
      role_arn: refTo(IamRole, "arn"),
      input: '{"a":1}',
    },
    depends_on: [expect.stringMatching(/^aws_sqs_queue\./), expect.stringMatching(/^aws_iam_role_policy\./)],
  });
});
it("may do what it starts with, for schedules of the account alone", () => {
  const { one } = build();
  expect(JSON.parse(one(IamRole).assume_role_policy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    },
  ]);
  expect(JSON.parse(one(IamRolePolicy).policy).Statement).toMatchObject([{ Action: "states:StartExecution" }]);
});
it("has a name of 64 characters at most, with all of the tag", () => {
  const { name } = build("x".repeat(80), "t".repeat(30)).one(SchedulerSchedule);
  expect(name).toHaveLength(64);
  expect(name).toMatch(/-t{30}$/);
});
