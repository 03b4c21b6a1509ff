import { DefinitionSweeper } from "../../../modules/aws/ecs/definition-sweeper";
import { DaskCluster } from "../../../modules/dask/dask-cluster";
import { DaskDashboards } from "../../../modules/dask/dask-dashboards";
import { BUCKET, KEY, MINIMAL, OTHER_KEY, TOPIC } from "../../modules/dask/dask.fixture";
import { ABSENT, type Subject, setting } from "../../support/transitions/settings";
import { functionSettings } from "./lambda-settings";
import { FIXED_OF_SWEEPER, ofSweeper } from "./sweeper";

const NAME = "names what it is, which is another one under another name";
const PLACE = "is where it stands";
const CLUSTER = { clusterArn: "arn:aws:ecs:us-east-1:111122223333:cluster/dask", clusterName: "dask" };
const group = (digit: number) =>
  `arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/dask/${String(digit).repeat(16)}`;

const ofFunction = functionSettings({ key: [KEY, OTHER_KEY], topic: TOPIC });

export const definitionSweeper: Subject = {
  name: "DefinitionSweeper",
  base: () => ({ name: "sweeper", familyPrefix: "dask-", clusters: { dask: CLUSTER } }),
  build: (scope, props) => new DefinitionSweeper(scope, "sweeper", props),
  settings: [
    setting("familyPrefix", ["dask-", "prefect_"]),
    setting("groupSuffixes", [ABSENT, ["-worker"]]),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
    setting("keepNewest", [0, 5]),
    setting("clusters.flows", [ABSENT, { ...CLUSTER, clusterName: "flows" }]),
    setting("hours", [24, 48]),
    setting("schedule", ["17 3 * * *", "0 5 * * SUN"]),
    ...ofFunction,
  ],
  fixed: { name: NAME, "clusters.*": PLACE },
};

export const daskDashboards: Subject = {
  name: "DaskDashboards",
  base: () => ({ name: "dashboards", cluster: CLUSTER, dashboards: { all: { targetGroupArn: group(0) } } }),
  build: (scope, props) => new DaskDashboards(scope, "dashboards", props),
  settings: [
    setting("dashboards.all.clusterPrefix", [ABSENT, "etl-"]),
    setting("dashboards.all.targetGroupArn", [group(0), group(1)]),
    setting("dashboards.train", [ABSENT, { clusterPrefix: "train-", targetGroupArn: group(2) }]),
    ...ofFunction,
  ],
  fixed: { name: NAME, cluster: PLACE },
};

export const daskCluster: Subject = {
  name: "DaskCluster",
  base: () => ({ ...MINIMAL, filesBucket: BUCKET }),
  build: (scope, props) => new DaskCluster(scope, "dask", props),
  settings: [
    setting("allowedFrom.vpn", [ABSENT, { securityGroupId: "sg-0aaaaaaa" }, { securityGroupId: "sg-0bbbbbbb" }]),
    setting("buckets.out", [ABSENT, { bucketArn: "arn:aws:s3:::out" }]),
    setting("buckets.out.bucketArn", ["arn:aws:s3:::out", "arn:aws:s3:::results"]),
    setting("buckets.out.access", ["read-write", "read"], { "buckets.out.bucketArn": "arn:aws:s3:::out" }),
    setting("buckets.out.kmsKeyArn", [ABSENT, KEY], { "buckets.out.bucketArn": "arn:aws:s3:::out" }),
    setting("filesBucket", [ABSENT, BUCKET]),
    setting("image", [ABSENT, "ghcr.io/dask/dask:2026.1.0"]),
    setting("architecture", ["X86_64", "ARM64"]),
    setting("scheduler.cpu", [1024, 2048]),
    setting("scheduler.memory", [4096, 8192]),
    setting("scheduler.idleMinutes", [5, 60]),
    setting("workers.cpu", [4096, 2048]),
    setting("workers.memory", [16_384, 8192]),
    setting("workers.count", [0, 2]),
    setting("workers.threads", [ABSENT, 2]),
    setting("workers.spot", [true, false]),
    setting("environment", [ABSENT, { MODE: "a" }, { MODE: "b" }]),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
    setting("executeCommand", [false, true]),
    setting("containerInsights", ["disabled", "enabled", "enhanced"]),
    setting("logRetentionDays", [ABSENT, 7, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("diskKmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("logSessions", [false, true]),
    setting("clientCleanup", [false, true]),
    ...ofSweeper,
  ],
  fixed: {
    name: NAME,
    network: PLACE,
    ...FIXED_OF_SWEEPER,
  },
};
