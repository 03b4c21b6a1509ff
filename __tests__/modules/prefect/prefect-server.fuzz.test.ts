import fc from "fast-check";
import { FARGATE_SIZES } from "../../../modules/aws/ecs/fargate-size";
import { PrefectServer, type PrefectServerProps } from "../../../modules/prefect/prefect-server";
import { broken, fuzz } from "../../support/fuzz";
import { CLUSTER, KEY, TOPIC } from "./prefect.fixture";

const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{8,17}$/).map((hex) => `${prefix}-${hex}`);
const size = fc
  .constantFrom(...Object.entries(FARGATE_SIZES))
  .chain(([cpu, offered]) => fc.record({ cpu: fc.constant(Number(cpu) as 256), memory: fc.constantFrom(...offered) }));
const valid: fc.Arbitrary<PrefectServerProps> = fc
  .record(
    {
      name: fc.stringMatching(/^[a-z](-?[a-z0-9]){0,18}$/),
      region: fc.constantFrom("us-east-1", "eu-central-1", "cn-north-1"),
      cluster: fc.constant(CLUSTER),
      vpcId: id("vpc"),
      subnetIds: fc.uniqueArray(id("subnet"), { minLength: 2, maxLength: 16 }),
      alarmTopicArns: fc.constant<string[]>([TOPIC]),
      image: fc.constant("prefecthq/prefect:3.9.1-python3.12"),
      size,
      architecture: fc.constantFrom("X86_64" as const, "ARM64" as const),
      authentication: fc.boolean(),
      database: fc.record(
        {
          dbMultiAz: fc.boolean(),
          dbPort: fc.integer({ min: 1150, max: 65_535 }),
          dbName: fc.constantFrom("prefect", "flows"),
          dbUsername: fc.constantFrom("prefect", "owner"),
          deletionProtection: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      kmsKeyArn: fc.constant(KEY),
      environment: fc.dictionary(fc.stringMatching(/^[B-C][A-Z_]{0,8}$/), fc.string({ maxLength: 10 }), { maxKeys: 3 }),
      executeCommand: fc.boolean(),
    },
    { requiredKeys: ["name", "region", "cluster", "vpcId", "subnetIds"] },
  )
  .chain(({ size, ...rest }) =>
    fc.integer({ min: 1, max: 9 }).map((authVersion) => ({
      ...rest,
      ...size,
      ...(rest.authentication !== false && { authVersion }),
    })),
  );
const BREAKS: [path: string, ...values: unknown[]][] = [
  ["name", undefined, null, "", "A", "a_b", "x".repeat(41), 5],
  ["region", undefined, "", "mars", null],
  ["cluster", undefined, null, "dev", {}],
  ["vpcId", undefined, "", null],
  ["subnetIds", undefined, [], ["a"], ["a", "a"], null],
  ["loadBalancer", "lb", {}, null],
  ["alarmTopicArns", [], "topic", null],
  ["image", "", "prefect", "a:latest", null],
  ["cpu", 0, 300, "256", null],
  ["memory", 1, 513, "512", null],
  ["architecture", "arm", null],
  ["authentication", "admin", 1, null],
  ["authVersion", 0, 1.5, "1", null],
  ["host", "Prefect", "", 5, null],
  ["database", [], "db", null],
  ["database.dbName", "postgres", "", "a-b"],
  ["database.dbUsername", "admin", "", 5],
  ["database.dbPort", 80, 65_536],
  ["database.dbMultiAz", "yes", 2, null],
  ["kmsKeyArn", "", "alias/a", null],
  ["environment", [], "A=1", null],
  ["executeCommand", "yes", 1, null],
  ["desiredCount", 2, 0],
];
const invalid = fc
  .tuple(
    valid,
    fc.constantFrom(...BREAKS.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  )
  .map(([props, [path, value]]) => broken(props, path, value));

fuzz("test/server", { valid, invalid }, (stack, props) => new PrefectServer(stack, "server", props), 0.5);
