import fc from "fast-check";
import { DerivedSecret, type DerivedSecretProps } from "../../../../modules/common/secrets/derived-secret";
import { fuzz, type Wrong } from "../../../support/fuzz";

const valid: fc.Arbitrary<DerivedSecretProps> = fc.record(
  {
    namePrefix: fc.stringMatching(/^[\w/+=.@-]{1,486}$/),
    description: fc.string({ minLength: 1, maxLength: 2048 }).filter((text) => !/[$%]\{/.test(text)),
    kmsKeyArn: fc.uuid().map((id) => `arn:aws:kms:eu-central-1:111122223333:key/${id}`),
    recoveryWindowInDays: fc.integer({ min: 7, max: 30 }),
    source: fc.record({
      secretArn: fc.constant("arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbC123"),
      versionId: fc.uuid(),
    }),
    document: fc
      .stringMatching(/^[\w."\\ -]{0,20}$/)
      .map((user) => (password: string) => ({ user, url: `amqp://${password}@host` })),
  },
  { requiredKeys: ["namePrefix", "description", "source", "document"] },
);

const WRONG: Record<string, unknown[]> = {
  namePrefix: [undefined, null, 7, "", "a b", "é", "x".repeat(487)],
  description: [undefined, null, 7, "", "x".repeat(2049)],
  kmsKeyArn: ["", "alias/a", 7, null],
  recoveryWindowInDays: [0, 6, 31, 7.5, "7", null],
  source: [undefined, null, "arn", {}, { secretArn: "a" }],
  document: [undefined, null, "{}", {}, 5],
  password: ["secret"],
};
const breaks = Object.entries(WRONG).flatMap(([key, values]) => values.map((value) => [key, value] as const));
const invalid = fc.tuple(valid, fc.constantFrom(...breaks)).map(
  ([props, [key, value]]): Wrong<DerivedSecretProps> => ({
    key,
    props: { ...props, [key]: value } as DerivedSecretProps,
  }),
);

fuzz("test/url", { valid, invalid }, (stack, props) => new DerivedSecret(stack, "url", props));
