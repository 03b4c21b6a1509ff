import { asset, putFile, userData } from "../aws/ec2/user-data";
import { hostFunctions, natSetUp } from "../network/nat-user-data";
import { type AppSettings, type BuildSettings, type GatewaySettings, portOf } from "./gateway-settings";

export interface GatewayUserDataInput
  extends Pick<GatewaySettings, "name" | "nat" | "privateCidrBlocks" | "egressPorts" | "app" | "build" | "tls"> {
  /** Region of the host, may be a token. */
  region: string;
}

const host = (name: string) => asset("gateway-host", name);
const unit = (name: string) => `/etc/systemd/system/${name}`;

/**
 * Shell script that sets up Amazon Linux 2023 as the gateway; it can run again. It only writes files and starts units, the
 * NAT's first. The units retry whatever they have to install or fetch, so no part waits for another and nothing depends on
 * the first boot. `privateCidrBlocks` is the setting that an error about its length names.
 */
export function gatewayUserData(privateCidrBlocks: string, input: GatewayUserDataInput): string {
  const { nat, app, build, tls } = input;
  const lines = [
    "#!/bin/bash",
    `# Gateway of ${input.name}`,
    hostFunctions(),
    ...when(app || build, host("functions.sh")),
    "",
    "swap",
    ...(nat ? natSetUp({ sources: input.privateCidrBlocks, ports: input.egressPorts }) : []),
    ...when(app || build, putFile("/etc/gateway/environment", "644", environment(input))),
    ...(app ? page(app, tls) : []),
    ...when(
      build,
      putFile("/etc/docker/daemon.json", "644", host("docker.json")),
      ...task("image-build", ...when(build?.deploys, "service-restart.sh")),
      "units image-build.timer",
    ),
  ];
  const advice = "must be fewer or shorter, as egressPorts, keys and prefixes";
  return userData(privateCidrBlocks, `${lines.join("\n")}\n`, advice);
}

const when = (condition: unknown, ...lines: string[]): string[] => (condition ? lines : []);

function page(app: AppSettings, tls: boolean): string[] {
  const capabilities = portOf(app, tls) < 1024 ? "CAP_NET_BIND_SERVICE" : "";
  return [
    putFile(unit("gateway.service"), "644", host("gateway.service").replaceAll("CAPABILITIES", capabilities)),
    ...task("gateway-update"),
    "units gateway.service gateway-update.timer",
  ];
}

/** Files of a unit that runs every minute; `more` files are appended to its script. */
const task = (name: string, ...more: string[]): string[] => [
  putFile(`/usr/local/sbin/${name}`, "755", [`${name}.sh`, ...more].map(host).join("\n")),
  putFile(unit(`${name}.service`), "644", host("task.service")),
  putFile(unit(`${name}.timer`), "644", host("task.timer")),
];

/** Environment of the units. It holds no secret and is world-readable. */
const environment = ({ region, app, build, tls }: GatewayUserDataInput): string =>
  [
    `AWS_REGION=${region}`,
    `AWS_DEFAULT_REGION=${region}`,
    ...(app ? ofPage(app, tls) : []),
    ...(build ? ofBuild(build) : []),
  ].join("\n");

const ofPage = (app: AppSettings, tls: boolean): string[] => [
  `APP_BUCKET=${app.bucketName}`,
  `APP_KEY=${app.key}`,
  `PASSWORD_SECRET_ARN=${app.passwordSecretArn}`,
  "HOST=0.0.0.0",
  `PORT=${portOf(app, tls)}`,
  `TLS=${tls}`,
  `POST_ENABLED=${app.postEnabled}`,
  `WORKER_PORT=${app.workerPort}`,
  ...when(app.workerGroup, `WORKER_GROUP=${app.workerGroup}`),
];

const ofBuild = ({ bucketName, prefix, repositoryUrl, deploys }: BuildSettings): string[] => [
  `IMAGE_BUCKET=${bucketName}`,
  `IMAGE_PREFIX=${prefix}`,
  `IMAGE_REPOSITORY=${repositoryUrl}`,
  ...(deploys ? [`CLUSTER_NAME=${deploys.clusterName}`, `SERVICE_NAME=${deploys.serviceName}`] : []),
];
