import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import {
  FargateService,
  type FargateServiceProps,
  type ServiceCluster,
} from "../../../../modules/aws/ecs/fargate-service";
import { type BadInput, rejects } from "../../../support/bad-input";
import { type Json, type read, synth } from "../../../support/synth";

export const CLUSTER: ServiceCluster = {
  clusterName: "dev-fossa",
  clusterArn: "arn:aws:ecs:us-east-1:111122223333:cluster/dev-fossa",
  containerInsights: "enabled",
  logGroupName: "/ecs/dev-fossa",
};
export const IMAGE = "public.ecr.aws/docker/library/rabbitmq:4.1.4";
export const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:broker-AbC123";
export const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
export const TARGET_GROUP = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/fossa/0123456789abcdef";
export const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";

export const MINIMAL: FargateServiceProps = {
  name: "fossa",
  cluster: CLUSTER,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  cpu: 256,
  memory: 512,
  container: { image: IMAGE },
  logPrefix: "fossa_worker",
  desiredCount: 4,
};

/** Settings beside the minimal ones; those of the container are added to its image. */
export type Settings = Partial<Omit<FargateServiceProps, "container">> & {
  container?: Partial<FargateServiceProps["container"]>;
};
export const settings = ({ container, ...rest }: Settings): FargateServiceProps => ({
  ...MINIMAL,
  ...rest,
  container: { ...MINIMAL.container, ...container },
});
export const build = (some: Settings = {}) => synth((stack) => new FargateService(stack, "service", settings(some)));

/** The one container of the task, as ECS reads it; references stay as Terraform spells them. */
export const containerOf = ({ one }: Pick<ReturnType<typeof read>, "one">): Json => {
  const containers = JSON.parse(one(EcsTaskDefinition).container_definitions);
  if (containers.length !== 1) throw new Error(`${containers.length} containers`);
  return containers[0];
};

/** Rows of wrong settings: what is in a row takes the place of the minimal settings. */
export const rejectsSettings = (...rows: [key: string, props: object, ...words: string[]][]) =>
  rejects(
    "test/service",
    rows.map(([key, props, ...words]): BadInput<object> => [key, settings(props as Settings), ...words]),
    (stack, props) => new FargateService(stack, "service", props as FargateServiceProps),
  );
