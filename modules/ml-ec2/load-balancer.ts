import { z } from "zod";
import { applicationShape, healthCheckPathSchema } from "../aws/load-balancer/application-load-balancer";
import { checkNetwork, internalSchema } from "../aws/load-balancer/callers";
import { certificateShape } from "../aws/load-balancer/certificate";
import { checkHttps, type HttpsLoadBalancerProps } from "../aws/load-balancer/https-load-balancer";
import { refuse } from "../common/settings/faults";
import type { MachineNetwork } from "./machine";
import { allowedCidrsSchema } from "./machine-security-group";

const loadBalancerSchema = z
  .strictObject({
    ...certificateShape,
    /** Private addresses only, for the VPC, peers and VPNs. */
    internal: internalSchema,
    /** IPv4 blocks of the clients, /8 to /32 and at most 15; the VPC's own when absent or empty, if internal. */
    allowedCidrs: allowedCidrsSchema,
    /** Port of the machines, 1024 to 65535: 8888 is Jupyter, 6006 TensorBoard, any other a service of your own. */
    targetPort: z.int().min(1024).max(65535).default(8888),
    /** Health check path, which answers 200 to 399 without sign-in; when absent `/api` for Jupyter, otherwise `/`. */
    healthCheckPath: healthCheckPathSchema.optional(),
    /** Sticky sessions of a day, which notebooks and logs need; false suits model servers. */
    sticky: z.boolean().default(true),
    ...applicationShape,
  })
  .superRefine(checkHttps);

/** Settings of the load balancer. */
export const loadBalancerShape = {
  /** Application Load Balancer of the machines, HTTPS only. */
  loadBalancer: loadBalancerSchema.optional(),
};
export type LoadBalancerSettings = z.output<typeof loadBalancerSchema>;

const JUPYTER_PORT = 8888;
/** Setting that enables the service on a port. */
const SERVICES = { [JUPYTER_PORT]: "jupyter", 6006: "tensorboard" } as const;

/** Rules across the settings of load balancer and machines. */
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
    const message = `must be the port of a service that runs, and ${service} is off, got ${targetPort}`;
    refuse(ctx, ["loadBalancer", "targetPort"], message);
  }
  checkNetwork({ ...loadBalancer, network }, ctx, ["loadBalancer"]);
}

export interface LoadBalancerContext {
  prefix: string;
  network: MachineNetwork;
  /** Security group of the machines, which admits the load balancer. */
  machineSecurityGroupId: string;
  settings: LoadBalancerSettings;
}

/** Props of the {@link HttpsLoadBalancer} of the machines. */
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
