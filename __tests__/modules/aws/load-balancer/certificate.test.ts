import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Token } from "cdktf";
import { expect, it } from "vitest";
import { certificateFor } from "../../../../modules/aws/load-balancer/certificate";
import {
  HttpsLoadBalancer,
  type HttpsLoadBalancerProps,
} from "../../../../modules/aws/load-balancer/https-load-balancer";
import { type BadInput, rejects } from "../../../support/bad-input";
import { refTo, synth } from "../../../support/synth";
import { build, certificateArn, domain, MINIMAL } from "./balancer.fixture";

it("is made for a domain, proved, and the domain points to the load balancer", () => {
  const { all, one } = build({}, undefined, domain);
  expect(one(AcmCertificate)).toEqual({
    domain_name: "fossa.example.com",
    subject_alternative_names: ["fossa.example.com"], // else names that were there before would stay
    validation_method: "DNS",
    tags: { Name: "fossa.example.com" },
    lifecycle: { create_before_destroy: true },
  });
  const [proof, address] = all(Route53Record).sort((a) => (a.type === "A" ? 1 : -1));
  const option = (attribute: string) =>
    expect.stringMatching(
      new RegExp(`^\\$\\{tolist\\(aws_acm_certificate\\.[\\w-]+\\.domain_validation_options\\)\\.0\\.${attribute}\\}$`),
    );
  expect(proof).toEqual({
    zone_id: "Z0123456789ABC",
    name: option("resource_record_name"),
    type: option("resource_record_type"),
    records: [option("resource_record_value")],
    ttl: 300,
    allow_overwrite: true,
  });
  expect(address).toEqual({
    zone_id: "Z0123456789ABC",
    name: "fossa.example.com",
    type: "A",
    alias: { name: refTo(Lb, "dns_name"), zone_id: refTo(Lb, "zone_id"), evaluate_target_health: true },
  });
  expect(one(AcmCertificateValidation)).toEqual({
    certificate_arn: refTo(AcmCertificate, "arn"),
    validation_record_fqdns: [
      expect.stringMatching(/^\$\{aws_route53_record\.balancer_certificate-proof_\w+\.fqdn\}$/),
    ],
  });
  const https = all(LbListener).find(({ port }) => port === 443);
  expect(https.certificate_arn).toEqual(refTo(AcmCertificateValidation, "certificate_arn"));
});
it("is made for several names, each proved by its own record, whatever their order", () => {
  const { all, one } = synth((stack) => {
    const names = { domainName: "example.com", hostedZoneId: "Z0123456789ABC" };
    certificateFor(stack, names, { otherNames: ["www.example.com"] });
  });
  expect(one(AcmCertificate)).toMatchObject({
    domain_name: "example.com",
    subject_alternative_names: ["example.com", "www.example.com"],
  });
  const field = (name: string, key: string) =>
    `\${one([for option in aws_acm_certificate.certificate.domain_validation_options : option.resource_record_${key} if option.domain_name == "${name}"])}`;
  expect(all(Route53Record).map(({ name, type, records }) => ({ name, type, records }))).toEqual(
    ["example.com", "www.example.com"].map((name) => ({
      name: field(name, "name"),
      type: field(name, "type"),
      records: [field(name, "value")],
    })),
  );
  expect(one(AcmCertificateValidation).validation_record_fqdns).toHaveLength(2);
});
it("is not made where the caller has one", () => {
  const { all } = build();
  for (const type of [AcmCertificate, AcmCertificateValidation, Route53Record]) expect(all(type)).toEqual([]);
});
it.each<[string, Partial<HttpsLoadBalancerProps>]>([
  ["a name of 64 characters", { ...domain, domainName: `${"x".repeat(52)}.example.com` }],
  ["a label of 63 characters", { ...domain, domainName: `${"x".repeat(61)}.de` }],
  ["a zone that another resource gives", { ...domain, hostedZoneId: Token.asString({}) }],
  ["a zone with the longest id", { ...domain, hostedZoneId: `Z${"0".repeat(31)}` }],
])("accepts %s", (_, settings) => {
  expect(build(settings, undefined, {}).all(AcmCertificate)).toHaveLength(1);
});

const rows: BadInput<Partial<HttpsLoadBalancerProps>>[] = [
  ["certificateArn", {}, "is required", "for TLS", "got neither"],
  ["certificateArn", { certificateArn: "cert" }, "ARN of an ACM certificate", '"cert"'],
  ["certificateArn", { certificateArn, ...domain }, "left out with domainName", "got both"],
  ["certificateArn", { certificateArn, hostedZoneId: "Z1" }, "left out with", "got both"],
  ["domainName", { hostedZoneId: "Z1" }, "is required with hostedZoneId", "got nothing"],
  ["hostedZoneId", { domainName: "a.example.com" }, "is required with domainName", "got nothing"],
  ["domainName", { ...domain, domainName: "Fossa.example.com" }, "lower case", "Fossa"],
  ["domainName", { ...domain, domainName: "example" }, "a domain name", '"example"'],
  ["domainName", { ...domain, domainName: `${"x".repeat(53)}.example.com` }, "at most 64", "got 65"],
  ["domainName", { ...domain, domainName: "*.example.com" }, "a domain name"],
  ["hostedZoneId", { ...domain, hostedZoneId: "/hostedzone/Z1" }, "id of a hosted zone"],
  ["hostedZoneId", { ...domain, hostedZoneId: `Z${"0".repeat(32)}` }, "id of a hosted zone"],
  ["hostedZoneId", { ...domain, hostedZoneId: "Z" }, "id of a hosted zone", '"Z"'],
];
rejects(
  "test/balancer",
  rows.map(([key, settings, ...words]) => [key, { ...MINIMAL, ...settings }, ...words]),
  (stack, props) => new HttpsLoadBalancer(stack, "balancer", props as HttpsLoadBalancerProps),
);
