import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { TlsResource } from "../../../modules/common/tls-resource";
import { synth } from "../../support/synth";

it("asks for the provider that has it, and for no configuration of it", () => {
  const { parsed } = synth((stack) => {
    const key = new TlsResource(stack, "key", "tls_private_key", { algorithm: "RSA" });
    new TerraformOutput(stack, "pem", { value: key.getStringAttribute("private_key_pem"), staticId: true });
  });
  expect(parsed.resource.tls_private_key.key).toEqual({ algorithm: "RSA" });
  expect(parsed.terraform.required_providers.tls).toEqual({ source: "hashicorp/tls", version: ">= 4.0.0, < 5.0.0" });
  expect(parsed.provider).not.toHaveProperty("tls");
  expect(parsed.output.pem.value).toMatch(/^\$\{tls_private_key\.key\.private_key_pem\}$/);
});
