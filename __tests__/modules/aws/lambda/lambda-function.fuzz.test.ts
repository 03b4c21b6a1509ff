import fc from "fast-check";
import { LambdaFunction, type LambdaFunctionProps } from "../../../../modules/aws/lambda/lambda-function";
import { broken, fuzz, type Wrong } from "../../../support/fuzz";

const one = <const T>(...values: T[]) => fc.constantFrom(...values);
const valid: fc.Arbitrary<LambdaFunctionProps> = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    description: fc.string({ maxLength: 256 }),
    entry: one("assets/ecs/definition-sweeper/sweeper.py", "assets/dask/dashboards/registrar.py"),
    environment: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{1,20}$/), fc.string({ maxLength: 50 }), {
      maxKeys: 5,
    }),
    statements: one(
      [],
      [{ Action: "ecs:ListTasks", Resource: "*" }],
      [
        { Sid: "A", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::a/*"] },
        { Sid: "B", Effect: "Deny" as const, Action: "s3:*", Resource: "*" },
      ],
    ),
    timeoutSeconds: fc.integer({ min: 1, max: 900 }),
    memory: fc.integer({ min: 128, max: 10_240 }),
    tracing: fc.boolean(),
    alarmTopicArns: one(["arn:aws:sns:us-east-1:111122223333:alerts"]),
    logRetentionDays: one(0, 1, 30, 3653),
    logKmsKeyArn: fc.uuid().map((key) => `arn:aws:kms:eu-west-2:111122223333:key/${key}`),
  },
  { requiredKeys: ["name", "description", "entry"] },
) as fc.Arbitrary<LambdaFunctionProps>;

const breaks = fc.oneof(
  ...(
    [
      ["name", undefined, "", "a b", "é", "x".repeat(65), 5],
      ["description", undefined, "x".repeat(257), 5],
      ["entry", undefined, "", "a.js", "a.tsx", 5],
      ["environment", "a", { AB: "x".repeat(5000) }],
      ["statements", {}, "ecs:*"],
      ["statements.0", 5, "ecs:*"],
      ["timeoutSeconds", 0, 901, 1.5, "60"],
      ["memory", 127, 10_241, 128.5, null],
      ["tracing", "on", 1],
      ["alarmTopicArns", [], "alerts"],
      ["logRetentionDays", 2, -1, "7"],
      ["logKmsKeyArn", "", "alias/a", 5],
      ["runtime", "python3.9"],
    ] as [string, ...unknown[]][]
  ).map(([key, ...values]) => fc.constantFrom(...values).map((value) => ({ key, value }))),
);
const invalid: fc.Arbitrary<Wrong<LambdaFunctionProps>> = fc
  .tuple(valid, breaks)
  .map(([props, { key, value }]) =>
    key === "statements.0"
      ? { key, props: { ...props, statements: [value] } as LambdaFunctionProps }
      : broken(props, key, value),
  );

fuzz("test/function", { valid, invalid }, (stack, props) => new LambdaFunction(stack, "function", props));
