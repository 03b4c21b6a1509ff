import { type Setting, setting } from "../../support/transitions/settings";

/** The sweeper of a construct: what is its own, and what is changed in the sweeper itself. */
export const ofSweeper: readonly Setting[] = [setting("sweeper", [{}, false]), setting("sweeper.hours", [24, 48])];

export const FIXED_OF_SWEEPER: Readonly<Record<string, string>> = Object.fromEntries(
  ["schedule", "tracing", "logRetentionDays", "logKmsKeyArn", "alarmTopicArns"].map((key) => [
    `sweeper.${key}`,
    "has the settings of a construct that is changed by itself: DefinitionSweeper",
  ]),
);
