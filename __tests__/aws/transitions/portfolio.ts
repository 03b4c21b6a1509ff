import { HttpApi } from "../../../modules/aws/apigateway/http-api";
import { SingleTable } from "../../../modules/aws/dynamodb/single-table";
import { LambdaFunction } from "../../../modules/aws/lambda/lambda-function";
import { LambdaLayer } from "../../../modules/aws/lambda/lambda-layer";
import { PACKAGES } from "../../modules/training/training.fixture";
import { ABSENT, type Subject, setting, together } from "../../support/transitions/settings";
import { functionSettings } from "./lambda-settings";

const key = (digit: number) => `arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5${digit}`;
const KEYS = [key(1), key(2)] as const;
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d";
const NAME = "names what it is, which is another one under another name";
const PLACE = "is where it stands";
const POLICY = "is a policy of IAM's, which any change changes in place";
const FOLDER = "is where the modules of an `entry` in Python are, and its code changes as that of `entry` does";
const OF_FUNCTION = "is of a construct that is changed by itself: LambdaFunction";
const SWEEPER = "assets/ecs/definition-sweeper/sweeper.py";
const REGISTRAR = "assets/dask/dashboards/registrar.py";
const layer = (name: string) => ({
  layerName: `dev-${name}`,
  optIn: { [`layer:dev-${name}`]: "newest" },
  runtimes: ["python3.13"],
  architectures: ["arm64"],
  updateFunctionName: `dev-${name}-update`,
});
const ofFunction = functionSettings({ key: KEYS, topic: TOPIC });
const ofLogs = ofFunction.filter(({ path }) => path !== "tracing" && path !== "alarmTopicArns");

export const lambdaFunction: Subject = {
  name: "LambdaFunction",
  base: () => ({ name: "sweep", description: "Sweeps", entry: SWEEPER }),
  build: (scope, props) => new LambdaFunction(scope, "function", props),
  settings: [
    setting("description", ["Sweeps", "Cleans"]),
    setting("entry", [SWEEPER, REGISTRAR, "assets/gateway/main.ts"]),
    setting("environment", [ABSENT, { MODE: "a" }, { MODE: "b" }]),
    setting("statements", [ABSENT, [{ Action: "ecs:ListTasks", Resource: "*" }]]),
    setting("layers", [ABSENT, [layer("one")], [layer("one"), layer("two")]]),
    setting("timeoutSeconds", [60, 900]),
    setting("memory", [256, 512]),
    setting("deadLetters", [true, false]),
    ...ofFunction,
  ],
  fixed: { name: NAME, folder: FOLDER, "statements.*": POLICY },
};

const list = { method: "GET", path: "/things", entry: SWEEPER };
const extra = { method: "POST", path: "/things", entry: REGISTRAR };
const JWT = { issuer: "https://issuer.example.com/pool", audience: ["things"] };
const DOMAIN = { name: "api.example.com", hostedZoneId: "Z0123456789EXAMPLE" };
const CORS = { origins: ["https://example.com"] };
const LIMIT = { burst: 10_000, rate: 20_000 };
const ofRoute = (path: string, values: unknown[], given = {}) =>
  setting(`routes.extra.${path}`, values, { "routes.extra": extra, ...given });

export const httpApi: Subject = {
  name: "HttpApi",
  base: () => ({ name: "dev-things", description: "Things", region: "us-east-1", routes: { list } }),
  build: (scope, props) => new HttpApi(scope, "api", props),
  settings: [
    setting("description", ["Things", "More things"]),
    setting("routes.extra", [ABSENT, extra]),
    ofRoute("method", ["POST", "PUT", "ANY"]),
    ofRoute("path", ["/things", "/things/{id}"]),
    ofRoute("description", [ABSENT, "Adds", "Makes"]),
    ofRoute("throttle", [ABSENT, { burst: 5, rate: 10 }]),
    ofRoute("throttle.burst", [5, 10], { "routes.extra.throttle": { burst: 5, rate: 10 } }),
    ofRoute("throttle.rate", [10, 20], { "routes.extra.throttle": { burst: 5, rate: 10 } }),
    ofRoute("authorization", [ABSENT, { scopes: ["read"] }, "iam", { scopes: ["read", "write"] }, "none"], {
      jwt: JWT,
    }),
    ofRoute("authorization.scopes", [["read"], ["read", "write"]], { jwt: JWT }),
    setting("cors", [ABSENT, CORS]),
    setting("cors.origins", [["https://example.com"], ["https://example.com", "https://www.example.com"]], {
      cors: CORS,
    }),
    setting("cors.headers", [["content-type"], [], ["content-type", "x-trace"]], { cors: CORS }),
    setting("cors.credentials", [true, false], { cors: CORS }),
    setting("cors.maxAgeSeconds", [3600, 0], { cors: CORS }),
    setting("domain", [ABSENT, DOMAIN]),
    setting("domain.name", ["api.example.com", "things.example.com"], { domain: DOMAIN }),
    setting("domain.certificateArn", [ABSENT, CERTIFICATE, `${CERTIFICATE}4e5f`], { domain: DOMAIN }),
    setting("throttle.burst", [10_000, 50], { throttle: LIMIT }),
    setting("throttle.rate", [20_000, 100], { throttle: LIMIT }),
    setting("jwt", [ABSENT, JWT]),
    setting("jwt.issuer", [JWT.issuer, "https://other.example.com"], { jwt: JWT }),
    setting("jwt.audience", [["things"], ["things", "people"]], { jwt: JWT }),
    ...ofLogs,
    setting("alarms.serverErrorPercent", [5, 1], { alarmTopicArns: [TOPIC] }),
    setting("alarms.p99Milliseconds", [5000, 1000], { alarmTopicArns: [TOPIC] }),
    setting("dashboard", [true, false]),
    setting("alarmTopicArns", [ABSENT, [TOPIC], [`${TOPIC}-2`]]),
  ],
  fixed: {
    name: NAME,
    region: PLACE,
    "domain.hostedZoneId": "is the zone of the domain, which lies in no other",
    ...Object.fromEntries(
      ["entry", "folder", "environment", "statements", "layers", "memory", "timeoutSeconds"].map((key) => [
        `routes.*.${key}`,
        OF_FUNCTION,
      ]),
    ),
    functions: OF_FUNCTION,
  },
};

export const lambdaLayer: Subject = {
  name: "LambdaLayer",
  base: () => ({ name: "dev-receipts", packageDir: "assets/receipts-package" }),
  build: (scope, props) => new LambdaLayer(scope, "layer", props),
  settings: [
    setting("packageDir", ["assets/receipts-package", `${PACKAGES}/image-classes`]),
    setting("pythonVersions", [["3.13"], ["3.12", "3.13"]]),
    setting("architectures", [["arm64", "x86_64"], ["arm64"], ["x86_64"]]),
    setting("description", [ABSENT, "Receipts", "Slips"]),
    setting("forceRebuild", [false, true]),
    setting("versionsKept", [5, 10]),
    setting("version", [ABSENT, 3, 4]),
    setting("permissions.accountIds", [[], ["444455556666"]]),
    setting("permissions.organizationId", [ABSENT, "o-a1b2c3d4e5", "o-a1b2c3d4e6"]),
    setting("update.timeoutSeconds", [300, 900]),
    setting("update.memory", [512, 1024]),
    setting("kmsKeyArn", [ABSENT, ...KEYS]),
    setting("codebuild.computeType", ["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_LARGE"]),
    setting("codebuild.timeoutMinutes", [30, 60]),
    setting("codebuild.queuedTimeoutMinutes", [30, 60]),
    setting("codebuild.logRetentionDays", [ABSENT, 7, 0]),
    setting("codebuild.logKmsKeyArn", [ABSENT, ...KEYS]),
    setting("logLevel", ["ERROR", "ALL", "FATAL"]),
    setting("logData", [false, true]),
    setting("tracing", [true, false]),
    ...ofLogs,
    setting("topic", [ABSENT, { arn: TOPIC }, { arn: `${TOPIC}-2`, keyArn: key(1) }]),
  ],
  fixed: { name: NAME },
};

const ON_DEMAND = { mode: "on-demand" };
const LIMITED = { ...ON_DEMAND, maxReadUnits: 100, maxWriteUnits: 100 };
const PROVISIONED = { mode: "provisioned", readUnits: 5, writeUnits: 5 };
const SCALED = { ...PROVISIONED, scaling: { maxReadUnits: 50, maxWriteUnits: 50 } };
const ofScaling = (path: string, values: unknown[]) =>
  setting(`capacity.scaling.${path}`, values, { capacity: SCALED });
const ofBackup = (path: string, values: unknown[], given = {}) =>
  setting(`backup.${path}`, values, { backup: {}, ...given });

export const singleTable: Subject = {
  name: "SingleTable",
  base: () => ({ name: "dev-receipts", indexes: 1 }),
  build: (scope, props) => new SingleTable(scope, "table", props),
  settings: [
    setting("indexes", [1, 2]),
    setting("typeIndex", [true, false]),
    together("capacity.mode", [{ capacity: ON_DEMAND }, { capacity: PROVISIONED }]),
    setting("capacity.maxReadUnits", [100, 200, "none"], { capacity: LIMITED }),
    setting("capacity.maxWriteUnits", [100, 200, "none"], { capacity: LIMITED }),
    setting("capacity.readUnits", [5, 10], { capacity: PROVISIONED }),
    setting("capacity.writeUnits", [5, 10], { capacity: PROVISIONED }),
    together("capacity.scaling", [{ capacity: PROVISIONED }, { capacity: SCALED }]),
    together("capacity.scaling", [{ capacity: ON_DEMAND }, { capacity: SCALED }]),
    ofScaling("maxReadUnits", [50, 100]),
    ofScaling("maxWriteUnits", [50, 100]),
    ofScaling("targetPercent", [70, 50]),
    setting("tableClass", ["standard", "infrequent"]),
    setting("ttlAttribute", ["TimeToLive", false, "expires"]),
    setting("stream", ["new-and-old", "keys", false]),
    setting("recoveryDays", [35, 7, false]),
    setting("backup", [ABSENT, {}]),
    ofBackup("schedule", ["0 5 * * *", "0 5 * * SUN"]),
    ofBackup("retentionDays", [35, 365]),
    ofBackup("coldStorageDays", [ABSENT, 30, 60], { "backup.retentionDays": 365 }),
    ofBackup("kmsKeyArn", [ABSENT, ...KEYS]),
    ofBackup("deleteWithVault", [false, true]),
    setting("kmsKeyArn", [ABSENT, ...KEYS]),
    setting("deletionProtection", [true, false]),
    setting("access", [
      ABSENT,
      [{ principalArns: ["arn:aws:iam::111122223333:role/reader"], Action: "dynamodb:GetItem" }],
      [{ principalArns: ["arn:aws:iam::111122223333:role/writer"], Action: "dynamodb:PutItem" }],
    ]),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
  ],
  fixed: { name: NAME, "access.*": "is the table's own policy, which any change changes in place" },
};
