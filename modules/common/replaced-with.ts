import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

type Values = Record<string, unknown>;

/** Lifecycle of a resource that is replaced when one of `values` changes, though they are none of its own arguments. */
export function replacedWith(scope: Construct, id: string, values: Values) {
  const { terraformResourceType, friendlyUniqueId } = new TerraformData(scope, id, values);
  return { replaceTriggeredBy: [`${terraformResourceType}.${friendlyUniqueId}`] }; // an address: Terraform takes no ${}
}

/** Terraform's own resource, which only remembers. The class that cdktf has for it runs terraform to synthesize. */
class TerraformData extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly values: Values,
  ) {
    super(scope, id, { terraformResourceType: "terraform_data" });
  }

  protected override synthesizeAttributes() {
    return { triggers_replace: this.values };
  }
}
