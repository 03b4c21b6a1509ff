import { ABSENT, type Setting, setting } from "../../support/transitions/settings";

export interface FunctionValues {
  /** ARNs of two KMS keys. */
  key: readonly [string, string];
  /** ARN of an SNS topic. */
  topic: string;
}

/** What users decide on every function. */
export const functionSettings = ({ key, topic }: FunctionValues): Setting[] => [
  setting("logRetentionDays", [ABSENT, 7, 0]),
  setting("logKmsKeyArn", [ABSENT, ...key]),
  setting("tracing", [true, false]),
  setting("alarmTopicArns", [ABSENT, [topic], [`${topic}-2`]]),
];
