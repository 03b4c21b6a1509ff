import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { refTo } from "../../../support/synth";
import { build, CERTIFICATE, DOMAIN } from "./http-api.fixture";

describe("a domain", () => {
  it("has a certificate, records and TLS 1.2, and the other address is closed", () => {
    const stack = build(
      { domain: DOMAIN },
      (api) => new TerraformOutput(api, "url", { value: api.url, staticId: true }),
    );
    expect(stack.one(Apigatewayv2Api).disable_execute_api_endpoint).toBe(true);
    expect(stack.one(Apigatewayv2DomainName)).toMatchObject({
      domain_name: "api.example.com",
      domain_name_configuration: {
        certificate_arn: refTo(AcmCertificateValidation, "certificate_arn"),
        endpoint_type: "REGIONAL",
        security_policy: "TLS_1_2",
      },
    });
    expect(stack.one(AcmCertificate)).toMatchObject({ domain_name: "api.example.com", validation_method: "DNS" });
    expect(stack.one(Apigatewayv2ApiMapping)).toMatchObject({
      api_id: refTo(Apigatewayv2Api, "id"),
      domain_name: refTo(Apigatewayv2DomainName, "id"),
      stage: refTo(Apigatewayv2Stage, "id"),
    });
    const aliases = stack.all(Route53Record).filter(({ alias }) => alias);
    expect(aliases.map(({ type, name, zone_id }) => [type, name, zone_id]).sort()).toEqual([
      ["A", "api.example.com", "Z0123456789EXAMPLE"],
      ["AAAA", "api.example.com", "Z0123456789EXAMPLE"],
    ]);
    expect(stack.outputs.url?.value).toBe("https://api.example.com");
  });
  it("uses a certificate that is there", () => {
    const stack = build({ domain: { ...DOMAIN, certificateArn: CERTIFICATE } });
    expect(stack.all(AcmCertificate)).toEqual([]);
    expect(stack.one(Apigatewayv2DomainName).domain_name_configuration.certificate_arn).toBe(CERTIFICATE);
  });
});
