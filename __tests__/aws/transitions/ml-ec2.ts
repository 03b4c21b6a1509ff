import type { MlEc2Props } from "../../../modules/ml-ec2/ml-ec2";
import { addBox, type BoxSettings } from "../../modules/ml-ec2/ml-ec2.fixture";
import {
  ABSENT,
  LETS_THROUGH,
  type Setting,
  type Subject,
  setting,
  together,
} from "../../support/transitions/settings";

const KEY = (digit: number) => `arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-00000000000${digit}`;
const CERTIFICATE = (digit: number) =>
  `arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-00000000000${digit}`;

/** Changes of what lies below an option that is on. */
const within =
  (option: string, on: object) =>
  (path: string, values: unknown[], more: object = {}): Setting =>
    setting(`${option}.${path}`, values, { [option]: { ...on, ...more } });

const ofVolume = (path: string, values: unknown[]) =>
  setting(`dataVolumes.0.${path}`, values, { dataVolumes: [{ name: "data", size: 100, mountPoint: "/data" }] });
const ofFiles = within("sharedFiles", {});
const ofFleet = within("fleet", {});
const DOMAIN = { domainName: "ml.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const ofBalancer = within("loadBalancer", DOMAIN);
const ofSchedule = within("schedule", { stop: "0 20 * * MON-FRI", start: "0 7 * * MON-FRI" });
const ofSnapshots = within("snapshots", {});
const ofPatching = within("patching", {});
const ofCi = within("ciRole", { subjects: ["repo:org/name:ref:refs/heads/main"] });
const DAILY = { stop: "0 20 * * MON-FRI", start: "0 7 * * MON-FRI" };

export const mlEc2: Subject = {
  name: "MlEc2",
  base: () => ({ jupyter: false, tensorboard: false }) satisfies BoxSettings,
  build: (scope, props: MlEc2Props) => addBox(scope, props),
  settings: [
    setting("jupyter", [true, false]),
    setting("workloadType", ["training", "inference"]),
    setting("frameworks", [["pytorch", "tensorflow"], ["pytorch"], []]),
    setting("tensorboard", [true, false]),
    setting("jupyterTokenVersion", [1, 2], { jupyter: true }),
    setting("instanceType", ["t3.medium", "m7i.large", "t4g.medium", "g5.xlarge"]),
    setting("instanceCount", [1, 2]),
    setting("rootVolumeSize", [ABSENT, 100, 200]),
    setting("diskKmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("amiId", [ABSENT, "ami-0123456789abcdef0", "ami-0123456789abcdef1"]),
    setting("keyName", [ABSENT, "me", "you"]),
    setting("spot", [false, true, { maxPrice: 0.1 }]),
    setting("spot.maxPrice", [0.1, 0.2]),
    setting("placement", ["private", "public"]),
    setting("terminationProtection", [false, true]),
    setting("userDataReplaceOnChange", [false, true]),
    setting("allowedCidrs", [ABSENT, ["203.0.113.0/24"], ["203.0.113.0/24", "198.51.100.0/24"]]),
    setting("dataVolumes", [ABSENT, [{ name: "data", size: 100, mountPoint: "/data" }]]),
    ofVolume("name", ["data", "other"]),
    ofVolume("size", [100, 200]),
    ofVolume("iops", [ABSENT, 4000, 5000]),
    ofVolume("throughput", [ABSENT, 200, 300]),
    ofVolume("kmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    ofVolume("mountPoint", ["/data", "/mine"]),
    ofVolume("device", [ABSENT, "/dev/sdf", "/dev/sdg"]),
    setting("sharedFiles", [ABSENT, {}]),
    ofFiles("mountPoint", [ABSENT, "/shared"]),
    ofFiles("kmsKeyArn", [ABSENT, KEY(1)]),
    ofFiles("throughputMode", ["elastic", "bursting"]),
    ofFiles("infrequentAccessDays", [30, 7]),
    ofFiles("archiveDays", [ABSENT, 90, 180]),
    ofFiles("backup", [true, false]),
    ofFiles("userId", [1000, 1001]),
    setting("kmsKeyArn", [ABSENT, KEY(1), KEY(2)], { jupyter: true }),
    setting("tags", [ABSENT, { Team: "a" }, { Team: "b" }], { fleet: {} }),
    setting("s3Events", [false, true]),
    setting("s3AccessLogsBucket", [ABSENT, "ml-logs", "ml-logs-2"]),
    setting("s3Versioning", [true, false]),
    setting("s3Encryption", ["AES256", "aws:kms"]),
    setting("s3LifecycleDays", [90, 30]),
    setting("s3ExpireDays", [ABSENT, 365, 730]),
    setting("s3ForceDestroy", [false, true]),
    setting("replication", [ABSENT, { region: "us-west-2" }]),
    setting("replication.storageClass", [ABSENT, "GLACIER", "STANDARD_IA"], { replication: { region: "us-west-2" } }),
    setting("replication.deleteMarkers", [false, true], { replication: { region: "us-west-2" } }),
    setting("audit", [ABSENT, {}]),
    setting("audit.retentionDays", [365, 30], { audit: {} }),
    setting("audit.events", ["All", "WriteOnly"], { audit: {} }),
    setting("logRetentionDays", [ABSENT, 30, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY(1), KEY(2)]),
    setting("logArchive", [ABSENT, {}]),
    setting("logArchive.retentionDays", [365, 30], { logArchive: {} }),
    setting("alarms", [true, false]),
    setting("cpuAlarmThreshold", [80, 90]),
    setting("diskAlarmThreshold", [ABSENT, 85, 90]),
    setting("memoryAlarmThreshold", [ABSENT, 85, 90]),
    setting("gpuAlarmThreshold", [ABSENT, 85, 90], { instanceType: "g5.xlarge" }),
    setting("networkAnomalyAlarm", [false, true]),
    setting("alarmPeriodSeconds", [300, 60]),
    setting("alarmEvaluationPeriods", [2, 3]),
    setting("autoRecovery", [false, true]),
    setting("alertEmails", [ABSENT, ["a@example.com"], ["b@example.com"]]),
    setting("dashboard", [false, true]),
    setting("snapshots", [ABSENT, {}]),
    ofSnapshots("intervalHours", [24, 12]),
    ofSnapshots("time", ["03:00", "04:00"]),
    ofSnapshots("retain", [7, 14]),
    ofSnapshots("copyTags", [true, false]),
    setting("schedule", [ABSENT, DAILY]),
    together("schedule", [{ fleet: {} }, { fleet: {}, schedule: DAILY }]),
    ofSchedule("stop", [ABSENT, "0 20 * * *", "0 21 * * *"]),
    ofSchedule("start", [ABSENT, "0 6 * * *", "0 7 * * *"]),
    ofSchedule("timezone", [ABSENT, "Europe/Berlin"]),
    setting("patching", [ABSENT, {}]),
    ofPatching("cron", [ABSENT, "0 5 * * SUN"]),
    ofPatching("timezone", [ABSENT, "Europe/Berlin"]),
    ofPatching("hours", [2, 4]),
    ofPatching("operation", ["Install", "Scan"]),
    ofPatching("reboot", [false, true]),
    setting("fleet", [ABSENT, {}]),
    ofFleet("minSize", [0, 1, 3]),
    ofFleet("maxSize", [10, 5]),
    ofFleet("desiredSize", [ABSENT, 2, 3]),
    ofFleet("desiredSize", [ABSENT, 2, 3], { targetCpu: false }),
    ofFleet("targetCpu", [70, 50, false]),
    ofFleet("warmupSeconds", [900, 300]),
    ofFleet("otherInstanceTypes", [ABSENT, ["t3a.medium"], ["t3a.medium", "t3.large"]]),
    ofFleet("spotPercentage", [0, 50, 100]),
    ofFleet("onDemandBase", [0, 1], { spotPercentage: 50 }),
    together("dataVolumes", [{ fleet: {} }, { fleet: {}, dataVolumes: [{ name: "d", size: 9, mountPoint: "/d" }] }]),
    together("keyName", [{ fleet: {} }, { fleet: {}, keyName: "me" }]),
    together("loadBalancer", [
      { fleet: {}, jupyter: true },
      { fleet: {}, jupyter: true, loadBalancer: DOMAIN },
    ]),
    setting("loadBalancer", [ABSENT, DOMAIN], { jupyter: true }),
    together(
      "loadBalancer.certificateArn",
      [DOMAIN, { certificateArn: CERTIFICATE(1) }, { certificateArn: CERTIFICATE(2) }].map((loadBalancer) => ({
        jupyter: true,
        loadBalancer,
      })),
    ),
    ...[
      ofBalancer("domainName", ["ml.example.com", "www.example.com"]),
      ofBalancer("hostedZoneId", ["Z0123456789ABCDEFGHIJ", "Z0123456789ABCDEFGHIK"]),
      ofBalancer("internal", [true, false], { allowedCidrs: ["203.0.113.0/24"] }),
      ofBalancer("allowedCidrs", [ABSENT, ["203.0.113.0/24"]]),
      ofBalancer("targetPort", [8888, 9000]),
      ofBalancer("healthCheckPath", [ABSENT, "/health"]),
      ofBalancer("sticky", [true, false]),
      ofBalancer("accessLogs", [ABSENT, {}]),
      ofBalancer("accessLogs.retentionDays", [90, 30], { accessLogs: {} }),
      ofBalancer("accessLogs.forceDestroy", [false, true], { accessLogs: {} }),
      ofBalancer("deletionProtection", [false, true]),
      ofBalancer("accessLogsBucket", [ABSENT, "ml-logs", "ml-logs-2"]),
    ].map((row) => ({ ...row, given: { ...row.given, jupyter: true } })),
    setting("instanceConnect", [false, true]),
    setting("ciRole", [ABSENT, { subjects: ["repo:org/name:ref:refs/heads/main"] }]),
    ofCi("provider", [ABSENT, "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"]),
    ofCi("audience", [ABSENT, "other"]),
    ofCi("access", ["read", "read-write"]),
    ofCi("subjects", [["repo:org/name:ref:refs/heads/main"], ["repo:org/other:ref:refs/heads/main"]]),
  ],
  fixed: {
    projectName: "names what it is, which is another project under another name",
    environment: "names what it is, which is another environment under another name",
    region: "is where it stands",
    network: "is where it stands",
    "dataVolumes.*.allowReplacement": LETS_THROUGH,
    "sharedFiles.allowReplacement": LETS_THROUGH,
    "replication.region": "says where the copies are: elsewhere they are other buckets",
    replicaProvider: "goes with replication.region",
  },
};
