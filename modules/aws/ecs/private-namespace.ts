import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { Construct } from "constructs";
import { z } from "zod";
import { parseProps, requiredString } from "../../common/settings/props";

/** Label of a DNS name. Source: RFC 1123, 2.1. */
export const dnsLabelSchema = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    "must have lower-case letters, digits and hyphens, no hyphen first or last",
  );

/** Private DNS name of a VPC, such as `fossa.internal`. */
export const namespaceNameSchema = z
  .string()
  .max(253) // RFC 1035, 2.3.4, without the dot at the end
  .refine((name) => name.split(".").every((label) => dnsLabelSchema.safeParse(label).success), {
    error: ({ input }) =>
      `must be labels of 1 to 63 lower-case letters, digits and hyphens, joined by dots, such as fossa.internal, got ${JSON.stringify(input)}`,
  });

const schema = z.strictObject({
  /** DNS name, 1 to 253 characters, such as `fossa.internal`. Inside the VPC it shadows a public zone of the same name. */
  name: namespaceNameSchema,
  /** VPC with DNS support and DNS hostnames on. */
  vpcId: requiredString,
});
export type PrivateNamespaceProps = z.input<typeof schema>;

/** Private DNS namespace of a VPC for service discovery. */
export class PrivateNamespace extends Construct {
  readonly namespaceId: string;
  readonly namespaceArn: string;
  readonly namespaceName: string;

  constructor(scope: Construct, id: string, props: PrivateNamespaceProps) {
    super(scope, id);
    const { name, vpcId } = parseProps(this, schema, props);
    const namespace = new ServiceDiscoveryPrivateDnsNamespace(this, "namespace", { name, vpc: vpcId });
    this.namespaceId = namespace.id;
    this.namespaceArn = namespace.arn;
    this.namespaceName = name;
  }
}
