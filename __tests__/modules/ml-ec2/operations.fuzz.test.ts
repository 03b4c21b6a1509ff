import fc from "fast-check";
import { fuzz, type Wrong } from "../../support/fuzz";
import { Operations, type OperationsSettings } from "./operations.fixture";

type Volumes = NonNullable<OperationsSettings["dataVolumes"]>;

const kmsKeyArn = fc.uuid().map((key) => `arn:aws:kms:us-east-1:111122223333:key/${key}`);
const percent = fc.double({ min: 0.01, max: 100, noNaN: true });
const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe");
const optional = { requiredKeys: [] };

const numbers = (min: number, max: number) =>
  fc.oneof(
    fc.integer({ min, max }).map(String),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map((pair) => pair.sort((a, b) => a - b).join("-")),
    fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((list) => list.join(",")),
  );
const days = fc.oneof(numbers(0, 7), fc.constantFrom("MON", "mon-fri", "FRI-SUN", "SUN-TUE", "MON,WED,FRI", "SAT,1-3"));
const cron = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 59 }), numbers(0, 23), days).map(([m, h, d]) => `${m} ${h} * * ${d}`),
  fc
    .tuple(fc.integer({ min: 0, max: 59 }), numbers(0, 23), numbers(1, 28), numbers(1, 12))
    .map(([m, h, d, month]) => `${m} ${h} ${d} ${month} *`),
);
const schedule = fc.oneof(
  fc.record({ stop: cron, timezone: zone }),
  fc.record({ start: cron }),
  // an odd and an even minute are never the same time
  fc.tuple(cron, cron, zone).map(([stop, start, timezone]) => ({
    stop: stop.replace(/^\d+/, "30"),
    start: start.replace(/^\d+/, "15"),
    timezone,
  })),
);
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((pair) => pair.map((number) => String(number).padStart(2, "0")).join(":"));
const snapshots = fc.record(
  {
    intervalHours: fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 24),
    time,
    retain: fc.integer({ min: 1, max: 1000 }),
    copyTags: fc.boolean(),
  },
  optional,
);
const patching = fc.oneof(
  fc.record({ cron, timezone: zone, hours: fc.integer({ min: 1, max: 24 }), reboot: fc.boolean() }, optional),
  fc.constant({ operation: "Scan" as const }),
);
const sharedFiles = fc.record(
  { mountPoint: fc.constantFrom("/files", "/mnt/all"), backup: fc.boolean(), kmsKeyArn },
  optional,
);

/** Volumes with a device each, so that no two names meet by chance. */
const dataVolumes: fc.Arbitrary<Volumes> = fc
  .uniqueArray(fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/), { maxLength: 4 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name, i) =>
        fc
          .tuple(
            fc.integer({ min: 32, max: 16384 }),
            fc.option(fc.integer({ min: 3000, max: 16000 }), { nil: undefined }),
          )
          .chain(([size, iops]) =>
            fc.record(
              {
                name: fc.constant(name),
                size: fc.constant(size),
                iops: fc.constant(iops),
                throughput: fc.integer({ min: 125, max: Math.min(1000, Math.floor((iops ?? 3000) / 4)) }),
                kmsKeyArn,
                mountPoint: fc.constant(`/data/v${i}`),
                device: fc.constant(`/dev/sd${"fghijklmnop"[i]}` as "/dev/sdf"),
              },
              { requiredKeys: ["name", "size", "iops", "mountPoint", "device"] },
            ),
          ),
      ),
    ),
  );

const alertEmails = fc.uniqueArray(
  fc.stringMatching(/^[a-z][a-z0-9.+-]{0,12}$/).map((name) => `${name}@example.com`),
  { maxLength: 4 },
);
const parts = fc.record(
  {
    logRetentionDays: fc.constantFrom(1, 7, 30, 365, 3653),
    logKmsKeyArn: kmsKeyArn,
    cpuAlarmThreshold: percent,
    diskAlarmThreshold: percent,
    memoryAlarmThreshold: percent,
    networkAnomalyAlarm: fc.boolean(),
    alarmPeriodSeconds: fc.constantFrom(60, 300, 900, 3600),
    alarmEvaluationPeriods: fc.integer({ min: 1, max: 24 }),
    dashboard: fc.boolean(),
    schedule,
    snapshots,
    patching,
    instanceConnect: fc.boolean(),
    sharedFiles,
    dataVolumes,
  },
  optional,
);
const watched = fc.oneof(
  fc.constant({ alarms: false }),
  fc.record({ alertEmails }, optional),
  fc.record({ instanceType: fc.constantFrom("g5.xlarge", "p5.48xlarge", "q9z.large"), gpuAlarmThreshold: percent }),
);
const machines = fc.oneof(
  fc.record({ instanceCount: fc.integer({ min: 1, max: 3 }) }, optional),
  fc.record({ fleet: fc.record({ minSize: fc.integer({ min: 1, max: 5 }) }), spot: fc.boolean() }),
);
const valid = fc
  .tuple(parts, watched, machines)
  .map((all) => Object.assign({}, ...all) as OperationsSettings)
  .chain((settings) =>
    settings.fleet || settings.alarms === false
      ? fc.constant(settings)
      : fc.boolean().map((autoRecovery) => ({ ...settings, autoRecovery })),
  );

const bad = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ key, set: { [key]: value } as object }));
const badIn = (option: string, key: string, rest: object, ...values: unknown[]) =>
  fc
    .constantFrom(...values)
    .map((value) => ({ key: `${option}.${key}`, set: { [option]: { ...rest, [key]: value } } }));
const badVolume = (key: string, ...values: unknown[]) =>
  fc.constantFrom(...values).map((value) => ({
    key: `dataVolumes[0].${key}`,
    set: { dataVolumes: [{ name: "data", size: 10, mountPoint: "/data", [key]: value }] },
  }));
const CRONS = ["", "now", "0 8 * *", "* * * * *", "0 24 * * *", "60 0 * * *", "0 0 30 2 *", "0 0 1 * MON", 5, null];
const ZONES = ["", "Berlin", "utc", "Europe/Berln", "+01:00", 1, null];

const breaks = fc.oneof(
  bad("logRetentionDays", 4, 2, 8, "7", null, Number.NaN),
  bad("logKmsKeyArn", "", "alias/a", 5),
  fc
    .constantFrom("cpu", "disk", "memory", "gpu")
    .chain((what) => bad(`${what}AlarmThreshold`, 0, -1, 100.01, "80", null, Number.NaN, Number.POSITIVE_INFINITY)),
  fc.constant({ key: "gpuAlarmThreshold", set: { instanceType: "m7i.large", gpuAlarmThreshold: 50 } }),
  fc
    .constantFrom("alarms", "networkAnomalyAlarm", "dashboard", "instanceConnect", "autoRecovery")
    .chain((key) => bad(key, "true", 1, null, {})),
  bad("alarmPeriodSeconds", 0, 10, 301, "300"),
  bad("alarmEvaluationPeriods", 0, 25, 1.5, "2"),
  bad("alertEmails", "ops@example.com", {}, null),
  fc.constantFrom("", "ops", "a@b", "a b@example.com", "a@example.com,b@example.com", 5).map((email) => ({
    key: "alertEmails[0]",
    set: { alertEmails: [email] },
  })),
  fc.constant({ key: "alertEmails", set: { alarms: false, alertEmails: ["ops@example.com"] } }),
  fc.constant({ key: "autoRecovery", set: { alarms: false, autoRecovery: true } }),
  fc.constant({ key: "autoRecovery", set: { fleet: {}, autoRecovery: true } }),
  fc.constant({ key: "autoRecovery", set: { instanceType: "c7g.metal", autoRecovery: true } }),
  bad("schedule", true, "0 8 * * *", null),
  badIn("schedule", "stop", {}, ...CRONS),
  badIn("schedule", "start", { stop: "0 1 * * *" }, ...CRONS, "0 1 * * *"),
  badIn("schedule", "timezone", { stop: "0 1 * * *" }, ...ZONES),
  badIn("schedule", "zone", { stop: "0 1 * * *" }, "UTC"),
  fc.constant({ key: "schedule", set: { spot: true, fleet: undefined, schedule: { start: "0 8 * * *" } } }),
  badIn("snapshots", "intervalHours", {}, 0, 5, 48, "24"),
  badIn("snapshots", "time", {}, "", "3:00", "24:00", "12:60", 3),
  badIn("snapshots", "retain", {}, 0, 1001, 1.5, "7"),
  badIn("snapshots", "copyTags", {}, "yes", null),
  badIn("patching", "cron", {}, ...CRONS),
  badIn("patching", "timezone", {}, ...ZONES),
  badIn("patching", "hours", {}, 0, 25, 1.5, "2"),
  badIn("patching", "operation", {}, "install", "", null),
  badIn("patching", "reboot", { operation: "Scan" }, true, "no"),
  badIn("sharedFiles", "mountPoint", {}, "", "files", "/", "/etc/x", "/a b", 5),
  badIn("sharedFiles", "userId", {}, 0, 65536),
  badVolume("name", "", "Data", "-a", "a-", "x".repeat(31), 5, undefined),
  badVolume("size", 0, 16385, 1.5, "10", undefined),
  badVolume("iops", 2999, 5001, 16001, "3000"),
  badVolume("throughput", 124, 751, 1001, "125"),
  badVolume("kmsKeyArn", "alias/a", 5),
  badVolume("mountPoint", "", "data", "/", "/usr", "/data/", undefined),
  badVolume("device", "/dev/sda", "/dev/sdq", "sdf", 5),
  badVolume("type", "gp2"),
  fc.constant({
    key: "dataVolumes[1].name",
    set: {
      dataVolumes: [
        { name: "data", size: 1, mountPoint: "/a" },
        { name: "data", size: 1, mountPoint: "/b" },
      ],
    },
  }),
  fc.constantFrom("alarm", "logRetention", "snapshot").map((key) => ({ key, set: { [key]: true } })),
);
const invalid: fc.Arbitrary<Wrong<OperationsSettings>> = fc
  .tuple(valid, breaks)
  .map(([settings, { key, set }]) => ({ key, props: { ...settings, ...set } as OperationsSettings }));

fuzz("test/ml", { valid, invalid }, (stack, settings) => new Operations(stack, "ml", settings));
