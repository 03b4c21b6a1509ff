import { X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { rdsCertificates } from "../../../../modules/aws/rds/rds-certificates";

const certificates = (region: string) =>
  (rdsCertificates(region)?.match(/-----BEGIN CERTIFICATE-----[^#]*?-----END CERTIFICATE-----\n/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  );

it.each([
  ..."us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 af-south-1 me-south-1 me-central-1".split(" "),
  ..."eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3".split(" "),
  ..."ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2".split(" "),
  ..."ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4".split(" "),
])("has Amazon's own three roots of %s, and nothing else", (region) => {
  const found = certificates(region);
  const subjects = found.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1]).sort();
  expect(subjects).toEqual([
    `Amazon RDS ${region} Root CA ECC384 G1`,
    `Amazon RDS ${region} Root CA RSA2048 G1`,
    `Amazon RDS ${region} Root CA RSA4096 G1`,
  ]);
  for (const certificate of found) {
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Number(certificate.validTo.slice(-8, -4))).toBeGreaterThanOrEqual(2061);
  }
  const text = rdsCertificates(region) ?? "";
  expect(text).toMatch(/^(-----BEGIN CERTIFICATE-----\n([\w+/=]+\n)+-----END CERTIFICATE-----\n){3}$/);
});
it("says so where it has none", () => {
  expect(rdsCertificates("mx-central-1")).toBeUndefined();
  expect(rdsCertificates("")).toBeUndefined();
});
