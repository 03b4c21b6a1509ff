import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformResource, type TerraformStack } from "cdktf";
import type { TerraformConstructor } from "cdktf/lib/testing/matchers";
import { dev } from "../../environments/dev";
import { buildApp, synthesize } from "../../stacks/app";
import { ref } from "./terraform-json";

/** Mistakes that the constructs cannot see, made by the escape hatch in one resource of the dev environment. */
export const MISTAKES = {
  "missing argument": [Subnet, (subnet) => subnet.addOverride("vpc_id", undefined)],
  "wrong type": [Vpc, (vpc) => vpc.addOverride("enable_dns_support", "sometimes")],
  "wrong collection": [Vpc, (vpc) => vpc.addOverride("tags", "Name")],
  "unknown argument": [Vpc, (vpc) => vpc.addOverride("cidr", "10.0.0.0/16")],
  "block too many": [
    EksCluster,
    (cluster) => cluster.addOverride("vpc_config", [{ subnet_ids: [] }, { subnet_ids: [] }]),
  ],
  "dangling reference": [Subnet, (subnet) => subnet.addOverride("vpc_id", ref("aws_vpc.gone.id"))],
  "unknown attribute": [Subnet, (subnet, vpc) => subnet.addOverride("vpc_id", ref(`${vpc}.identifier`))],
  cycle: [Vpc, (vpc, _, subnet) => vpc.addOverride("depends_on", [subnet])],
  "output that is not there": [
    EksCluster,
    (cluster) =>
      cluster.addOverride(
        "version",
        ref("data.terraform_remote_state.cross-stack-reference-input-dev-exadeploy-network.outputs.no_such_output"),
      ),
  ],
  "plan that is never empty": [Vpc, (vpc) => vpc.addOverride("tags.PlannedAt", ref("timestamp()"))],
} satisfies Record<
  string,
  [type: TerraformConstructor, (resource: TerraformResource, vpc: string, subnet: string) => void]
>;

/** App command of a test: `broken-app.ts <mistake>` synthesizes dev with that mistake in it. */
function main(mistake: keyof typeof MISTAKES): void {
  const app = buildApp([dev]);
  const found = (type: TerraformConstructor, id: string) => {
    const stack = app.node.findChild(id) as TerraformStack;
    const resources = stack.node.findAll().filter(TerraformResource.isTerraformResource);
    const one = resources.find(({ terraformResourceType }) => terraformResourceType === type.tfResourceType);
    if (!one) throw new Error(`${id} has no ${type.tfResourceType}`);
    return one;
  };
  const network = "dev-exadeploy-network";
  const addressIn = (id: string) => (type: TerraformConstructor) =>
    `${type.tfResourceType}.${found(type, id).friendlyUniqueId}`;
  const [type, make] = MISTAKES[mistake];
  const [vpc = "", subnet = ""] = [Vpc, Subnet].map(addressIn(network));
  make(found(type, type === EksCluster ? "dev-exadeploy-cluster" : network), vpc, subnet);
  synthesize(app);
}

if (require.main === module) main(process.argv[2] as keyof typeof MISTAKES);
