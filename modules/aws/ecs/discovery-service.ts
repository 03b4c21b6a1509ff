import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { Construct } from "constructs";
import { z } from "zod";
import { parseProps, reference } from "../../common/settings/props";
import { dnsLabelSchema } from "./private-namespace";

/** What is read of the namespace that a name stands in; `PrivateNamespace` is one. */
export interface Namespace {
  readonly namespaceId: string;
  readonly namespaceName: string;
}

/** Name by which a service is found. */
export const discoveryShape = {
  /** Private DNS namespace of the VPC. */
  namespace: reference<Namespace>("a PrivateNamespace", "namespaceId", "namespaceName"),
  /** Name within the namespace, 1 to 63 lower-case letters, digits and hyphens. */
  name: dnsLabelSchema,
};
const schema = z.strictObject(discoveryShape);
export type DiscoveryServiceProps = z.input<typeof schema>;

/** Name in a private namespace that leads to the tasks of an ECS service, as they come and go. */
export class DiscoveryService extends Construct {
  /** What the ECS service registers its tasks with. */
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
        // an address is forgotten ten seconds after its task
        dnsRecords: [{ type: "A", ttl: 10 }],
      },
      // ECS itself tells Cloud Map which tasks are well. 1 is all that AWS takes, and must be said: the provider forgets
      // a block without it and would replace the service at each apply (its issue 44285).
      healthCheckCustomConfig: { failureThreshold: 1 },
      // ECS takes its tasks out a while after they have stopped, and until then the service could not be deleted
      forceDestroy: true,
    }).arn;
    this.dnsName = `${name}.${namespace.namespaceName}`;
  }
}
