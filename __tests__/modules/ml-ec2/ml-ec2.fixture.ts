import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { MlEc2, type MlEc2Props, type MlNetwork } from "../../../modules/ml-ec2/ml-ec2";
import { synth } from "../../support/synth";

export const NETWORK: MlNetwork = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidrBlocks: ["10.0.0.0/16"],
  publicSubnetIds: ["subnet-0a", "subnet-0b"],
  privateSubnetIds: ["subnet-1a", "subnet-1b"],
};

export type BoxSettings = Partial<MlEc2Props>;

/** Adds a training box; replicas get a provider in their region, as the stack makes one. */
export const addBox = (stack: TerraformStack, settings: BoxSettings) => {
  const { replication } = settings;
  const region = replication?.region;
  const replicaProvider = region ? new AwsProvider(stack, "replica", { alias: "replica", region }) : undefined;
  const base = { projectName: "ml", environment: "dev", region: "us-east-1", network: NETWORK } as const;
  return new MlEc2(stack, "box", { ...base, replicaProvider, ...settings });
};

export const build = (settings: BoxSettings = {}) => synth((stack) => addBox(stack, settings));

/** Every option, off by default, each with a setting that turns it on. */
export const OPTIONS = {
  instanceCount: { instanceCount: 3 },
  spot: { spot: true },
  gpu: { instanceType: "g5.xlarge" },
  public: { placement: "public" },
  allowedCidrs: { allowedCidrs: ["203.0.113.0/24"] },
  dataVolumes: { dataVolumes: [{ name: "scratch", size: 100, mountPoint: "/data" }] },
  sharedFiles: { sharedFiles: {} },
  kms: { s3Encryption: "aws:kms" },
  replication: { replication: { region: "us-west-2" } },
  audit: { audit: {} },
  logArchive: { logArchive: {} },
  alertEmails: { alertEmails: ["ml@example.com"] },
  diskAlarm: { diskAlarmThreshold: 85 },
  memoryAlarm: { memoryAlarmThreshold: 90 },
  networkAnomaly: { networkAnomalyAlarm: true },
  autoRecovery: { autoRecovery: true },
  dashboard: { dashboard: true },
  snapshots: { snapshots: {} },
  schedule: { schedule: { stop: "0 20 * * MON-FRI", start: "0 7 * * MON-FRI", timezone: "Europe/Berlin" } },
  patching: { patching: {} },
  fleet: { fleet: {} },
  loadBalancer: { loadBalancer: { domainName: "ml.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" } },
  instanceConnect: { instanceConnect: true },
  ciRole: { ciRole: { subjects: ["repo:org/name:ref:refs/heads/main"] } },
} satisfies Record<string, BoxSettings>;
