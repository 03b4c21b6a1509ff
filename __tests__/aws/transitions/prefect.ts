import { LoadBalancerTarget } from "../../../modules/aws/load-balancer/load-balancer-target";
import { PrefectServer, type ServerBalancer } from "../../../modules/prefect/prefect-server";
import { PrefectWorkers } from "../../../modules/prefect/prefect-workers";
import { DASK, KEY, MINIMAL, SECRET, SERVER, TOPIC } from "../../modules/prefect/prefect.fixture";
import { ABSENT, LETS_THROUGH, type Setting, type Subject, setting } from "../../support/transitions/settings";
import { ofPostgres } from "./postgres";
import { FIXED_OF_SWEEPER, ofSweeper } from "./sweeper";

const NAME = "names what it is, which is another one under another name";
const PLACE = "is where it stands";
const OTHER_KEY = KEY.replace(/f$/, "e");
const OTHER_SECRET = SECRET.replace("prefect", "other");
const IMAGE = "docker.io/mine/flows:1";
const TOPICS = [ABSENT, [TOPIC], [`${TOPIC}-2`]];
const ENVIRONMENT = [ABSENT, { MODE: "a" }, { MODE: "b" }];
const SUBNETS = [
  ["subnet-a", "subnet-b"],
  ["subnet-a", "subnet-c"],
];
const BUCKET = { bucketArn: "arn:aws:s3:::out" };
const STATEMENT = { Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" };

const ofWorker = (key: string, values: readonly unknown[], given = {}): Setting =>
  setting(`workers.0.${key}`, values, given);
const SCALING = { min: 1, max: 8 };
const ofPool = (key: string, values: readonly unknown[]): Setting => setting(`pools.dev.${key}`, values);

const CHECKED_ONLY = "makes nothing: settings are compared with it";

export const prefectWorkers: Subject = {
  name: "PrefectWorkers",
  base: () => ({ ...MINIMAL, templateBucket: { bucketName: "files" } }),
  build: (scope, props) => new PrefectWorkers(scope, "prefect", props),
  settings: [
    setting("subnetIds", SUBNETS),
    setting("api.url", ["https://prefect.example.com/api", "https://flows.example.com/api"]),
    setting("api.keySecretArn", [ABSENT, SECRET, OTHER_SECRET]),
    setting("api.authStringSecretArn", [ABSENT, SECRET, OTHER_SECRET]),
    setting("dask", [ABSENT, DASK, { ...DASK, environment: { DASK_CLUSTER_CONFIG: "s3://files/dask.yaml" } }]),
    setting("buckets", [ABSENT, { out: BUCKET }, { out: BUCKET, model: { ...BUCKET, kmsKeyArn: KEY } }]),
    setting("templateBucket", [{ bucketName: "files" }, ABSENT, { bucketName: "others" }]),
    setting("alarmTopicArns", TOPICS),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
    setting("workers", [MINIMAL.workers, [...MINIMAL.workers, { name: "prod", workPool: "prod" }]]),
    ofWorker("name", ["dev", "other"]),
    ofWorker("workPool", ["dev", "other"]),
    ofWorker("queues", [ABSENT, ["urgent"], ["urgent", "slow"]]),
    ofWorker("image", [ABSENT, IMAGE]),
    ofWorker("cpu", [512, 256]),
    ofWorker("memory", [1024, 2048]),
    ofWorker("architecture", ["X86_64", "ARM64"]),
    ofWorker("desiredCount", [0, 1, 2]),
    ofWorker("autoscaling", [ABSENT, SCALING]),
    ...Object.entries({
      min: [1, 2],
      max: [8, 9],
      cpuPercent: [70, 50],
      memoryPercent: [80, 50],
      scaleInCooldown: [300, 0],
      scaleOutCooldown: [120, 0],
    }).map(([key, values]) =>
      ofWorker(`autoscaling.${key}`, values, { "workers.0.autoscaling": SCALING, "workers.0.desiredCount": 2 }),
    ),
    ofWorker("limit", [ABSENT, 10, 20]),
    ofWorker("environment", ENVIRONMENT),
    ofPool("image", [ABSENT, IMAGE]),
    ofPool("cpu", [1024, 512]),
    ofPool("memory", [2048, 4096]),
    ofPool("architecture", ["X86_64", "ARM64"]),
    ofPool("ephemeralStorageGib", [ABSENT, 30, 40]),
    ofPool("spot", [false, true]),
    ofPool("environment", ENVIRONMENT),
    ofPool("secrets", [ABSENT, { TOKEN: SECRET }, { TOKEN: OTHER_SECRET }]),
    ofPool("deregisterDefinitions", [false, true]),
    ofPool("readBucketArns", [ABSENT, [BUCKET.bucketArn]]),
    ofPool("writeBucketArns", [ABSENT, [BUCKET.bucketArn]]),
    ofPool("permissions", [ABSENT, [STATEMENT], [{ ...STATEMENT, Action: "s3:PutObject" }]]),
    setting("pools.dev.dask", [true, false], { dask: DASK }),
    setting("events.retentionDays", [7, 3]),
    setting("events.deadLetterRetentionDays", [14, 10]),
    setting("events.maxReceives", [3, 5]),
    setting("events.visibilitySeconds", [300, 0]),
    setting("events.kmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("secretsKmsKeyArns", [ABSENT, [KEY], [OTHER_KEY]], { "api.authStringSecretArn": SECRET }),
    ...ofSweeper,
    setting("executeCommand", [false, true]),
  ],
  fixed: {
    name: NAME,
    cluster: PLACE,
    vpcId: PLACE,
    privateReach: CHECKED_ONLY,
    "pools.*.permissions": "is changed as a whole",
    ...FIXED_OF_SWEEPER,
  },
};

const BALANCER = {
  vpcId: "vpc-1",
  listenerArn:
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/mine/0123456789abcdef/0123456789abcdef",
  securityGroupId: "sg-balancer",
};
const loadBalancer: ServerBalancer = {
  needsHost: false,
  addTarget: (scope, id, props) => new LoadBalancerTarget(scope, id, { ...props, loadBalancer: BALANCER }),
  urlOf: ({ host = "balancer.example.com", path }) => `https://${host}${path}`,
};

export const prefectServer: Subject = {
  name: "PrefectServer",
  base: () => SERVER,
  build: (scope, props) => new PrefectServer(scope, "server", props),
  settings: [
    setting("subnetIds", SUBNETS),
    setting("loadBalancer", [ABSENT, loadBalancer]),
    setting("alarmTopicArns", TOPICS),
    setting("image", [ABSENT, IMAGE]),
    setting("cpu", [512, 256]),
    setting("memory", [1024, 2048]),
    setting("architecture", ["X86_64", "ARM64"]),
    setting("authentication", [true, false]),
    setting("authVersion", [1, 2]),
    setting("host", [ABSENT, "prefect.example.com", "flows.example.com"], { loadBalancer }),
    ...ofPostgres("database."),
    setting("kmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("environment", ENVIRONMENT),
    setting("executeCommand", [false, true]),
  ],
  fixed: {
    name: NAME,
    region: PLACE,
    cluster: PLACE,
    vpcId: PLACE,
    privateReach: CHECKED_ONLY,
    "database.allowReplacement": LETS_THROUGH,
  },
};
