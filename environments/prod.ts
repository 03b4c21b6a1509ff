import { defineEnvironment } from "../stacks/environment";

/** Named, so that no subnet moves when AWS adds a zone to the region or closes one to new resources. */
const AZS = ["us-west-2a", "us-west-2b", "us-west-2c"];

/** Settings for production. Set account, bucket and administrators to your own before the first deployment. */
export const prod = defineEnvironment({
  name: "prod",
  region: "us-west-2",
  account: "111122223333",
  state: { kind: "s3", bucket: "ml-infra-state-111122223333" },
  tags: { CostCenter: "ml-platform" },
  exadeploy: {
    network: {
      cidr: "10.254.0.0/16",
      azs: AZS,
      nat: "perAz",
      dynamodbEndpoint: true,
      interfaceEndpoints: ["ecr.api", "ecr.dkr", "ec2", "sts", "logs"],
      flowLogs: { logRetentionDays: 365 },
    },
    cluster: {
      administrators: { platform: "arn:aws:iam::111122223333:role/platform-admin" },
      logTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      logRetentionDays: 365,
      // hosts of the VPC reach the Kubernetes API; name a VPN's block here, and set kubernetesApi of a peer that may
      apiCidrs: [],
      runnerPools: [
        {
          suffix: "cpu",
          category: "cpu",
          capacityType: "SPOT",
          instanceTypes: ["m5.2xlarge", "m5a.2xlarge", "m6i.2xlarge", "m6a.2xlarge"],
          minSize: 1,
          maxSize: 20,
        },
        {
          suffix: "gpu-spot",
          category: "gpu",
          capacityType: "SPOT",
          instanceTypes: ["g5.2xlarge", "g5.4xlarge", "g6.2xlarge", "g6.4xlarge"],
          diskSize: 200,
          minSize: 0,
          maxSize: 16,
          nodeRepair: true,
        },
        {
          suffix: "gpu",
          category: "gpu",
          capacityType: "ON_DEMAND",
          instanceTypes: ["g5.2xlarge"],
          diskSize: 200,
          minSize: 0,
          maxSize: 4,
          nodeRepair: true,
        },
      ],
    },
    moduleRepoBackend: {
      dbUsername: "exafunction",
      dbInstanceClass: "db.m7g.large",
      dbStorage: 100,
      dbMultiAz: true,
      backupRetentionDays: 30,
      logRetentionDays: 365,
    },
  },
  mlEc2: {
    network: {
      cidr: "10.100.0.0/16",
      azs: AZS,
      public: { cidrs: ["10.100.1.0/24", "10.100.2.0/24", "10.100.3.0/24"] },
      private: { cidrs: ["10.100.11.0/24", "10.100.12.0/24", "10.100.13.0/24"] },
      nat: "perAz",
      flowLogs: { logRetentionDays: 365 },
    },
    machines: {
      projectName: "ml-prod",
      instanceType: "t3.large",
      rootVolumeSize: 100,
      jupyter: false,
      terminationProtection: true,
      cpuAlarmThreshold: 75,
      diskAlarmThreshold: 85,
      alertEmails: ["ml-team@example.com"],
      dashboard: true,
      logRetentionDays: 365,
    },
    owner: "ml-team",
    costCenter: "ml-production",
  },
  fossa: {
    egress: "nat-gateway",
    highAvailability: true,
    architecture: "ARM64",
    network: { azs: AZS.slice(0, 2), flowLogs: { logRetentionDays: 365 } },
    gateway: {
      page: "container",
      tls: {
        domainName: "fossa.example.com",
        hostedZoneId: "Z0123456789EXAMPLE",
        internal: false,
        accessLogs: {},
        deletionProtection: true,
      },
      allowedCidrs: ["203.0.113.0/24"],
      alarms: true,
      alertEmails: ["ml-team@example.com"],
    },
    cluster: {
      containerInsights: "enabled",
      logRetentionDays: 365,
      workers: { cpu: 1024, memory: 2048, autoscaling: { min: 4, max: 32, waitingPerWorker: 8 } },
      broker: { kind: "amazonMq", hostInstanceType: "mq.m7g.large", deploymentMode: "CLUSTER_MULTI_AZ" },
      dashboard: true,
    },
  },
  dask: {
    network: { azs: AZS.slice(0, 2), flowLogs: { logRetentionDays: 365 } },
    vpn: {
      serverCertificateArn: "arn:aws:acm:us-west-2:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
      samlProviderArn: "arn:aws:iam::111122223333:saml-provider/staff",
      selfServicePortal: true,
      groups: { scientists: { id: "data-scientists" } },
      logRetentionDays: 365,
    },
    loadBalancing: {
      domainName: "data.example.com",
      hostedZoneId: "Z0123456789EXAMPLE",
      accessLogs: {},
      deletionProtection: true,
    },
    container: {
      cluster: { containerInsights: "enabled", logRetentionDays: 365, sweeper: { logRetentionDays: 365 } },
      dashboards: {
        pages: { newest: { hosts: ["dask.data.example.com"] } },
        registrar: { logRetentionDays: 365 },
      },
    },
    agent: {
      server: {
        host: "prefect.data.example.com",
        database: { dbInstanceClass: "db.t4g.medium", dbMultiAz: true, logRetentionDays: 365 },
      },
      cluster: { containerInsights: "enabled", logRetentionDays: 365 },
      workers: [
        { name: "prod", workPool: "prod", desiredCount: 2, autoscaling: { min: 2, max: 10 } },
        { name: "dev", workPool: "dev" },
      ],
      sweeper: { logRetentionDays: 365 },
      alarms: true,
      alertEmails: ["ml-team@example.com"],
    },
  },
  training: {
    network: { azs: AZS.slice(0, 2), flowLogs: { logRetentionDays: 365 } },
    files: { preventDestroy: true, archiveDays: 90 },
    builds: { codebuild: { timeoutMinutes: 60, logRetentionDays: 365 } },
    interruption: { logRetentionDays: 365, alertEmails: ["ml-team@example.com"] },
    alertEmails: ["ml-team@example.com"],
    machines: { maxSize: 8, logRetentionDays: 365 },
  },
  portfolio: {
    domain: { name: "example.com", hostedZoneId: "Z0123456789EXAMPLE" },
    table: { backup: {} },
    rawBucket: { preventDestroy: true },
    layers: { receipts: { logRetentionDays: 365, codebuild: { logRetentionDays: 365 } } },
    website: { bucket: { preventDestroy: true }, accessLogs: { retentionDays: 365 }, waf: {}, logRetentionDays: 365 },
    api: { logRetentionDays: 365, functions: { logRetentionDays: 365 } },
    alertEmails: ["ml-team@example.com"],
  },
});
