import { TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** Versions of hashicorp/tls that have these resources and arguments. */
const TLS_PROVIDER = { source: "hashicorp/tls", version: ">= 4.0.0, < 5.0.0" };

/**
 * Resource of the provider hashicorp/tls, for which the project has no bindings: it is used by one option only. The provider
 * needs no configuration, so that none is written.
 */
export class TlsResource extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    type: "tls_private_key" | "tls_self_signed_cert" | "tls_cert_request" | "tls_locally_signed_cert",
    private readonly values: Record<string, unknown>,
  ) {
    super(scope, id, { terraformResourceType: type });
    TerraformStack.of(scope).addOverride("terraform.required_providers.tls", TLS_PROVIDER);
  }

  protected override synthesizeAttributes() {
    return this.values;
  }
}
