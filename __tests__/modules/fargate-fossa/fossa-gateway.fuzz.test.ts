import fc from "fast-check";
import { FossaGateway, type FossaGatewayProps } from "../../../modules/fargate-fossa/fossa-gateway";
import { broken, fuzz, type Wrong } from "../../support/fuzz";
import { CERTIFICATE, IMAGE, PLACE, SECRET } from "./fossa.fixture";

const one = <const T>(...words: T[]) => fc.constantFrom(...words);
const VPN = { clientCidr: "10.12.0.0/22", serverCertificateArn: CERTIFICATE, rootCertificateChainArn: CERTIFICATE };

const valid = fc
  .record({
    page: one("host", "container", "none"),
    withTls: fc.boolean(),
    alarms: fc.boolean(),
    seed: fc.nat(19),
    ownPassword: fc.boolean(),
  })
  .chain(({ page, withTls, alarms, seed, ownPassword }) => {
    const tls = page === "container" || (page === "host" && withTls);
    const build = page === "container" ? "codebuild" : "gateway";
    const images =
      seed === 0 // to make a bundle or read a folder takes time
        ? { imageBuild: fc.constant(build) }
        : {
            imageBuild: one("prebuilt"),
            image: one(IMAGE),
            ...(page === "container" && { pageImage: one(IMAGE) }),
          };
    const required: Record<string, fc.Arbitrary<unknown>> = {
      name: fc.stringMatching(/^[a-z][a-z0-9]{2,10}(-[a-z0-9]{1,5}){0,2}$/),
      region: one(PLACE.region),
      network: one(PLACE.network),
      page: fc.constant(page),
      alarms: fc.constant(alarms),
      ...images,
      ...(tls && {
        tls: fc.record(
          { certificateArn: one(CERTIFICATE), internal: fc.boolean(), deletionProtection: fc.boolean() },
          { requiredKeys: ["certificateArn"] },
        ),
        allowedCidrs: one(["203.0.113.0/24"], ["203.0.113.0/24", "198.51.100.7/32"]),
      }),
    };
    const optional = {
      egress: one("nat-instance", "nat-gateway", "vpc-endpoints"),
      architecture: one("X86_64", "ARM64"),
      workerPort: fc.integer({ min: 1, max: 65_535 }),
      brokerImage: fc.boolean(),
      ...(page !== "none" && ownPassword && { passwordSecretArn: one(SECRET) }),
      passwordVersion: fc.integer({ min: 1, max: 1000 }),
      ...(alarms && { alertEmails: one([], ["ops@example.com"]) }),
      rootVolumeSize: fc.integer({ min: 8, max: 1000 }),
      kmsKeyArn: fc.constant("arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c"),
      logKmsKeyArn: fc.constant("arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c"),
      diskKmsKeyArn: fc.constant("arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c"),
      logRetentionDays: fc.constantFrom(1, 30, 3653),
      detailedMonitoring: fc.boolean(),
      autoRecovery: fc.boolean(),
      vpn: one(VPN, { ...VPN, clientCidr: "172.16.0.0/12" }),
    };
    return fc
      .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }))
      .map(([must, may]) => ({ ...may, ...must }));
  }) as fc.Arbitrary<FossaGatewayProps>;

const wrong: [path: string, ...values: unknown[]][] = [
  ["name", "", "x", "A", "a_b", "a--b", "ab-", "a".repeat(25), 5],
  ["region", "", "here", 5],
  ["network", {}, "vpc-1", null],
  ["egress", "nat", "", 1],
  ["architecture", "arm64", "RISCV"],
  ["workerPort", 0, 65_536, 1.5, "2345"],
  ["brokerImage", "yes", 1],
  ["page", "lambda", "", 1],
  ["passwordSecretArn", "mine", 5],
  ["passwordVersion", 0, 1.5, "one"],
  ["rootVolumeSize", 7, 1001, "20"],
  ["kmsKeyArn", "alias/mine", ""],
  ["logKmsKeyArn", "alias/mine", ""],
  ["diskKmsKeyArn", "alias/mine", ""],
  ["logRetentionDays", 2, "30"],
  ["detailedMonitoring", "yes"],
  ["alarms", "yes", 1],
  ["vpn", 5, "yes"],
  ["image", "mine:latest", "", 5],
  ["imageBuild", "jenkins", 1],
  ["tls", true, 5],
  ["tls.hostedZoneId", "zone", 5],
  ["allowedCidrs", "203.0.113.0/24", ["all"], ["203.0.113.1/24"]],
];
const invalid: fc.Arbitrary<Wrong<FossaGatewayProps>> = fc
  .record({
    props: valid,
    fault: one(...wrong.flatMap(([path, ...values]) => values.map((value) => [path, value] as const))),
  })
  .map(({ props, fault: [path, value] }) => ({
    ...broken(props, path, value),
    key: path === "allowedCidrs" && Array.isArray(value) ? "allowedCidrs[0]" : path,
  }));

fuzz<FossaGatewayProps>(
  "test/gateway",
  { valid, invalid },
  (scope, props) => new FossaGateway(scope, "gateway", props),
  1 / 4,
);
