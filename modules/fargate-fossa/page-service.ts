import { Construct } from "constructs";
import type { z } from "zod";
import type { ContainerArchitecture } from "../aws/ec2/architecture";
import { FargateService, type ServiceCluster } from "../aws/ecs/fargate-service";
import { checkFargateSize, fargateSizeShape } from "../aws/ecs/fargate-size";
import { taskCountSchema } from "../aws/ecs/service-scaling";
import { ServiceSecurityGroup } from "../aws/ecs/service-security-group";
import { HttpsLoadBalancer } from "../aws/load-balancer/https-load-balancer";
import type { FossaNetwork } from "./fossa-network";
import { pageStatements } from "./gateway-role";
import { HEALTH_PATH, type TlsSettings } from "./tls";

/** Settings of the page as an ECS service. */
export const pageServiceShape = {
  /** CPU units of the page; 1024 are a vCPU. */
  cpu: fargateSizeShape.cpu.default(256),
  /** Memory of the page, MiB. */
  memory: fargateSizeShape.memory.default(512),
  /** Number of tasks, 0 to 5000. Every request carries the password, so any task can answer. */
  desiredCount: taskCountSchema.default(1),
};
export type PageServiceSettings = z.output<z.ZodObject<typeof pageServiceShape>>;

/** Rules across the inputs of {@link pageServiceShape}. */
export const checkPageService = (settings: PageServiceSettings, ctx: z.RefinementCtx, path: string[]): void =>
  checkFargateSize(settings, ctx, path);

const PORT = 8080;

export interface PageServiceProps {
  name: string;
  region: string;
  cluster: ServiceCluster;
  network: FossaNetwork;
  architecture: ContainerArchitecture;
  image: string;
  passwordSecretArn: string;
  /** Customer managed key of that secret, if any. */
  kmsKeyArn: string | undefined;
  workerPort: number;
  workerGroup: string;
  tls: TlsSettings;
  settings: PageServiceSettings;
}

/** The gateway's page as an ECS service behind a load balancer, for farms whose page does not run on the host. */
export class PageService extends Construct {
  readonly url: string;
  /** Security group of the tasks, which the workers admit. */
  readonly securityGroup: ServiceSecurityGroup;
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: PageServiceProps) {
    super(scope, id);
    const { name, cluster, network, settings, passwordSecretArn, kmsKeyArn } = props;
    this.securityGroup = new ServiceSecurityGroup(this, "access", { name, vpcId: network.vpcId });
    const balancer = new HttpsLoadBalancer(this, "load-balancer", {
      name,
      service: "page",
      network,
      targetType: "ip",
      targetPort: PORT,
      targetSecurityGroupId: this.securityGroup.securityGroupId,
      healthCheckPath: HEALTH_PATH,
      sticky: true, // only the task that rendered a form knows its token
      ...props.tls,
    });
    this.url = balancer.url;
    this.service = new FargateService(this, "service", {
      name,
      cluster,
      subnetIds: network.privateSubnetIds,
      securityGroup: this.securityGroup,
      cpu: settings.cpu,
      memory: settings.memory,
      architecture: props.architecture,
      logPrefix: "gateway",
      container: {
        name: "page",
        image: props.image,
        port: PORT,
        environment: {
          AWS_REGION: props.region,
          PORT: String(PORT),
          PASSWORD_SECRET_ARN: passwordSecretArn,
          WORKER_PORT: String(props.workerPort),
          WORKER_GROUP: props.workerGroup,
          POST_ENABLED: "true",
          TLS: "true",
        },
        healthCheck: { command: ["CMD", "node", "-e", HEALTH_CHECK] },
        initProcess: true,
      },
      desiredCount: settings.desiredCount,
      targetGroupArn: balancer.targetGroupArn,
      healthCheckGracePeriodSeconds: 60,
      taskRoleStatements: pageStatements({ passwordSecretArn, kmsKeyArn, clusterArns: [cluster.clusterArn] }),
      dependsOn: balancer.ready,
    });
  }
}

/** Program that fails unless the page answers; the image has no curl. */
const HEALTH_CHECK = `require('node:http').get('http://127.0.0.1:${PORT}${HEALTH_PATH}', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))`;
