import type { LoadBalancerTarget } from "../../../../modules/aws/load-balancer/load-balancer-target";
import {
  SharedLoadBalancer,
  type SharedLoadBalancerProps,
  type TargetProps,
} from "../../../../modules/aws/load-balancer/shared-load-balancer";
import { synth } from "../../../support/synth";

export const NETWORK = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidrBlocks: ["10.0.0.0/16"],
  privateSubnetIds: ["subnet-1a", "subnet-1b"],
};
/** Settings with all that must be given. */
export const SHARED = { name: "dev-dask", network: NETWORK } satisfies SharedLoadBalancerProps;
/** Targets with all that must be given. */
export const TARGET = { paths: ["/dask/*"], port: 8787, targetSecurityGroupId: "sg-target" } satisfies TargetProps;

/** Synthesizes a shared load balancer, and what `then` adds to it. */
export const buildShared = (
  settings: Partial<SharedLoadBalancerProps> = {},
  then: (balancer: SharedLoadBalancer) => unknown = () => undefined,
) =>
  synth((stack) => {
    then(new SharedLoadBalancer(stack, "balancer", { ...SHARED, ...settings }));
  });

/** Synthesizes a shared load balancer with targets by their ids, each at a path of its own; gives their priorities too. */
export function withTargets(
  targets: Record<string, Partial<TargetProps>>,
  settings: Partial<SharedLoadBalancerProps> = {},
) {
  const made: Record<string, LoadBalancerTarget> = {};
  const stack = buildShared(settings, (balancer) => {
    for (const [id, target] of Object.entries(targets)) {
      made[id] = balancer.addTarget(balancer, id, { ...TARGET, paths: [`/${id}/*`], ...target });
    }
  });
  const priorities = Object.fromEntries(Object.entries(made).map(([id, { priority }]) => [id, priority]));
  return { ...stack, priorities };
}
