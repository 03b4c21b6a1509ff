import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { withLocalState, withoutProtection } from "@cdktf-ml-infra/rehearsal/local-state";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dev } from "../../environments/dev";
import { defineEnvironment } from "../../stacks/environment";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { Workspace } from "../support/terraform";
import { forMoto } from "../support/terraform-json";
import { withoutWhatMotoLacks } from "./moto-lacks";
import { onAws, stacksOf } from "./stacks.fixture";

const { region, mlEc2 } = dev;
const machines = { ...mlEc2?.machines, alarms: true, alertEmails: ["ml-team@example.com"] };
const environment = defineEnvironment({ name: "dev", region, mlEc2: { ...mlEc2, machines } });

onAws("the training box of dev, with alarms, in use", () => {
  let moto: Moto;
  let outputs: Record<string, Json>;
  let client: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } };

  beforeAll(async () => {
    moto = await Moto.start();
    const [{ json, folder } = { json: {}, folder: "" }] = stacksOf(environment);
    const local = withLocalState(json, (location) => `${location} is not applied`);
    const applicable = withoutProtection(withoutWhatMotoLacks(forMoto(local)));
    const workspace = await Workspace.of("use-ml-ec2", applicable, { source: folder, env: moto.env });
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
    const named = Object.entries(await workspace.outputs());
    outputs = Object.fromEntries(named.map(([name, { value }]) => [name, value]));
    client = { region, endpoint: moto.url, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  });
  afterAll(() => moto?.stop());

  it("runs, with the role's profile, in the machines' security group, its metadata by token only", async () => {
    const ec2 = new EC2Client(client);
    const id: string = outputs.ml_instance_id;
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const machine = Reservations?.[0]?.Instances?.[0];
    expect(machine?.State?.Name).toBe("running");
    expect(machine?.InstanceType).toBe("t3.small");
    expect(machine?.IamInstanceProfile?.Arn).toMatch(new RegExp(`/${outputs.ml_instance_profile_name}$`));
    expect(machine?.MetadataOptions).toMatchObject({ HttpTokens: "required", HttpPutResponseHopLimit: 1 });
    expect(machine?.SubnetId).toBe(outputs.private_subnet_ids[0]);
    const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
    const own = NetworkInterfaces.filter(({ Attachment }) => Attachment?.InstanceId === id);
    expect(own.flatMap(({ Groups = [] }) => Groups.map(({ GroupId }) => GroupId))).toEqual([
      outputs.ml_instance_security_group_id,
    ]);
  });

  it("keeps what its role puts into the datasets bucket, beside the folders", async () => {
    const RoleArn: string = outputs.ml_instance_role_arn;
    const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: "machine" });
    const { Credentials } = await new STSClient(client).send(assume);
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken,
    };
    const s3 = new S3Client({ ...client, credentials, forcePathStyle: true });
    const Bucket: string = outputs.datasets_bucket_name;
    await s3.send(new PutObjectCommand({ Bucket, Key: "raw/iris.csv", Body: "5.1,3.5,setosa" }));
    const { Body, ServerSideEncryption } = await s3.send(new GetObjectCommand({ Bucket, Key: "raw/iris.csv" }));
    expect(await Body?.transformToString()).toBe("5.1,3.5,setosa");
    expect(ServerSideEncryption).toBe("AES256");
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(["external/", "interim/", "processed/", "raw/", "raw/iris.csv"]);
  });

  it("has alarms on this very machine that tell the topic", async () => {
    const { MetricAlarms = [] } = await new CloudWatchClient(client).send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms.map(({ MetricName }) => MetricName).sort()).toEqual(["CPUUtilization", "StatusCheckFailed"]);
    for (const { Dimensions, AlarmActions, OKActions, Threshold, MetricName } of MetricAlarms) {
      expect(Dimensions).toEqual([{ Name: "InstanceId", Value: outputs.ml_instance_id }]);
      expect(AlarmActions).toEqual([expect.stringMatching(/^arn:aws:sns:us-west-2:123456789012:/)]);
      expect(OKActions).toEqual(AlarmActions);
      expect(Threshold).toBe(MetricName === "CPUUtilization" ? 90 : 0);
    }
  });
});
