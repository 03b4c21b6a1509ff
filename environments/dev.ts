import { defineEnvironment } from "../stacks/environment";

/** Small and complete: every system, ExaDeploy with a demo client network; cheap, easy to destroy, local state. */
export const dev = defineEnvironment({
  name: "dev",
  region: "us-west-2",
  state: { kind: "local" },
  exadeploy: {
    network: { cidr: "10.255.0.0/16" },
    deployerIsAdministrator: true,
    cluster: {
      runnerPools: [
        {
          suffix: "cpu",
          category: "cpu",
          capacityType: "SPOT",
          instanceTypes: ["m5.xlarge", "m5a.xlarge", "m6i.xlarge"],
          minSize: 1,
          maxSize: 4,
        },
        {
          suffix: "gpu",
          category: "gpu",
          capacityType: "ON_DEMAND",
          instanceTypes: ["g4dn.xlarge"],
          minSize: 0,
          maxSize: 3,
          acceleratorLabel: "nvidia-tesla-t4",
        },
      ],
    },
    moduleRepoBackend: { dbUsername: "exafunction", deletionProtection: false, finalSnapshot: false },
    clientNetwork: { cidr: "10.0.0.0/16" },
  },
  mlEc2: {
    network: { azs: ["us-west-2a", "us-west-2b"] },
    machines: {
      projectName: "ml-dev",
      instanceType: "t3.small",
      rootVolumeSize: 30,
      workloadType: "notebook",
      s3Versioning: false,
      s3LifecycleDays: 30,
      s3ForceDestroy: true,
      s3Events: true,
      alarms: false,
      cpuAlarmThreshold: 90,
    },
    owner: "dev-team",
    costCenter: "development",
  },
  fossa: {
    gateway: { repository: { forceDelete: true } },
    cluster: { workers: { desiredCount: 2 } },
  },
  dask: {
    network: { nat: "instance", interfaceEndpoints: [] }, // cheaper than NAT gateways and endpoints in each zone
    outputBucket: { versioning: false, forceDestroy: true },
    modelBucket: { versioning: false, forceDestroy: true },
    bucketLogs: { retentionDays: 30, forceDestroy: true },
    agent: {
      server: { cpu: 256, database: { deletionProtection: false, finalSnapshot: false } },
      workers: [{ name: "dev", workPool: "dev", cpu: 256, memory: 512 }],
    },
  },
  training: {
    network: { nat: "instance", interfaceEndpoints: [] }, // cheaper than NAT gateways and endpoints in each zone
    files: { backup: false },
    table: { recoveryDays: false, deletionProtection: false },
    alarms: false,
    machines: {
      instanceTypes: ["g4dn.xlarge", "g5.xlarge", "g6.xlarge"],
      maxSize: 2,
    },
  },
  portfolio: {
    table: { recoveryDays: false, deletionProtection: false },
    rawBucket: { versioning: false, forceDestroy: true },
    website: { bucket: { forceDestroy: true }, accessLogs: { retentionDays: 30, forceDestroy: true } },
    alarms: false,
  },
});
