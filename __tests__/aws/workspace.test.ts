import { expect, it } from "vitest";
import { AWS_PROVIDER, Workspace } from "../support/terraform";
import { onAws } from "./stacks.fixture";

/** No call is made: the region is the provider's own configuration. */
const QUIET = { access_key: "a", secret_key: "b", skip_credentials_validation: true, skip_requesting_account_id: true };
const REGIONS = { here: "us-east-1", there: "eu-west-1", elsewhere: "ap-south-1" };

onAws("a workspace", () => {
  it("gives each configuration of a provider a process of its own, so that none takes the other's region", async () => {
    const names = Object.keys(REGIONS);
    const workspace = await Workspace.of("regions", {
      terraform: { required_providers: { aws: AWS_PROVIDER } },
      provider: { aws: Object.entries(REGIONS).map(([alias, region]) => ({ alias, region, ...QUIET })) },
      data: { aws_region: Object.fromEntries(names.map((alias) => [alias, { provider: `aws.${alias}` }])) },
      output: Object.fromEntries(names.map((alias) => [alias, { value: `\${data.aws_region.${alias}.name}` }])),
    });
    await workspace.apply();
    const told = Object.entries(await workspace.outputs()).map(([alias, { value }]) => [alias, value]);
    expect(Object.fromEntries(told)).toEqual(REGIONS);
  });
});
