import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, TerraformStack } from "cdktf";
import { LustreFiles } from "../../modules/aws/storage/lustre-files";
import { FargateFossa } from "../../modules/fargate-fossa/fargate-fossa";
import { buildApp, synthesize } from "../../stacks/app";
import { defineEnvironment, type EnvironmentSettings } from "../../stacks/environment";
import { read } from "../support/synth";
import { WholeApp } from "../support/whole-app";

const ACCOUNT = "123456789012";
const REGION = "us-west-2";
/** ARN of a key that nothing else is under, so that a grant on one is none on another. */
const key = (name: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name}`;
const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-Ab12Cd`;
const image = (name: string) => `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${name}:1.0`;
const CERTIFICATE = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef`;

const pool = (suffix: string) => ({
  suffix,
  category: "gpu" as const,
  capacityType: "ON_DEMAND" as const,
  instanceTypes: ["g5.2xlarge"],
  minSize: 0,
  maxSize: 4,
  diskKmsKeyArn: key(`pool-${suffix}`),
});
const release = {
  apiKeySecretArn: secret("api-key"),
  scheduler: { image: image("scheduler") },
  moduleRepository: { image: image("module-repository") },
  runner: { image: image("runner") },
  s3AccessKeySecretArn: secret("s3"),
};

/** Settings of the training platform, with keys whose names begin so. */
const trainingKeys = (prefix: string) => ({
  network: {
    nat: "instance" as const,
    diskKmsKeyArn: key(`${prefix}-nat-disk`),
    flowLogs: { logKmsKeyArn: key(`${prefix}-flow-logs`) },
  },
  files: { kmsKeyArn: key(`${prefix}-files`) },
  builds: { kmsKeyArn: key(`${prefix}-packages`), codebuild: { logKmsKeyArn: key(`${prefix}-build-logs`) } },
  queues: { kmsKeyArn: key(`${prefix}-jobs`) },
  interruption: { logKmsKeyArn: key(`${prefix}-interruption-logs`) },
  machines: { diskKmsKeyArn: key(`${prefix}-roots`), logKmsKeyArn: key(`${prefix}-logs`) },
});

/**
 * Environments in which every key that a setting can name is named, each another one. There are several, since some
 * settings exclude each other.
 */
export const keyedSettings: Record<"keyed" | "dev" | "staging", EnvironmentSettings> = {
  keyed: {
    name: "keyed",
    region: REGION,
    state: { kind: "s3", bucket: "ml-infra-state-123456789012", kmsKeyId: key("state") },
    exadeploy: {
      network: { nat: "instance", diskKmsKeyArn: key("nat-disk"), flowLogs: { logKmsKeyArn: key("flow-logs") } },
      clientNetwork: {
        cidr: "10.1.0.0/16",
        nat: "instance",
        diskKmsKeyArn: key("client-nat-disk"),
        flowLogs: { logKmsKeyArn: key("client-flow-logs") },
      },
      cluster: {
        administrators: { platform: `arn:aws:iam::${ACCOUNT}:role/platform` },
        kmsKeyArn: key("kubernetes-secrets"),
        logKmsKeyArn: key("cluster-logs"),
        systemGroups: {
          default: { diskKmsKeyArn: key("default-disks") },
          scheduler: { diskKmsKeyArn: key("scheduler-disks") },
          "module-repository": { diskKmsKeyArn: key("module-repository-disks") },
          prometheus: { diskKmsKeyArn: key("prometheus-disks") },
        },
        runnerPools: [pool("gpu")],
        additionalNodeGroups: {
          batch: { instanceTypes: ["m5.xlarge"], minSize: 0, maxSize: 2, diskKmsKeyArn: key("batch-disks") },
        },
      },
      moduleRepoBackend: { kmsKeyArn: key("module-repository"), logKmsKeyArn: key("database-logs") },
      kube: {
        platform: {
          storageClass: { kmsKeyArn: key("volumes") },
          prometheus: {
            grafana: { kmsKeyArn: key("grafana") },
            remoteWrite: { kind: "amazon", region: REGION, kmsKeyArn: key("metrics") },
          },
          externalSecrets: {
            secretArns: [secret("any")],
            allowedNamespaces: ["jobs"],
            kmsKeyArns: [key("any-secret")],
          },
        },
        release,
      },
    },
    fossa: {
      network: { flowLogs: { logKmsKeyArn: key("fossa-flow-logs") } },
      gateway: {
        imageBuild: "codebuild",
        repository: { kmsKeyArn: key("images") },
        kmsKeyArn: key("page"),
        logKmsKeyArn: key("build-logs"),
        diskKmsKeyArn: key("gateway-disk"),
        tls: { certificateArn: CERTIFICATE },
        allowedCidrs: ["192.168.0.0/16"],
        alarms: true,
        vpn: {
          clientCidr: "10.12.0.0/22",
          serverCertificateArn: CERTIFICATE,
          rootCertificateChainArn: CERTIFICATE,
          selfServicePortal: false,
          logKmsKeyArn: key("vpn-logs"),
        },
      },
      cluster: {
        logKmsKeyArn: key("task-logs"),
        diskKmsKeyArn: key("task-disks"),
        logSessions: true,
        containerInsights: "enabled",
        workers: {
          secrets: { TOKEN: secret("token") },
          secretsKmsKeyArns: [key("token")],
          executeCommand: true,
          externalLog: true,
        },
        broker: { kind: "service", kmsKeyArn: key("broker"), executeCommand: true },
      },
    },
  },
  dev: {
    name: "dev",
    region: REGION,
    exadeploy: {
      cluster: {
        administrators: { platform: `arn:aws:iam::${ACCOUNT}:role/platform` },
        kmsKeyAdministrators: [`arn:aws:iam::${ACCOUNT}:role/keys`],
        logKmsKeyArn: key("karpenter-cluster-logs"),
        systemGroups: {
          default: { diskKmsKeyArn: key("karpenter-default-disks") },
          scheduler: false,
          "module-repository": false,
          prometheus: false,
        },
        autoscaler: "karpenter",
        runnerPools: [pool("karpenter"), pool("karpenter-too")],
      },
      moduleRepoBackend: {
        credentials: "static-key",
        kmsKeyArn: key("static-key-backend"),
        logKmsKeyArn: key("static-key-database-logs"),
      },
      kube: { platform: {} },
    },
    mlEc2: {
      network: { nat: "instance", diskKmsKeyArn: key("ml-nat-disk"), flowLogs: { logKmsKeyArn: key("ml-flow-logs") } },
      machines: {
        s3Encryption: "aws:kms",
        replication: { region: "eu-west-1" },
        audit: {},
        logArchive: {},
        logKmsKeyArn: key("ml-logs"),
        kmsKeyArn: key("ml-token"),
        diskKmsKeyArn: key("ml-roots"),
        dataVolumes: [{ name: "data", size: 100, mountPoint: "/data", kmsKeyArn: key("ml-data") }],
        sharedFiles: { kmsKeyArn: key("ml-files") },
        alarms: true,
        schedule: { stop: "0 20 * * MON-FRI", start: "0 8 * * MON-FRI" },
        snapshots: {},
        ciRole: { subjects: ["repo:org/name:ref:refs/heads/main"], access: "read-write" },
      },
    },
    fossa: {
      network: { flowLogs: { logKmsKeyArn: key("host-flow-logs") } },
      gateway: {
        imageBuild: "gateway",
        repository: { kmsKeyArn: key("host-images") },
        kmsKeyArn: key("host-page"),
        diskKmsKeyArn: key("host-disk"),
      },
      cluster: {
        logKmsKeyArn: key("amazon-mq-task-logs"),
        diskKmsKeyArn: key("amazon-mq-task-disks"),
        broker: { kind: "amazonMq", kmsKeyArn: key("amazon-mq") },
      },
    },
    training: {
      ...trainingKeys("tenant"),
      existingTable: {
        tableName: "records",
        tableArn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/records`,
        kmsKeyArn: key("records"),
      },
    },
  },
  staging: {
    name: "staging",
    region: REGION,
    exadeploy: {
      cluster: {
        administrators: { platform: `arn:aws:iam::${ACCOUNT}:role/platform` },
        autoMode: {},
        logKmsKeyArn: key("auto-cluster-logs"),
      },
      kube: { platform: { storageClass: { kmsKeyArn: key("auto-volumes") }, gpuOperator: {}, dcgmExporter: {} } },
    },
    mlEc2: {
      network: { flowLogs: { logKmsKeyArn: key("fleet-flow-logs") } },
      machines: {
        fleet: {},
        s3Encryption: "aws:kms",
        kmsKeyArn: key("fleet-token"),
        logKmsKeyArn: key("fleet-logs"),
        diskKmsKeyArn: key("fleet-roots"),
        dataVolumes: [{ name: "data", size: 100, mountPoint: "/data", kmsKeyArn: key("fleet-data") }],
      },
    },
    fossa: {
      egress: "vpc-endpoints",
      network: { flowLogs: { logKmsKeyArn: key("closed-flow-logs") } },
      gateway: {
        vpn: {
          clientCidr: "10.12.0.0/22",
          generatedPki: { clients: ["anna"], kmsKeyArn: key("closed-vpn-clients") },
          logKmsKeyArn: key("closed-vpn-logs"),
        },
        page: "container",
        kmsKeyArn: key("closed-page"),
        logKmsKeyArn: key("closed-build-logs"),
        repository: { kmsKeyArn: key("closed-images") },
        tls: { certificateArn: CERTIFICATE },
        allowedCidrs: ["192.168.0.0/16"],
      },
      cluster: {
        logKmsKeyArn: key("closed-task-logs"),
        diskKmsKeyArn: key("closed-task-disks"),
        broker: { kind: "service", kmsKeyArn: key("closed-broker") },
      },
    },
    dask: {
      network: {
        nat: "instance",
        diskKmsKeyArn: key("dask-nat-disk"),
        flowLogs: { logKmsKeyArn: key("dask-flow-logs") },
      },
      outputBucket: { kmsKeyArn: key("dask-output") },
      modelBucket: { kmsKeyArn: key("dask-model") },
      vpn: {
        generatedPki: { clients: ["anna"], kmsKeyArn: key("dask-vpn-clients") },
        logKmsKeyArn: key("dask-vpn-logs"),
      },
      loadBalancing: {},
      agent: {
        server: { kmsKeyArn: key("prefect-server"), database: { logKmsKeyArn: key("prefect-database-logs") } },
        cluster: {
          logKmsKeyArn: key("prefect-logs"),
          diskKmsKeyArn: key("prefect-disks"),
          logSessions: true,
        },
        filesBucket: { kmsKeyArn: key("prefect-files") },
        events: { kmsKeyArn: key("prefect-events") },
        secretsKmsKeyArns: [key("prefect-secrets")],
        sweeper: { logKmsKeyArn: key("prefect-sweeper-logs") },
        workers: [{ name: "any", workPool: "any" }],
        executeCommand: true,
      },
      container: {
        cluster: {
          logKmsKeyArn: key("dask-logs"),
          diskKmsKeyArn: key("dask-disks"),
          logSessions: true,
          executeCommand: true,
          buckets: { lake: { bucketArn: "arn:aws:s3:::lake", kmsKeyArn: key("lake") } },
          sweeper: { logKmsKeyArn: key("dask-sweeper-logs") },
        },
        filesBucket: { kmsKeyArn: key("dask-files") },
        dashboards: {
          pages: { all: { hosts: ["dask.example.com"] } },
          registrar: { logKmsKeyArn: key("dask-registrar-logs") },
        },
      },
    },
    portfolio: {
      table: { kmsKeyArn: key("portfolio-table"), backup: { kmsKeyArn: key("portfolio-table-backups") } },
      rawBucket: { kmsKeyArn: key("portfolio-raw") },
      layers: {
        receipts: {
          kmsKeyArn: key("receipts-layer"),
          logKmsKeyArn: key("receipts-layer-logs"),
          codebuild: { logKmsKeyArn: key("receipts-build-logs") },
        },
      },
      website: { logKmsKeyArn: key("portfolio-invalidation-logs") },
      api: {
        logKmsKeyArn: key("portfolio-api-logs"),
        functions: { logKmsKeyArn: key("portfolio-api-function-logs") },
      },
    },
    training: {
      ...trainingKeys("training"),
      table: { kmsKeyArn: key("training-table"), backup: { kmsKeyArn: key("training-table-backups") } },
      workflows: {
        prepare: {
          description: "Prepares each file",
          listFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:list`,
          processFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:prepare`,
          longList: { bucketName: "training-lists", kmsKeyArn: key("training-lists") },
          logKmsKeyArn: key("training-workflow-logs"),
        },
      },
    },
  },
};

export const keyedConfigurations = Object.values(keyedSettings).map((settings) => defineEnvironment(settings));

/** The stacks of these environments, and of the parts that no environment has, read as one. */
export function keyedApp() {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-test-"));
  const app = buildApp(keyedConfigurations, { outdir });
  parts(app);
  synthesize(app);
  const stacks = readdirSync(join(outdir, "stacks")).sort();
  const json = (id: string) => readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8");
  return {
    app: new WholeApp({ ids: stacks, stack: (id) => read(json(id)) }),
    /** Classes of all constructs. */
    constructs: app.node.findAll().map((construct) => construct.constructor.name),
  };
}

function parts(app: App): void {
  const stack = new TerraformStack(app, "parts");
  new AwsProvider(stack, "aws", { region: REGION });
  const { gateway = {}, cluster = {} } = keyedSettings.keyed.fossa ?? {};
  new FargateFossa(stack, "fossa", {
    name: "parts-fossa",
    region: REGION,
    network: {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      vpcCidrBlocks: ["10.20.0.0/16"],
      publicSubnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
      privateSubnetIds: ["subnet-0b1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60719"],
      privateSubnetCidrBlocks: ["10.20.1.0/24", "10.20.2.0/24"],
      privateRouteTableIds: ["rtb-0a1b2c3d4e5f60718"],
    },
    gateway,
    cluster,
  });
  new LustreFiles(stack, "files", {
    name: "files",
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetId: "subnet-0a1b2c3d4e5f60718",
    storageGib: 1200,
    durability: "persistent",
    clientSecurityGroupIds: { nodes: "sg-0a1b2c3d4e5f60718" },
    kmsKeyArn: key("lustre"),
  });
}
