import { expect, it } from "vitest";
import { RETRIED, tell } from "../../../../modules/aws/sfn/states";

it("tries again after errors and time-outs, later each time", () => {
  expect(RETRIED).toEqual({
    Retry: [
      // States.TaskFailed is any error but States.Timeout
      { ErrorEquals: ["States.TaskFailed", "States.Timeout"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 },
    ],
  });
});
it("tells a topic, tries again, and goes on with its own input whether that worked or not", () => {
  const arn = "arn:aws:sns:us-east-1:111122223333:alerts";
  expect(tell(arn, "It failed", { message: "$.cause", next: "Failed" })).toEqual({
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: { TopicArn: arn, Subject: "It failed", "Message.$": "$.cause" },
    TimeoutSeconds: 60,
    Retry: [expect.objectContaining({ MaxAttempts: 3 })],
    ResultPath: null,
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: "Failed" }],
    Next: "Failed",
  });
});
