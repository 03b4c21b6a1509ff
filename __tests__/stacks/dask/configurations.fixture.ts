import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";

const CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
const AUTHORITY = "arn:aws:acm:eu-west-1:123456789012:certificate/11234567-89ab-cdef-0123-456789abcdef";
const RADIUS = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:radius-Ab12Cd";
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts";
const STAFF = "S-1-5-21-1111111111-2222222222-3333333333-1104";
const GUESTS = "S-1-5-21-1111111111-2222222222-3333333333-1105";

type DaskInput = NonNullable<EnvironmentSettings["dask"]>;
const environment = (name: string, dask: DaskInput): Environment =>
  defineEnvironment({ name, region: "eu-west-1", dask });

/** An existing network, by its ids. */
export const EXISTING = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  vpcCidrBlocks: ["10.20.0.0/16"],
  privateSubnetIds: ["subnet-0b1b2c3d4e5f60718", "subnet-0c1b2c3d4e5f60718"],
};

/** Ways in which Dask and Prefect are used that neither dev nor prod shows. */
export const daskConfigurations = {
  /** Every layer, with people of a directory who have a second factor and a certificate. */
  lake: environment("lake", {
    network: { interfaceEndpoints: ["ecr.api", "ecr.dkr", "ecs", "logs", "secretsmanager", "sts", "sqs"] },
    vpn: {
      serverCertificateArn: CERTIFICATE,
      rootCertificateChainArn: AUTHORITY,
      activeDirectory: {
        directoryId: "d-1234567890",
        mfa: { radiusServers: ["10.0.2.10", "10.0.3.10"], sharedSecretArn: RADIUS },
      },
      groups: { staff: { id: STAFF }, guests: { id: GUESTS, cidrs: ["10.0.2.0/24"] } },
      banner: "For members of the data team",
      routeEnforcement: true,
    },
    loadBalancing: { certificateArn: CERTIFICATE, accessLogs: { forceDestroy: true } },
    container: {
      cluster: {
        containerInsights: "enhanced",
        architecture: "ARM64",
        executeCommand: true,
        logSessions: true,
        clientCleanup: true,
        workers: { cpu: 2048, memory: 8192, threads: 4 },
        environment: { EXTRA_PIP_PACKAGES: "s3fs pyarrow" },
        buckets: { lake: { bucketArn: "arn:aws:s3:::data-lake", access: "read" } },
        sweeper: { hours: 48, alarmTopicArns: [TOPIC] },
      },
      dashboards: {
        pages: {
          main: { hosts: ["dask.data.example.com"] },
          lab: { hosts: ["lab.data.example.com"], clusterPrefix: "lab-" },
        },
        registrar: { alarmTopicArns: [TOPIC] },
      },
    },
    agent: {
      server: { host: "prefect.data.example.com", database: { dbMultiAz: true } },
      workers: [
        { name: "prod", workPool: "prod", queues: ["high", "low"], autoscaling: {} },
        { name: "dev", workPool: "dev" },
      ],
      pools: { dev: { spot: true } },
      alarms: true,
      executeCommand: true,
    },
  }),
  /** Nothing that can be left out. */
  spare: environment("spare", {
    network: { flowLogs: undefined, interfaceEndpoints: [], nat: "single" },
    bucketLogs: false,
    container: { cluster: { sweeper: false } },
  }),
  /** In a network that exists, where all traffic of people with certificates goes through the VPN. */
  lodger: environment("lodger", {
    existingNetwork: EXISTING,
    vpn: { serverCertificateArn: CERTIFICATE, rootCertificateChainArn: CERTIFICATE, splitTunnel: false },
    loadBalancing: {},
    agent: {
      api: {
        url: "https://api.prefect.cloud/api/accounts/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f/workspaces/1a1b2c3d-0000-4000-8000-0a1b2c3d4e5f",
        keySecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prefect-Ab12Cd",
      },
      workers: [{ name: "only", workPool: "only" }],
      sweeper: false,
    },
  }),
};
