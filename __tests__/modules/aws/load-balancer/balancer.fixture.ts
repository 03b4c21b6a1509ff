import {
  HttpsLoadBalancer,
  type HttpsLoadBalancerProps,
} from "../../../../modules/aws/load-balancer/https-load-balancer";
import { synth } from "../../../support/synth";

export const NETWORK = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidrBlocks: ["10.0.0.0/16"],
  publicSubnetIds: ["subnet-0a", "subnet-0b"],
  privateSubnetIds: ["subnet-1a", "subnet-1b"],
};
export const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
export const domain = { domainName: "fossa.example.com", hostedZoneId: "Z0123456789ABC" };

/** Settings with all that must be given but the certificate. */
export const MINIMAL = {
  name: "dev-fossa",
  service: "web",
  network: NETWORK,
  targetType: "instance",
  targetPort: 8080,
  targetSecurityGroupId: "sg-target",
} satisfies HttpsLoadBalancerProps;

/** Synthesizes a load balancer with the caller's certificate, or the domain that `settings` name. */
export const build = (
  settings: Partial<HttpsLoadBalancerProps> = {},
  seen?: (balancer: HttpsLoadBalancer) => void,
  certificate: object = { certificateArn },
) =>
  synth((stack) => {
    const balancer = new HttpsLoadBalancer(stack, "balancer", { ...MINIMAL, ...certificate, ...settings });
    seen?.(balancer);
  });
