import { z } from "zod";
import { checkNetwork, internalSchema } from "../aws/load-balancer/callers";
import { certificateShape } from "../aws/load-balancer/certificate";
import {
  balancerShape,
  checkHttps,
  type HttpsLoadBalancerProps,
  healthCheckPathSchema,
} from "../aws/load-balancer/https-load-balancer";
import { refuse } from "../common/settings/faults";
import type { MachineNetwork } from "./machine";
import { allowedCidrsSchema } from "./machine-security-group";

const loadBalancerSchema = z
  .strictObject({
    ...certificateShape,
    /** Whether it has private addresses only, reached from the VPC, a peer or a VPN; on by default. */
    internal: internalSchema,
    /** IPv4 blocks, /8 to /32 and at most 15, from which it is reached; the VPC's own when absent or empty, if internal. */
    allowedCidrs: allowedCidrsSchema,
    /** Port of the machines that it leads to; 8888, Jupyter's, by default. 6006 is TensorBoard's; others are up to you. */
    targetPort: z.int().min(1024).max(65535).default(8888),
    /** Path that answers 200 to 399 without login when a machine is well; `/api` for Jupyter, `/` for all else when absent. */
    healthCheckPath: healthCheckPathSchema.optional(),
    /** Whether a browser stays with one machine for a day, as notebooks and logs do; on by default. Off suits model servers. */
    sticky: z.boolean().default(true),
    /** Bucket for access logs, which lets Elastic Load Balancing write; none when absent. */
    accessLogsBucket: balancerShape.accessLogsBucket,
  })
  .superRefine(checkHttps);

/** Inputs that concern the load balancer. */
export const loadBalancerShape = {
  /** Application Load Balancer in front of the machines, by HTTPS only; none when absent. */
  loadBalancer: loadBalancerSchema.optional(),
};
export type LoadBalancerSettings = z.output<typeof loadBalancerSchema>;

const JUPYTER_PORT = 8888;
/** What listens on a port, by the setting that turns it on. */
const SERVICES = { [JUPYTER_PORT]: "jupyter", 6006: "tensorboard" } as const;

/** Rules between the load balancer and what it leads to. */
export function checkLoadBalancer(
  settings: {
    loadBalancer?: LoadBalancerSettings;
    jupyter: unknown;
    tensorboard: unknown;
    network?: Partial<MachineNetwork>;
  },
  ctx: z.RefinementCtx,
): void {
  const { loadBalancer, network } = settings;
  if (!loadBalancer) return;
  const { targetPort } = loadBalancer;
  const service = SERVICES[targetPort as keyof typeof SERVICES];
  if (service && !settings[service]) {
    const message = `must be a port where something listens, and ${service} is off, got ${targetPort}`;
    refuse(ctx, ["loadBalancer", "targetPort"], message);
  }
  checkNetwork({ ...loadBalancer, network }, ctx, ["loadBalancer"]);
}

export interface LoadBalancerContext {
  prefix: string;
  network: MachineNetwork;
  /** Security group of the machines, which lets the load balancer in. */
  machineSecurityGroupId: string;
  settings: LoadBalancerSettings;
}

/** What an {@link HttpsLoadBalancer} in front of the machines is made of. */
export const loadBalancerProps = (context: LoadBalancerContext): HttpsLoadBalancerProps => {
  const { prefix, network, machineSecurityGroupId, settings } = context;
  const { targetPort, healthCheckPath = targetPort === JUPYTER_PORT ? "/api" : "/" } = settings;
  return {
    ...settings,
    name: prefix,
    service: "ml",
    network,
    targetType: "instance",
    targetSecurityGroupId: machineSecurityGroupId,
    healthCheckPath,
  };
};
