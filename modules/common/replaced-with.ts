import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

type Values = Record<string, unknown>;

/** Lifecycle that replaces a resource when one of `values` changes, which are not among its arguments. */
export function replacedWith(scope: Construct, id: string, values: Values) {
  const { terraformResourceType, friendlyUniqueId } = new TerraformData(scope, id, values);
  return { replaceTriggeredBy: [`${terraformResourceType}.${friendlyUniqueId}`] }; // an address, without ${}
}

/** `terraform_data`, which only stores values. cdktf's own class runs terraform at synthesis. */
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
