import { ClientVpn } from "../../../modules/aws/client-vpn/client-vpn";
import { ImageRepository } from "../../../modules/aws/ecr/image-repository";
import { EcsCluster } from "../../../modules/aws/ecs/ecs-cluster";
import { FargateService } from "../../../modules/aws/ecs/fargate-service";
import { ImageBuild } from "../../../modules/aws/image-build/image-build";
import { HttpsLoadBalancer } from "../../../modules/aws/load-balancer/https-load-balancer";
import { LoadBalancerTarget } from "../../../modules/aws/load-balancer/load-balancer-target";
import { SharedLoadBalancer } from "../../../modules/aws/load-balancer/shared-load-balancer";
import { AmazonMqBroker } from "../../../modules/aws/rabbitmq/amazon-mq-broker";
import { RabbitMqService } from "../../../modules/aws/rabbitmq/rabbit-mq-service";
import { DIRECTORY, PORTAL, RADIUS, SAML, MINIMAL as VPN } from "../../modules/aws/client-vpn/client-vpn.fixture";
import {
  IMAGE,
  KEY,
  SECRET,
  MINIMAL as SERVICE,
  TARGET_GROUP,
  TOPIC,
} from "../../modules/aws/ecs/fargate-service.fixture";
import { REPOSITORY } from "../../modules/aws/image-build/image-build.fixture";
import { MINIMAL as BALANCER, certificateArn, domain } from "../../modules/aws/load-balancer/balancer.fixture";
import { SHARED, TARGET } from "../../modules/aws/load-balancer/shared.fixture";
import { CACHE, ECS, NAMESPACE } from "../../modules/aws/rabbitmq/rabbitmq.fixture";
import {
  ABSENT,
  LETS_THROUGH,
  type Setting,
  type Subject,
  setting,
  together,
} from "../../support/transitions/settings";

const NAME = "names what it is, which is another one under another name";
const PLACE = "is where it stands";
const other = (text: string) => text.replace(/.$/, (last) => (last === "1" ? "2" : "1"));
const group = (digit: number) => ({ securityGroupId: `sg-0123456789abcdef${digit}` });

export const imageRepository: Subject = {
  name: "ImageRepository",
  base: () => ({ name: "fossa/worker" }),
  build: (scope, props) => new ImageRepository(scope, "images", props),
  settings: [
    setting("kmsKeyArn", [ABSENT, KEY, other(KEY)]),
    setting("untaggedDays", [7, 14]),
    setting("keepImages", [30, 10]),
    setting("forceDelete", [false, true]),
    setting("tags", [ABSENT, { team: "a" }, { team: "b" }]),
  ],
  fixed: { name: NAME, allowReplacement: LETS_THROUGH },
};

export const ecsCluster: Subject = {
  name: "EcsCluster",
  base: () => ({ name: "fossa" }),
  build: (scope, props) => new EcsCluster(scope, "cluster", props),
  settings: [
    setting("containerInsights", ["disabled", "enabled", "enhanced"]),
    setting("logRetentionDays", [ABSENT, 30, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY, other(KEY)]),
    together("logKmsKeyArn", [{ logSessions: true }, { logSessions: true, logKmsKeyArn: KEY }]),
    setting("diskKmsKeyArn", [ABSENT, KEY, other(KEY)]),
    setting("logSessions", [false, true]),
  ],
  fixed: { name: NAME },
};

const ofContainer = (path: string, values: unknown[], more: object = {}): Setting =>
  setting(`container.${path}`, values, { container: { image: IMAGE, ...more } });
const CHECK = { command: ["CMD", "true"] };
const ofCheck = (path: string, values: unknown[]) => ofContainer(`healthCheck.${path}`, values, { healthCheck: CHECK });
const SCALING = { min: 1, max: 8, cpuPercent: 50 };
const ofScaling = (path: string, values: unknown[], more: object = {}) =>
  setting(`autoscaling.${path}`, values, { autoscaling: { ...SCALING, ...more } });
const QUEUE = { namespace: "AWS/AmazonMQ", metricName: "Ready", dimensions: { Queue: "q" }, perTask: 10 };
const ofQueue = (path: string, values: unknown[]) => ofScaling(`queue.${path}`, values, { queue: QUEUE });
const ALARMS = { topicArns: [TOPIC], cpuPercent: 80 };
const ofAlarms = (path: string, values: unknown[]) => setting(`alarms.${path}`, values, { alarms: ALARMS });
const STATEMENT = { Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" };
const SPOT = { base: 1, onDemandWeight: 1, spotWeight: 1 };

export const fargateService: Subject = {
  name: "FargateService",
  base: () => SERVICE,
  build: (scope, props) => new FargateService(scope, "service", props),
  settings: [
    setting("subnetIds", [["subnet-a", "subnet-b"], ["subnet-a"]]),
    setting("allowedFrom", [ABSENT, { page: group(0) }, { page: group(1) }], { "container.port": 80 }),
    together("securityGroup", [{}, { vpcId: ABSENT, securityGroup: group(0) }]),
    setting("discovery", [ABSENT, { namespace: NAMESPACE, name: "worker" }]),
    setting("discovery.name", ["worker", "other"], { discovery: { namespace: NAMESPACE } }),
    setting("targetGroupArn", [ABSENT, TARGET_GROUP, other(TARGET_GROUP)], { "container.port": 80 }),
    setting("healthCheckGracePeriodSeconds", [ABSENT, 60, 120], { "container.healthCheck": CHECK }),
    setting("cpu", [256, 512], { memory: 1024 }),
    setting("memory", [512, 1024]),
    setting("architecture", ["X86_64", "ARM64"]),
    ofContainer("name", [ABSENT, "other"]),
    ofContainer("image", [IMAGE, `${IMAGE}0`]),
    ofContainer("command", [ABSENT, ["true"], ["false"]]),
    ofContainer("port", [ABSENT, 80, 81]),
    ofContainer("environment", [ABSENT, { A: "1" }, { A: "2" }]),
    ofContainer("secrets", [ABSENT, { TOKEN: SECRET }]),
    ofContainer("healthCheck", [ABSENT, CHECK]),
    ofCheck("command", [
      ["CMD", "true"],
      ["CMD", "false"],
    ]),
    ofCheck("interval", [30, 60]),
    ofCheck("timeout", [5, 10]),
    ofCheck("retries", [3, 5]),
    ofCheck("startPeriod", [0, 60]),
    ofContainer("stopTimeout", [ABSENT, 30, 60]),
    ofContainer("user", [ABSENT, "1000", "1001"]),
    ofContainer("readonlyRootFilesystem", [false, true]),
    ofContainer("initProcess", [false, true]),
    ofContainer("openFiles", [ABSENT, 2048, 4096]),
    setting("logPrefix", ["one", "two"]),
    setting("volumes", [ABSENT, [{ name: "tmp", containerPath: "/tmp" }]]),
    setting("volumes.0.name", ["tmp", "other"], { volumes: [{ name: "tmp", containerPath: "/tmp" }] }),
    setting("volumes.0.containerPath", ["/tmp", "/other"], { volumes: [{ name: "tmp", containerPath: "/tmp" }] }),
    setting("volumes.0.readOnly", [false, true], { volumes: [{ name: "tmp", containerPath: "/tmp" }] }),
    setting(
      "volumes.0.files",
      [ABSENT, { fileSystemId: "fs-0123456789abcdef0", accessPointId: "fsap-0123456789abcdef0" }],
      { volumes: [{ name: "tmp", containerPath: "/tmp" }] },
    ),
    setting("ephemeralStorageGib", [ABSENT, 30, 40]),
    setting("executeCommand", [false, true]),
    setting("taskRoleStatements", [ABSENT, [STATEMENT], [{ ...STATEMENT, Action: "s3:PutObject" }]]),
    setting("imagePullStatements", [ABSENT, [STATEMENT]]),
    setting("secretsKmsKeyArns", [ABSENT, [KEY]], { "container.secrets": { TOKEN: SECRET } }),
    setting("desiredCount", [0, 4, 8]),
    setting("autoscaling", [ABSENT, SCALING]),
    ofScaling("min", [1, 2]),
    ofScaling("max", [8, 9]),
    ofScaling("cpuPercent", [50, 60]),
    ofScaling("memoryPercent", [ABSENT, 80, 90]),
    ofScaling("scaleIn", [true, false]),
    ofScaling("scaleInCooldown", [300, 60]),
    ofScaling("scaleOutCooldown", [300, 60]),
    ofScaling("queue", [ABSENT, QUEUE]),
    ofQueue("namespace", ["AWS/AmazonMQ", "Mine"]),
    ofQueue("metricName", ["Ready", "Waiting"]),
    ofQueue("dimensions", [{ Queue: "q" }, { Queue: "r" }]),
    ofQueue("perTask", [10, 20]),
    setting("spot", [ABSENT, SPOT]),
    setting("spot.base", [1, 2], { spot: SPOT }),
    setting("spot.onDemandWeight", [1, 2], { spot: SPOT }),
    setting("spot.spotWeight", [1, 2], { spot: SPOT }),
    setting("minimumHealthyPercent", [100, 50]),
    setting("maximumPercent", [200, 150]),
    setting("zoneRebalancing", [ABSENT, false]),
    setting("alarms", [ABSENT, ALARMS]),
    ofAlarms("topicArns", [[TOPIC], [`${TOPIC}2`]]),
    ofAlarms("missingTasks", [false, true]),
    ofAlarms("noTasks", [false, true]),
    ofAlarms("cpuPercent", [80, 90]),
    ofAlarms("memoryPercent", [ABSENT, 80, 90]),
    ofAlarms("minutes", [5, 10]),
  ],
  fixed: {
    name: NAME,
    cluster: PLACE,
    vpcId: PLACE,
    "discovery.namespace": PLACE,
    dependsOn: "says only what comes first",
    taskRoleStatements: "is changed as a whole",
    imagePullStatements: "is changed as a whole",
  },
};

export const httpsLoadBalancer: Subject = {
  name: "HttpsLoadBalancer",
  base: () => ({ ...BALANCER, certificateArn }),
  build: (scope, props) => new HttpsLoadBalancer(scope, "balancer", props),
  settings: [
    setting("targetPort", [8080, 8081]),
    setting("targetSecurityGroupId", ["sg-0123456789abcdef0", "sg-0123456789abcdef1"]),
    setting("targetType", ["instance", "ip"]),
    setting("certificateArn", [certificateArn, certificateArn.replace(/f$/, "e")]),
    together("domainName", [
      {},
      { certificateArn: ABSENT, ...domain },
      { certificateArn: ABSENT, ...domain, domainName: "www.example.com" },
    ]),
    together("hostedZoneId", [
      { certificateArn: ABSENT, ...domain },
      { certificateArn: ABSENT, ...domain, hostedZoneId: "Z0123456789ABD" },
    ]),
    setting("internal", [true, false], { allowedCidrs: ["203.0.113.0/24"] }),
    setting("allowedCidrs", [ABSENT, ["203.0.113.0/24"], ["203.0.113.0/24", "198.51.100.0/24"]]),
    setting("healthCheckPath", ["/", "/health"]),
    setting("sticky", [false, true]),
    setting("accessLogsBucket", [ABSENT, "ml-logs", "ml-logs-2"]),
    setting("accessLogs", [ABSENT, {}]),
    setting("accessLogs.retentionDays", [90, 30]),
    setting("accessLogs.forceDestroy", [false, true]),
    setting("deletionProtection", [false, true]),
  ],
  fixed: {
    name: NAME,
    service: NAME,
    network: PLACE,
    allowInternet: "lets a value of allowedCidrs through, and changes nothing by itself",
  },
};

const LISTENER =
  "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/mine/0123456789abcdef/0123456789abcdef";
const BY_DIRECTORY = { rootCertificateChainArn: ABSENT, activeDirectory: { directoryId: DIRECTORY } };
const SIGN_IN = { rootCertificateChainArn: ABSENT, samlProviderArn: SAML };
export const clientVpn: Subject = {
  name: "ClientVpn",
  base: () => VPN,
  build: (scope, props) => new ClientVpn(scope, "vpn", props),
  settings: [
    setting("subnetIds", [["subnet-a"], ["subnet-a", "subnet-b"]]),
    setting("serverCertificateArn", [VPN.serverCertificateArn, VPN.rootCertificateChainArn]),
    setting("rootCertificateChainArn", [VPN.serverCertificateArn, VPN.rootCertificateChainArn]),
    together("samlProviderArn", [{}, SIGN_IN, { ...SIGN_IN, samlProviderArn: PORTAL }]),
    together("selfServicePortal", [SIGN_IN, { ...SIGN_IN, selfServicePortal: true }]),
    together("selfServiceSamlProviderArn", [
      { ...SIGN_IN, selfServicePortal: true },
      { ...SIGN_IN, selfServicePortal: true, selfServiceSamlProviderArn: PORTAL },
    ]),
    together("activeDirectory", [
      {},
      BY_DIRECTORY,
      { ...BY_DIRECTORY, rootCertificateChainArn: VPN.rootCertificateChainArn },
    ]),
    setting("activeDirectory.directoryId", [DIRECTORY, "d-1234567891"], BY_DIRECTORY),
    setting("activeDirectory.mfa", [ABSENT, RADIUS], BY_DIRECTORY),
    ...Object.entries({
      radiusServers: [["10.0.2.10"], ["10.0.2.10", "10.0.3.10"]],
      sharedSecretArn: [SECRET, `${SECRET}1`],
      radiusPort: [1812, 1645],
      radiusRetries: [4, 0],
      radiusTimeout: [20, 50],
      authenticationProtocol: ["MS-CHAPv2", "PAP"],
      displayLabel: ["MFA", "Telephone"],
    }).map(([key, values]) =>
      setting(`activeDirectory.mfa.${key}`, values, {
        ...BY_DIRECTORY,
        activeDirectory: { directoryId: DIRECTORY, mfa: RADIUS },
      }),
    ),
    together("groups", [
      SIGN_IN,
      { ...SIGN_IN, groups: { staff: { id: "a" } } },
      { ...SIGN_IN, groups: { staff: { id: "a" }, guests: { id: "b" } } },
    ]),
    setting("groups.staff.id", ["a", "b"], { ...SIGN_IN, groups: { staff: { id: "a" } } }),
    setting("groups.staff.cidrs", [ABSENT, ["192.168.2.0/24"], ["192.168.3.0/24"]], {
      ...SIGN_IN,
      groups: { staff: { id: "a" } },
    }),
    setting("splitTunnel", [true, false]),
    setting("disconnectOnSessionTimeout", [true, false]),
    setting("dnsServers", [ABSENT, ["10.0.0.2"], ["10.0.0.2", "10.0.0.3"]]),
    setting("banner", [ABSENT, "Hello", "Goodbye"]),
    setting("routeEnforcement", [false, true]),
    setting("clientCidr", ["10.100.0.0/22", "10.101.0.0/22"]),
    setting("sessionTimeoutHours", [12, 24]),
    setting("transport", ["udp", "tcp"]),
    setting("port", [443, 1194]),
    setting("logRetentionDays", [ABSENT, 30, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY, other(KEY)]),
  ],
  fixed: {
    name: NAME,
    network: PLACE,
    generatedPki: "needs the provider hashicorp/tls, which is in no registry of the tests",
  },
};

const GROUP = { securityGroupId: "sg-0123456789abcdef0" };
export const sharedLoadBalancer: Subject = {
  name: "SharedLoadBalancer",
  base: () => SHARED,
  build: (scope, props) => new SharedLoadBalancer(scope, "balancer", props),
  settings: [
    together("certificateArn", [{}, { certificateArn }, { certificateArn: other(certificateArn) }]),
    together("domainName", [{}, domain, { ...domain, domainName: "data.example.com" }]),
    together("hostedZoneId", [domain, { ...domain, hostedZoneId: "Z0123456789ABD" }]),
    setting("allowedCidrs", [ABSENT, ["10.1.0.0/16"]]),
    setting("allowedFrom", [ABSENT, { vpn: GROUP }]),
    together("accessLogsBucket", [{}, { accessLogsBucket: "my-logs" }, { accessLogs: {} }]),
    setting("accessLogs.retentionDays", [365, 30], { accessLogs: {} }),
    setting("accessLogs.forceDestroy", [false, true], { accessLogs: {} }),
    setting("accessLogs", [ABSENT, {}]),
    setting("deletionProtection", [false, true]),
  ],
  fixed: { name: NAME, network: PLACE },
};

export const loadBalancerTarget: Subject = {
  name: "LoadBalancerTarget",
  base: () => ({
    ...TARGET,
    loadBalancer: { vpcId: "vpc-0123456789abcdef0", listenerArn: LISTENER, ...GROUP },
    targetSecurityGroupId: "sg-0123456789abcdef1",
  }),
  build: (scope, props) => new LoadBalancerTarget(scope, "target", props),
  settings: [
    setting("hosts", [ABSENT, ["a.example.com"], ["b.example.com"]]),
    setting("paths", [["/a"], ["/b"]]),
    setting("port", [8787, 80]),
    setting("targetSecurityGroupId", ["sg-0123456789abcdef1", "sg-0123456789abcdef2"]),
    setting("access", [true, false]),
    setting("healthCheckPath", ["/", "/health"]),
    setting("sticky", [false, true]),
    setting("deregistrationDelay", [30, 0]),
    setting("priority", [ABSENT, 7, 8]),
  ],
  fixed: { loadBalancer: PLACE },
};

export const amazonMqBroker: Subject = {
  name: "AmazonMqBroker",
  base: () => ({
    name: "dev-fossa",
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-a"],
    allowedFrom: { workers: group(0) },
  }),
  build: (scope, props) => new AmazonMqBroker(scope, "broker", props),
  settings: [
    setting("subnetIds", [["subnet-a"], ["subnet-b"]]),
    setting("allowedFrom", [{ workers: group(0) }, { workers: group(1) }]),
    setting("alarm", [ABSENT, { topicArns: [TOPIC], queue: "q", waiting: 10 }]),
    ...Object.entries({
      topicArns: [[TOPIC], [`${TOPIC}2`]],
      queue: ["q", "r"],
      waiting: [10, 20],
      minutes: [15, 5],
    }).map(([key, values]) =>
      setting(`alarm.${key}`, values, { alarm: { topicArns: [TOPIC], queue: "q", waiting: 10 } }),
    ),
    setting("engineVersion", ["4.2", "3.13"]),
    setting("hostInstanceType", ["mq.m7g.medium", "mq.m7g.large"]),
    together("deploymentMode", [{}, { deploymentMode: "CLUSTER_MULTI_AZ", subnetIds: ["subnet-a", "subnet-b"] }]),
    setting("username", ["fossa", "other"]),
    setting("passwordVersion", [1, 2]),
    setting("generalLogs", [true, false]),
    setting("maintenanceWindow", [ABSENT, { day: "SUNDAY", time: "03:00" }]),
    setting("maintenanceWindow.day", ["SUNDAY", "MONDAY"], { maintenanceWindow: { time: "03:00" } }),
    setting("maintenanceWindow.time", ["03:00", "04:00"], { maintenanceWindow: { day: "SUNDAY" } }),
    setting("kmsKeyArn", [ABSENT, KEY, other(KEY)]),
  ],
  fixed: { name: NAME, vpcId: PLACE, allowReplacement: LETS_THROUGH },
};

export const rabbitMqService: Subject = {
  name: "RabbitMqService",
  base: () => ({
    name: "broker",
    cluster: ECS,
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-a", "subnet-b"],
    namespace: NAMESPACE,
    allowedFrom: { workers: group(0) },
  }),
  build: (scope, props) => new RabbitMqService(scope, "broker", props),
  settings: [
    setting("subnetIds", [["subnet-a"], ["subnet-a", "subnet-b"]]),
    setting("hostName", ["rabbitmq", "other"]),
    setting("allowedFrom", [{ workers: group(0) }, { workers: group(1) }]),
    setting("architecture", ["X86_64", "ARM64"]),
    setting("imageCache", [ABSENT, CACHE]),
    setting("alarms", [ABSENT, ALARMS]),
    setting("image", [ABSENT, IMAGE, `${IMAGE}0`]),
    setting("cpu", [256, 512]),
    setting("memory", [1024, 2048]),
    setting("username", ["fossa", "other"]),
    setting("passwordVersion", [1, 2]),
    setting("persistent", [true, false]),
    setting("userId", [999, 100]),
    setting("kmsKeyArn", [ABSENT, KEY, other(KEY)]),
    setting("executeCommand", [false, true]),
  ],
  fixed: {
    name: NAME,
    cluster: PLACE,
    vpcId: PLACE,
    namespace: PLACE,
    allowReplacement: LETS_THROUGH,
    alarms: "is changed in FargateService",
  },
};

const FOLDER = "assets/containers/gateway";
const DEPLOYS = { clusterName: "fossa", serviceName: "workers" };
export const imageBuild: Subject = {
  name: "ImageBuild",
  base: () => ({ name: "fossa-worker", folder: FOLDER, repository: REPOSITORY }),
  build: (scope, props) => new ImageBuild(scope, "image", props),
  settings: [
    together("method", [
      {},
      { method: "host" },
      { method: "prebuilt", folder: ABSENT, repository: ABSENT, image: IMAGE },
    ]),
    setting("folder", [FOLDER, "assets/containers/fossa-worker"]),
    setting("files", [ABSENT, { "app.mjs": Buffer.from("1") }, { "app.mjs": Buffer.from("2") }]),
    setting("architecture", ["X86_64", "ARM64"]),
    setting("deploys", [ABSENT, DEPLOYS]),
    setting("deploys.clusterName", ["fossa", "other"], { deploys: DEPLOYS }),
    setting("deploys.serviceName", ["workers", "other"], { deploys: DEPLOYS }),
    setting("deploys.roleNames", [ABSENT, ["fossa-workers*"], ["fossa-others*"]], { deploys: DEPLOYS }),
    setting("warm", [ABSENT, { cache: CACHE, images: ["docker/library/rabbitmq:4.1.4"] }]),
    setting("warm.images", [["docker/library/rabbitmq:4.1.4"], ["docker/library/rabbitmq:4.1.5"]], {
      warm: { cache: CACHE },
    }),
    setting("kmsKeyArn", [ABSENT, KEY, other(KEY)]),
    setting("codebuild.computeType", ["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_LARGE"]),
    setting("codebuild.timeoutMinutes", [30, 60]),
    setting("codebuild.queuedTimeoutMinutes", [30, 60]),
    setting("codebuild.logRetentionDays", [ABSENT, 90, 0]),
    setting("codebuild.logKmsKeyArn", [ABSENT, KEY, other(KEY)]),
    setting("codebuild.alertTopicArn", [ABSENT, TOPIC, `${TOPIC}2`]),
  ],
  fixed: {
    name: NAME,
    repository: PLACE,
    image: "is what method prebuilt passes on, and is made of nothing here",
    "warm.cache": PLACE,
  },
};
