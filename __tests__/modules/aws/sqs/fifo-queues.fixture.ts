import fc from "fast-check";

/** Random valid settings of FIFO queues that are received at least so often. */
export const fifoSettings = (leastReceives: number) =>
  fc
    .record(
      {
        times: fc.uniqueArray(fc.integer({ min: 30, max: 43_200 }), { minLength: 2, maxLength: 2 }),
        ageAlarm: fc.double({ min: 0, max: 1, noNaN: true }),
        maxReceives: fc.integer({ min: leastReceives, max: 1000 }),
        deadLetterRetentionSeconds: fc.integer({ min: 60, max: 1_209_600 }),
        kmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:us-east-1:111122223333:key/${id}`),
        depthAlarm: fc.integer({ min: 0, max: 1_000_000 }),
      },
      { requiredKeys: [] },
    )
    .map(({ times, ageAlarm, ...rest }) => {
      const [visibilitySeconds = 1800, least = 345_600] = [...(times ?? [])].sort((a, b) => a - b);
      const retentionSeconds = Math.max(61, least);
      return {
        ...rest,
        ...(times && { visibilitySeconds, retentionSeconds }),
        ...(ageAlarm !== undefined && { ageAlarmSeconds: 60 + Math.floor(ageAlarm * (retentionSeconds - 61)) }),
      };
    });

/** Wrong settings of FIFO queues, by their paths. */
export const FIFO_BREAKS: [path: string, ...values: unknown[]][] = [
  ["visibilitySeconds", 29, 43_201, 1.5, "30", null],
  ["maxReceives", 1001, null, "5"],
  ["retentionSeconds", 59, 1_209_601, null],
  ["deadLetterRetentionSeconds", 59, 1_209_601, null],
  ["kmsKeyArn", "", "alias/a", null],
  ["depthAlarm", -1, 1_000_001, null],
  ["ageAlarmSeconds", 59, 1_209_601, null],
  ["delaySeconds", 5],
];
