import { FossaCluster } from "../../../modules/fargate-fossa/fossa-cluster";
import { FossaGateway } from "../../../modules/fargate-fossa/fossa-gateway";
import { CERTIFICATE, IMAGE, PLACE, SECRET } from "../../modules/fargate-fossa/fossa.fixture";
import { ABSENT, type Subject, setting, together } from "../../support/transitions/settings";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000001";
const TOPIC = "arn:aws:sns:eu-west-2:123456789012:alerts";
const TLS = { certificateArn: CERTIFICATE };
const VPN = {
  serverCertificateArn: CERTIFICATE,
  rootCertificateChainArn: CERTIFICATE,
  clientCidr: "10.100.0.0/22",
};
const ELSEWHERE = "has the settings of a construct that is changed by itself";

export const fossaGateway: Subject = {
  name: "FossaGateway",
  base: () => PLACE,
  build: (scope, props) => new FossaGateway(scope, "gateway", props),
  settings: [
    setting("egress", ["nat-instance", "nat-gateway", "vpc-endpoints"]),
    setting("architecture", ["X86_64", "ARM64"]),
    setting("workerPort", [2345, 2346]),
    setting("brokerImage", [true, false]),
    setting("instanceType", [ABSENT, "t3.medium", "t3.large"]),
    setting("diskKmsKeyArn", [ABSENT, KEY]),
    setting("kmsKeyArn", [ABSENT, KEY]),
    setting("logRetentionDays", [ABSENT, 90, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY]),
    setting("keyName", [ABSENT, "me", "you"]),
    setting("rootVolumeSize", [20, 40]),
    setting("detailedMonitoring", [false, true]),
    setting("egressPorts", [[80, 443], [443], [22, 80, 443]]),
    setting("allowedCidrs", [ABSENT, ["203.0.113.0/24"], ["203.0.113.0/24", "198.51.100.0/24"]]),
    setting("ssh", [ABSENT, ["203.0.113.0/24"]]),
    setting("autoRecovery", [true, false]),
    together("imageBuild", [
      { imageBuild: "codebuild" },
      { imageBuild: "gateway" },
      { imageBuild: "prebuilt", image: IMAGE },
    ]),
    setting("imageFolder", [ABSENT, "assets/containers/gateway"]),
    setting("repositoryName", [ABSENT, "mine", "others"]),
    setting("page", ["host", "none"]),
    together("page", [{ tls: TLS }, { tls: TLS, page: "container" }]),
    setting("tls", [ABSENT, TLS]),
    setting("passwordSecretArn", [ABSENT, SECRET]),
    setting("passwordVersion", [1, 2]),
    setting("vpn", [ABSENT, VPN]),
    setting("alarms", [false, true]),
    setting("alertEmails", [ABSENT, ["a@example.com"], ["b@example.com"]], { alarms: true }),
  ],
  fixed: {
    name: "names what it is, which is another system under another name",
    region: "is where it stands",
    network: "is where it stands",
    allowInternet: "lets a value of allowedCidrs through, and changes nothing by itself",
    image: "is passed on to the cluster, which runs it",
    pageImage: "is passed on to the cluster, which runs it",
    repository: `${ELSEWHERE}: ImageRepository`,
    tls: `${ELSEWHERE}: HttpsLoadBalancer`,
    vpn: `${ELSEWHERE}: ClientVpn`,
  },
};

const GATEWAY = {
  images: { workerImageUri: IMAGE, hasBrokerImage: false },
  host: { securityGroupId: "sg-0123456789abcdef0", instanceId: "i-0123456789abcdef0" },
};
const WORKERS = "workers";

export const fossaCluster: Subject = {
  name: "FossaCluster",
  base: () => ({ ...PLACE, gateway: GATEWAY }),
  build: (scope, props) => new FossaCluster(scope, "cluster", props),
  settings: [
    setting("architecture", ["X86_64", "ARM64"]),
    setting("containerInsights", ["disabled", "enabled", "enhanced"]),
    setting("logRetentionDays", [ABSENT, 30, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY]),
    setting("diskKmsKeyArn", [ABSENT, KEY]),
    setting("logSessions", [false, true]),
    setting("namespaceName", [ABSENT, "other.internal"]),
    setting("dashboard", [false, true]),
    setting("waitingAlarm", [1000, 500], {
      broker: { kind: "amazonMq" },
      containerInsights: "enabled",
      gateway: { ...GATEWAY, alertTopicArn: TOPIC },
    }),
    setting("broker", [{ kind: "service" }, { kind: "amazonMq" }]),
    together("page", [
      { gateway: GATEWAY },
      {
        gateway: {
          ...GATEWAY,
          page: {
            image: IMAGE,
            passwordSecretArn: SECRET,
            tls: { ...TLS, internal: true, allowedCidrs: [], allowInternet: false },
          },
        },
      },
    ]),
    ...(["cpu", "memory", "desiredCount"] as const).map((key) =>
      setting(`page.${key}`, { cpu: [256, 512], memory: [1024, 2048], desiredCount: [1, 2] }[key], {
        gateway: {
          ...GATEWAY,
          page: {
            image: IMAGE,
            passwordSecretArn: SECRET,
            tls: { ...TLS, internal: true, allowedCidrs: [], allowInternet: false },
          },
        },
        page: { memory: 1024 },
      }),
    ),
    setting(`${WORKERS}.cpu`, [256, 512], { "workers.memory": 1024 }),
    setting(`${WORKERS}.memory`, [512, 1024]),
    setting(`${WORKERS}.desiredCount`, [4, 8, 0]),
    setting(`${WORKERS}.port`, [2345, 2346]),
    setting(`${WORKERS}.allowedCidrs`, [ABSENT, ["10.9.0.0/16"]]),
    setting(`${WORKERS}.secretsKmsKeyArns`, [ABSENT, [KEY]], { "workers.secrets": { TOKEN: SECRET } }),
    setting(`${WORKERS}.spot`, [ABSENT, {}]),
    setting(`${WORKERS}.spot.base`, [1, 2], { "workers.spot": {} }),
    setting(`${WORKERS}.autoscaling`, [ABSENT, { min: 1, max: 8, cpuPercent: 50 }]),
    setting(`${WORKERS}.autoscaling.min`, [1, 2], { "workers.autoscaling": { min: 1, max: 8, cpuPercent: 50 } }),
    setting(`${WORKERS}.autoscaling.max`, [8, 9], { "workers.autoscaling": { min: 1, max: 8, cpuPercent: 50 } }),
    setting(`${WORKERS}.autoscaling.cpuPercent`, [50, 60], {
      "workers.autoscaling": { min: 1, max: 8, cpuPercent: 50 },
    }),
    setting(`${WORKERS}.autoscaling.waitingPerWorker`, [ABSENT, 10, 20], {
      "workers.autoscaling": { min: 1, max: 8, cpuPercent: 50 },
      broker: { kind: "amazonMq" },
    }),
    ...["scaleIn", "scaleInCooldown", "scaleOutCooldown"].map((key) =>
      setting(`${WORKERS}.autoscaling.${key}`, key === "scaleIn" ? [false, true] : [300, 60], {
        "workers.autoscaling": { min: 1, max: 8, cpuPercent: 50 },
      }),
    ),
    setting(`${WORKERS}.stopTimeout`, [120, 60]),
    setting(`${WORKERS}.executeCommand`, [false, true]),
    setting(`${WORKERS}.environment`, [ABSENT, { MODEL: "a" }, { MODEL: "b" }]),
    setting(`${WORKERS}.secrets`, [ABSENT, { TOKEN: SECRET }]),
    setting(`${WORKERS}.permissions`, [ABSENT, [{ Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }]]),
    setting(`${WORKERS}.ephemeralStorageGib`, [ABSENT, 30, 40]),
    setting(`${WORKERS}.externalLog`, [false, true]),
  ],
  fixed: {
    name: "names what it is, which is another system under another name",
    region: "is where it stands",
    network: "is where it stands",
    gateway: "is the gateway that it belongs to",
    egress: "is the gateway's, which changes the way out",
    "workers.permissions": "is changed as a whole",
    broker: `${ELSEWHERE}: RabbitMqService, AmazonMqBroker`,
  },
};
