import { FargateFossa, type FargateFossaProps } from "../../../modules/fargate-fossa/fargate-fossa";
import type { FossaNetwork } from "../../../modules/fargate-fossa/fossa-network";
import { type Json, synth } from "../../support/synth";

export const NETWORK: FossaNetwork = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidrBlocks: ["192.168.0.0/16"],
  publicSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  privateSubnetCidrBlocks: ["192.168.2.0/24", "192.168.4.0/24"],
  privateRouteTableIds: ["rtb-0123456789abcdef0"],
};
export const CERTIFICATE = "arn:aws:acm:eu-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012";
export const IMAGE = "123456789012.dkr.ecr.eu-west-2.amazonaws.com/mine:1.2.3";
export const SECRET = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:mine-Ab12Cd";

export const PLACE = { name: "dev-fossa", region: "eu-west-2", network: NETWORK } as const;
/** TLS that the internet may come by. */
export const TLS = { tls: { certificateArn: CERTIFICATE, internal: false }, allowedCidrs: ["203.0.113.0/24"] };

/** Synthesizes a whole farm with these settings and gives the construct along with the JSON. */
export function farm(props: Partial<FargateFossaProps> = {}) {
  const made: FargateFossa[] = [];
  const result = synth((stack) => made.push(new FargateFossa(stack, "fossa", { ...PLACE, ...props })));
  return { ...result, fossa: made[0] as FargateFossa };
}

/** Container of the only task definition whose family begins so, with references as they stand in the JSON. */
export function containerOf({ parsed }: { parsed: Json }, family: string): Json {
  const found = Object.values<Json>(parsed.resource.aws_ecs_task_definition).filter((task) => task.family === family);
  if (found.length !== 1) throw new Error(`${found.length} task definitions of family ${family}`);
  const [container, ...others] = JSON.parse(found[0].container_definitions);
  if (others.length > 0) throw new Error("more than one container");
  return container;
}

/** Service of that name. */
export const serviceOf = ({ parsed }: { parsed: Json }, name: string): Json =>
  Object.values<Json>(parsed.resource.aws_ecs_service).find((service) => service.name === name);
