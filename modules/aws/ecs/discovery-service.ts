import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { Construct } from "constructs";
import { z } from "zod";
import { parseProps, reference } from "../../common/settings/props";
import { dnsLabelSchema } from "./private-namespace";

/** Namespace of a DNS name; `PrivateNamespace` is one. */
export interface Namespace {
  readonly namespaceId: string;
  readonly namespaceName: string;
}

/** DNS name of a service. */
export const discoveryShape = {
  /** Private DNS namespace of the VPC. */
  namespace: reference<Namespace>("a PrivateNamespace", "namespaceId", "namespaceName"),
  /** Name within the namespace: 1 to 63 lower-case letters, digits and hyphens. */
  name: dnsLabelSchema,
};
const schema = z.strictObject(discoveryShape);
export type DiscoveryServiceProps = z.input<typeof schema>;

/** Private DNS name that resolves to the running tasks of an ECS service. */
export class DiscoveryService extends Construct {
  /** Registry with which the ECS service registers its tasks. */
  readonly registryArn: string;
  /** Full name, such as `rabbitmq.fossa.internal`. */
  readonly dnsName: string;

  constructor(scope: Construct, id: string, props: DiscoveryServiceProps) {
    super(scope, id);
    const { namespace, name } = parseProps(this, schema, props);
    this.registryArn = new ServiceDiscoveryService(this, "service", {
      name,
      dnsConfig: {
        namespaceId: namespace.namespaceId,
        routingPolicy: "MULTIVALUE",
        // clients cache the address of a stopped task for ten seconds at most
        dnsRecords: [{ type: "A", ttl: 10 }],
      },
      // ECS reports the tasks' health to Cloud Map. AWS accepts only 1, which must be explicit: the provider drops a block
      // without it and would replace the service at each apply (its issue 44285).
      healthCheckCustomConfig: { failureThreshold: 1 },
      // ECS deregisters tasks a while after they stop; until then the service could not be deleted
      forceDestroy: true,
    }).arn;
    this.dnsName = `${name}.${namespace.namespaceName}`;
  }
}
