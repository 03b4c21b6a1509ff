import fc from "fast-check";
import { GeneratedSecret, type GeneratedSecretProps } from "../../../../modules/common/secrets/generated-secret";
import { fuzz, type Wrong } from "../../../support/fuzz";

const valid: fc.Arbitrary<GeneratedSecretProps> = fc.record(
  {
    namePrefix: fc.stringMatching(/^[\w/+=.@-]{1,486}$/),
    description: fc.string({ minLength: 1, maxLength: 2048 }).filter((text) => !/[$%]\{/.test(text)),
    length: fc.integer({ min: 16, max: 4096 }),
    version: fc.integer({ min: 1, max: 1_000_000 }),
    kmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:eu-central-1:111122223333:key/${id}`),
    recoveryWindowInDays: fc.integer({ min: 7, max: 30 }),
    document: fc
      .stringMatching(/^[\w."\\ -]{0,20}$/)
      .map((user) => (password: string) => ({ user, url: `amqp://${password}@host` })),
  },
  { requiredKeys: ["namePrefix", "description"] },
);

const WRONG: Record<string, unknown[]> = {
  namePrefix: [undefined, null, 7, "", "a b", "é", "x".repeat(487)],
  description: [undefined, null, 7, "", "x".repeat(2049)],
  length: [15, 4097, 16.5, Number.NaN, "48", null],
  version: [0, -1, 1.5, 1_000_001, Number.POSITIVE_INFINITY, "1", null],
  kmsKeyArn: ["", "alias/a", "arn:aws:kms:us-east-1:111122223333:alias/a", 7, null],
  recoveryWindowInDays: [0, 6, 31, 7.5, "7", null],
  document: [null, "{}", {}, 5],
  value: ["secret"],
};
const breaks = Object.entries(WRONG).flatMap(([key, values]) => values.map((value) => [key, value] as const));
const invalid = fc.tuple(valid, fc.constantFrom(...breaks)).map(
  ([props, [key, value]]): Wrong<GeneratedSecretProps> => ({
    key,
    props: { ...props, [key]: value } as GeneratedSecretProps,
  }),
);

fuzz("test/token", { valid, invalid }, (stack, props) => new GeneratedSecret(stack, "token", props));
