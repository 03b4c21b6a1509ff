import { expect, it } from "vitest";
import { HEALTH_PATH, tlsSchema } from "../../../modules/fargate-fossa/tls";
import { CERTIFICATE } from "./fossa.fixture";

const faults = (input: object) => tlsSchema.safeParse(input).error?.issues.map(({ path }) => path.join(".")) ?? [];

it("is of the VPC alone, without logs or protection, where nothing more is said than the certificate", () => {
  expect(tlsSchema.parse({ certificateArn: CERTIFICATE })).toEqual({
    certificateArn: CERTIFICATE,
    internal: true,
    deletionProtection: false,
  });
});
it("asks for a path without sign-in", () => expect(HEALTH_PATH).toBe("/healthz"));
it.each([
  [{}, "certificateArn"],
  [{ certificateArn: "arn:aws:acm:x" }, "certificateArn"],
  [{ domainName: "fossa.example.com" }, "hostedZoneId"],
  [{ hostedZoneId: "Z123" }, "domainName"],
  [{ certificateArn: CERTIFICATE, domainName: "fossa.example.com", hostedZoneId: "Z123" }, "certificateArn"],
  [{ certificateArn: CERTIFICATE, internal: "no" }, "internal"],
  [{ certificateArn: CERTIFICATE, accessLogsBucket: "A" }, "accessLogsBucket"],
  [{ certificateArn: CERTIFICATE, accessLogsBucket: "a-bucket", accessLogs: {} }, "accessLogsBucket"],
  [{ certificateArn: CERTIFICATE, accessLogs: { retentionDays: 0 } }, "accessLogs.retentionDays"],
  [{ certificateArn: CERTIFICATE, allowedCidrs: [] }, ""],
])("refuses %j by %s", (input, key) => expect(faults(input)).toContain(key));
