/** State in Amazon States Language. */
export type State = Readonly<Record<string, unknown>>;

/** Three more tries, soon after one another. `States.TaskFailed` is every error but a time-out. */
export const RETRIED: State = {
  Retry: [{ ErrorEquals: ["States.TaskFailed", "States.Timeout"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 }],
};

/** Tells the topic; goes on to `next`, with its own input, even if that fails. */
export const tell = (
  TopicArn: string,
  Subject: string,
  { message, next }: { message: string; next: string },
): State => ({
  Type: "Task",
  Resource: "arn:aws:states:::sns:publish",
  Parameters: { TopicArn, Subject, "Message.$": message },
  ResultPath: null,
  TimeoutSeconds: 60,
  ...RETRIED,
  Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }],
  Next: next,
});
