import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import type { SecurityGroupOwner } from "../aws/ec2/ingress-security-group";
import { subnetIdsSchema } from "../aws/ec2/subnet-ids";
import { FargateService, serviceClusterSchema } from "../aws/ecs/fargate-service";
import { PrivateNamespace } from "../aws/ecs/private-namespace";
import { topicArnsSchema } from "../aws/ecs/service-alarms";
import { ServiceSecurityGroup } from "../aws/ecs/service-security-group";
import { checkTaskReach } from "../aws/ecs/task-reach";
import type { SharedLoadBalancer } from "../aws/load-balancer/shared-load-balancer";
import { PostgresDatabase } from "../aws/rds/postgres-database";
import { rdsCertificates } from "../aws/rds/rds-certificates";
import { privateReachSchema } from "../common/private-reach";
import { GeneratedSecret } from "../common/secrets/generated-secret";
import { checkedBy } from "../common/settings/checked-by";
import { refuse } from "../common/settings/faults";
import { parseProps, reference, requiredString } from "../common/settings/props";
import { regionSchema } from "../common/settings/region";
import { checkServer, serverShape } from "./server-settings";

/** Load balancer in front of the server; `SharedLoadBalancer` is one. */
export type ServerBalancer = Pick<SharedLoadBalancer, "addTarget" | "needsHost" | "urlOf">;

const schema = z
  .strictObject({
    /** Name of the system, with which all names begin: 1 to 40 lower-case letters, digits and single hyphens, a letter first. */
    name: z
      .string()
      .max(40) // RDS: 63 characters of lower case
      .regex(/^[a-z](-?[a-z0-9])*$/, "must be lower-case letters, digits and single hyphens, a letter first"),
    /** Region of the VPC. */
    region: regionSchema,
    /** ECS cluster of the server's task. */
    cluster: serviceClusterSchema,
    /** VPC of the subnets. */
    vpcId: requiredString,
    /** Private subnets of task and database, at least 2 in different zones, as RDS wants them, at most 16. */
    subnetIds: subnetIdsSchema.min(2).max(16), // Sources: RDS API reference, CreateDBSubnetGroup; ECS, AwsVpcConfiguration
    /** What these subnets reach outside the VPC. */
    privateReach: privateReachSchema,
    /** Load balancer through which people, workers and flow runs reach the server; without one it has a private DNS name. */
    loadBalancer: reference<ServerBalancer>("a SharedLoadBalancer", "addTarget{}", "urlOf{}").optional(),
    /** SNS topics of the alarm when no server runs. No alarm when absent. */
    alarmTopicArns: topicArnsSchema.optional(),
    ...serverShape,
  })
  .superRefine((settings, ctx) => {
    checkServer(settings, ctx);
    const { host, loadBalancer, image, executeCommand } = settings;
    const needs = { services: ["secretsmanager"], executeCommand, images: [{ path: ["image"], image }] };
    checkTaskReach(settings.privateReach, needs, ctx, "privateReach");
    if (host === undefined && loadBalancer?.needsHost) {
      const why = "is required where the load balancer's certificate is given by its ARN";
      refuse(ctx, "host", `${why}, as callers check that it is for the name they use, got nothing`);
    }
    if (host === undefined || loadBalancer) return;
    refuse(ctx, "host", `must be left out without loadBalancer, which would know it, got ${host}`);
  });
export type PrefectServerProps = z.input<typeof schema>;
/** What a user chooses; the stack adds the rest. */
export type PrefectServerSettings = z.input<z.ZodObject<typeof serverShape>>;
const ANY_BALANCER = { addTarget: "any", urlOf: "any" };
/** Checks these settings, without what follows from the cluster and the network. */
export const prefectServerSettings = checkedBy(schema, ({ host }: PrefectServerSettings) => ({
  name: "any",
  region: "us-west-2",
  cluster: { clusterName: "any", clusterArn: "any", containerInsights: "enabled" as const, logGroupName: "any" },
  vpcId: "any",
  subnetIds: ["one", "two"],
  privateReach: undefined,
  // whether there is one is known when the server is built
  loadBalancer: host === undefined ? undefined : (ANY_BALANCER as never),
  alarmTopicArns: undefined,
}));
type Settings = z.output<typeof schema>;

const PORT = 4200;
/** Path of the server behind a load balancer that it shares, and that knows no host of its own. */
const PATH = "/prefect";
const CERTIFICATES = "/tmp/rds.pem";

/** Prefect's server on Fargate with its database on RDS, so that no account of Prefect Cloud is needed. */
export class PrefectServer extends Construct {
  /** URL of the page. */
  readonly url: string;
  /** URL of the API, as `PREFECT_API_URL` wants it. */
  readonly apiUrl: string;
  /** Secret with the key `auth_string`; undefined without authentication. */
  readonly authSecretArn: string | undefined;
  /** Where ECS finds the auth string: ARN and key; undefined without authentication. */
  readonly authStringValueFrom: string | undefined;
  readonly database: PostgresDatabase;
  readonly service: FargateService;
  readonly securityGroupId: string;
  readonly #access: ServiceSecurityGroup;

  constructor(scope: Construct, id: string, props: PrefectServerProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, vpcId, loadBalancer, host, kmsKeyArn, database } = settings;
    const serverName = `${name}-server`;

    this.#access = new ServiceSecurityGroup(this, "access", { name: serverName, vpcId, port: PORT });
    this.securityGroupId = this.#access.securityGroupId;
    this.database = new PostgresDatabase(this, "database", {
      ...database,
      identifier: `${name}-server`,
      vpcId,
      subnetGroupName: this.subnetGroup(settings),
      clientSecurityGroupIds: { server: this.securityGroupId },
      clients: "the Prefect server",
      kmsKeyArn,
    });
    const base = loadBalancer && host === undefined ? PATH : "";
    const target = loadBalancer?.addTarget(this, "prefect", {
      ...(host === undefined ? { paths: [PATH, `${PATH}/*`] } : { hosts: [host] }),
      port: PORT,
      targetSecurityGroupId: this.securityGroupId,
      healthCheckPath: `${base}/api/health`,
    });
    const namespace =
      loadBalancer === undefined
        ? new PrivateNamespace(this, "namespace", { name: `${name}.internal`, vpcId })
        : undefined;
    const root = loadBalancer ? loadBalancer.urlOf({ host, path: "" }) : `http://prefect.${name}.internal:${PORT}`;
    this.url = `${root}${base}`;
    this.apiUrl = `${this.url}/api`;

    const auth = settings.authentication ? this.authSecret(settings) : undefined;
    this.authSecretArn = auth?.secretArn;
    this.authStringValueFrom = auth && `${auth.secretArn}:auth_string::`;
    this.service = this.makeService(settings, {
      base,
      auth: auth && `${auth.secretArn}:auth_string::${auth.versionId}`,
      targetGroupArn: target?.targetGroupArn,
      discovery: namespace && { namespace, name: "prefect" },
      dependsOn: target?.ready ?? [],
    });
  }

  /** Lets clients reach the server directly, by a short name each; those of the load balancer need no mention. */
  admit(clients: Record<string, SecurityGroupOwner>): void {
    this.#access.admit(clients);
  }

  private subnetGroup({ name, subnetIds }: Settings): string {
    return new DbSubnetGroup(this, "subnets", {
      namePrefix: `${name}-server-`,
      description: `Database of the Prefect server ${name}`,
      subnetIds,
    }).name;
  }

  private authSecret({ name, kmsKeyArn, authVersion }: Settings): GeneratedSecret {
    return new GeneratedSecret(this, "auth", {
      namePrefix: `${name}-prefect-auth-`,
      description: `Auth string of the Prefect server ${name}`,
      kmsKeyArn,
      version: authVersion,
      document: (password) => ({ auth_string: `admin:${password}` }),
    });
  }

  private makeService(settings: Settings, place: ServerPlace): FargateService {
    const { name, cluster, subnetIds, region, kmsKeyArn, alarmTopicArns } = settings;
    const { instance } = this.database;
    const certificates = rdsCertificates(region);
    return new FargateService(this, "service", {
      name: `${name}-server`,
      cluster,
      subnetIds,
      securityGroup: this.#access,
      cpu: settings.cpu,
      memory: settings.memory,
      architecture: settings.architecture,
      logPrefix: "server",
      container: {
        name: "server",
        image: settings.image,
        port: PORT,
        command: certificates === undefined ? START : ["sh", "-c", WITH_CERTIFICATES],
        environment: {
          ...settings.environment,
          ...this.variables(settings, place.base),
          PREFECT_SERVER_DATABASE_DRIVER: "postgresql+asyncpg",
          PREFECT_SERVER_DATABASE_HOST: instance.address,
          PREFECT_SERVER_DATABASE_PORT: String(settings.database.dbPort),
          PREFECT_SERVER_DATABASE_USER: settings.database.dbUsername,
          PREFECT_SERVER_DATABASE_NAME: settings.database.dbName,
          ...(certificates !== undefined && {
            DATABASE_CERTIFICATES: certificates,
            PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_ENABLED: "true",
            PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_CA_FILE: CERTIFICATES,
          }),
        },
        secrets: {
          PREFECT_SERVER_DATABASE_PASSWORD: `${instance.masterUserSecret.get(0).secretArn}:password::`,
          ...(place.auth && { PREFECT_SERVER_API_AUTH_STRING: place.auth }),
        },
        healthCheck: {
          command: ["CMD", "python", "-c", healthCheck(place.base)],
          timeout: 10,
          startPeriod: 180, // the first start makes all tables
        },
        stopTimeout: 60,
      },
      secretsKmsKeyArns: kmsKeyArn === undefined ? [] : [kmsKeyArn],
      // Not more: several would need a broker of their own for events. Source: Prefect documentation, "Scale self-hosted Prefect"
      desiredCount: 1,
      zoneRebalancing: false,
      targetGroupArn: place.targetGroupArn,
      discovery: place.discovery,
      healthCheckGracePeriodSeconds: 180,
      executeCommand: settings.executeCommand,
      alarms: alarmTopicArns && { topicArns: alarmTopicArns, noTasks: true },
      dependsOn: place.dependsOn,
    });
  }

  /** Settings of the server itself. */
  private variables({ loadBalancer }: Settings, base: string): Record<string, string> {
    return {
      PREFECT_SERVER_API_HOST: "0.0.0.0",
      PREFECT_SERVER_API_PORT: String(PORT),
      PREFECT_SERVER_ANALYTICS_ENABLED: "false",
      PREFECT_UI_API_URL: this.apiUrl,
      // longer than the load balancer keeps an idle connection, which it would use once more otherwise
      ...(loadBalancer && { PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75" }),
      ...(base !== "" && { PREFECT_SERVER_API_BASE_PATH: `${base}/api`, PREFECT_UI_SERVE_BASE: base }),
    };
  }
}

interface ServerPlace {
  base: string;
  auth: string | undefined;
  targetGroupArn: string | undefined;
  discovery: { namespace: PrivateNamespace; name: string } | undefined;
  dependsOn: ITerraformDependable[];
}

const START = ["prefect", "server", "start"];
/** Prefect reads certificates from a file, and the image does not have those of RDS. */
const WITH_CERTIFICATES = `printf %s "$DATABASE_CERTIFICATES" > ${CERTIFICATES} && exec ${START.join(" ")}`;

/**
 * Program that fails unless the server reaches its database. RDS changes the password every week: connections that exist
 * go on, and as soon as the server cannot open new ones ECS replaces the task, which reads the new password.
 */
const healthCheck = (base: string) =>
  `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${PORT}${base}/api/ready', timeout=8)`;
