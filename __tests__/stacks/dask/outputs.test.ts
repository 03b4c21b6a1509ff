import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import { DaskCluster, type DaskClusterProps } from "../../../modules/dask/dask-cluster";
import { containerOutputs } from "../../../stacks/dask/outputs";
import { synth } from "../../support/synth";

const told = (props: Partial<DaskClusterProps>) =>
  synth((scope) => {
    const network = { vpcId: "vpc-1", privateSubnetIds: ["subnet-1"] };
    const cluster = new DaskCluster(scope, "dask", { name: "dev-dask", network, ...props });
    for (const [name, value] of Object.entries(containerOutputs(cluster, "us-east-2"))) {
      new TerraformOutput(scope, name, { value, staticId: true });
    }
  }).outputs;

it("say how to put the configuration where Dask looks for it, and the helper beside a program", () => {
  const filesBucket = { bucketName: "files", bucketArn: "arn:aws:s3:::files" };
  const { dask_config_command, dask_helper_command } = told({ filesBucket });
  const uri = "s3://files/\\$\\{aws_s3_object\\.[\\w-]+\\.key\\}";
  expect(dask_config_command.value).toMatch(
    new RegExp(`^mkdir -p ~/.config/dask && aws s3 cp --region us-east-2 ${uri} ~/.config/dask/cloudprovider.yaml$`),
  );
  expect(dask_helper_command.value).toMatch(new RegExp(`^aws s3 cp --region us-east-2 ${uri} \\.$`));
});
it("have the configuration as text where there is no bucket", () => {
  const outputs = told({});
  expect(Object.keys(outputs)).not.toContain("dask_config_uri");
  expect(outputs.dask_config.value).toContain("yamlencode");
});
