import { StateBucket } from "../../../modules/aws/state-bucket/state-bucket";
import { LustreFiles } from "../../../modules/aws/storage/lustre-files";
import { PrivateBucket } from "../../../modules/aws/storage/private-bucket";
import { SharedFiles } from "../../../modules/aws/storage/shared-files";
import { ABSENT, LETS_THROUGH, type Subject, setting, together } from "../../support/transitions/settings";

const KEY = (digit: number) => `arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-00000000000${digit}`;
const PREVENT = "says what Terraform refuses, and changes nothing in AWS";

export const privateBucket: Subject = {
  name: "PrivateBucket",
  base: () => ({ bucketPrefix: "ml-" }),
  build: (scope, props) => new PrivateBucket(scope, "bucket", props),
  settings: [
    setting("forceDestroy", [false, true]),
    setting("versioning", [true, "suspended"]),
    setting("kmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("noncurrentVersionDays", [90, 30]),
    setting("noncurrentVersionsKept", [ABSENT, 5, 10]),
    setting("transition", [ABSENT, { days: 30, storageClass: "GLACIER" }, { days: 60, storageClass: "GLACIER_IR" }]),
    setting("transition.days", [30, 60], { transition: { days: 30, storageClass: "GLACIER" } }),
    setting("transition.storageClass", ["GLACIER", "DEEP_ARCHIVE"], {
      transition: { days: 30, storageClass: "GLACIER" },
    }),
    setting("noncurrentTransition", [ABSENT, { days: 30, storageClass: "GLACIER" }]),
    setting("noncurrentTransition.days", [30, 60], { noncurrentTransition: { days: 30, storageClass: "GLACIER" } }),
    setting("noncurrentTransition.storageClass", ["GLACIER", "STANDARD_IA"], {
      noncurrentTransition: { days: 30, storageClass: "GLACIER" },
    }),
    setting("expiration", [ABSENT, { days: 30 }]),
    setting("expiration.days", [30, 60], { expiration: { days: 30 } }),
    setting("expiration.exceptEmpty", [false, true], { expiration: { days: 30 } }),
    setting("accessLogsBucket", [ABSENT, "ml-logs", "ml-logs-2"]),
    setting("eventBridge", [false, true]),
    setting("statements", [
      ABSENT,
      (arn: string) => [{ Principal: { Service: "x.amazonaws.com" }, Action: "s3:GetObject", Resource: `${arn}/*` }],
    ]),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
  ],
  fixed: {
    bucket: "names what it is, which is another bucket under another name",
    bucketPrefix: "names what it is, which is another bucket under another name",
    preventDestroy: PREVENT,
    provider: "says where it is: elsewhere it is another bucket",
  },
};

export const sharedFiles: Subject = {
  name: "SharedFiles",
  base: () => ({
    name: "files",
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0"],
    clientSecurityGroupIds: { machines: "sg-0123456789abcdef0" },
  }),
  build: (scope, props) => new SharedFiles(scope, "files", props),
  settings: [
    setting("subnetIds", [["subnet-0123456789abcdef0"], ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]]),
    setting("clientSecurityGroupIds", [
      { machines: "sg-0123456789abcdef0" },
      { machines: "sg-0123456789abcdef1" },
      { machines: "sg-0123456789abcdef0", others: "sg-0123456789abcdef1" },
    ]),
    setting("clientRoleArns", [ABSENT, ["arn:aws:iam::123456789012:role/one"]]),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
    setting("kmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("throughputMode", ["elastic", "bursting"]),
    setting("infrequentAccessDays", [30, 7]),
    setting("archiveDays", [ABSENT, 90, 180]),
    setting("accessPoints", [ABSENT, { shared: "/shared", more: "/more" }]),
    setting("backup", [true, false]),
    setting("userId", [1000, 1001]),
  ],
  fixed: {
    name: "names what it is, in tags and descriptions",
    vpcId: "is where it stands, which goes with the subnets",
    allowReplacement: LETS_THROUGH,
    preventDestroy: PREVENT,
  },
};

const link = { bucketName: "ml-data" };
const ofLink = (path: string, values: unknown[]) => setting(`buckets.data.${path}`, values, { "buckets.data": link });

export const lustreFiles: Subject = {
  name: "LustreFiles",
  base: () => ({
    name: "fast",
    vpcId: "vpc-0123456789abcdef0",
    subnetId: "subnet-0123456789abcdef0",
    clientSecurityGroupIds: { nodes: "sg-0123456789abcdef0" },
  }),
  build: (scope, props) => new LustreFiles(scope, "files", props),
  settings: [
    setting("subnetId", ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]),
    setting("clientSecurityGroupIds", [
      { nodes: "sg-0123456789abcdef0" },
      { nodes: "sg-0123456789abcdef0", others: "sg-0123456789abcdef1" },
    ]),
    setting("storageGib", [1200, 2400]),
    setting("durability", ["persistent", "scratch"]),
    setting("throughputPerTib", [ABSENT, 125, 500]),
    setting("compression", [true, false]),
    setting("kmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("buckets", [ABSENT, { data: link }]),
    ofLink("bucketName", ["ml-data", "ml-other"]),
    ofLink("prefix", [ABSENT, "raw", "cooked"]),
    ofLink("import", [true, false]),
    ofLink("export", [false, true]),
    together("buckets.data.export", [
      { "buckets.data": { ...link, import: false } },
      { "buckets.data": { ...link, import: false, export: true } },
    ]),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
  ],
  fixed: {
    name: "names what it is, in tags and descriptions",
    vpcId: "is where it stands, which goes with the subnet",
    allowReplacement: LETS_THROUGH,
    preventDestroy: PREVENT,
  },
};

export const stateBucket: Subject = {
  name: "StateBucket",
  base: () => ({ bucket: "ml-infra-state" }),
  build: (scope, props) => new StateBucket(scope, "state", props),
  settings: [
    setting("noncurrentVersionDays", [365, 30]),
    setting("noncurrentVersionsKept", [100, 10]),
    setting("accessLogs", [ABSENT, {}]),
    setting("accessLogs.retentionDays", [365, 30]),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
  ],
  fixed: {
    bucket: "names what it is, which is another bucket under another name",
    preventDestroy: PREVENT,
  },
};
