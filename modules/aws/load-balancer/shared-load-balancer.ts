import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { z } from "zod";
import { sortedEntries } from "../../common/collections";
import { callersSchema } from "../../common/settings/allowed-cidrs";
import { checkedBy } from "../../common/settings/checked-by";
import { parseProps, reference, settingText, wrongSetting } from "../../common/settings/props";
import { onePerZone } from "../../common/zones";
import { allowedFromSchema, type SecurityGroupOwner } from "../ec2/ingress-security-group";
import {
  aliasRecord,
  applicationLoadBalancer,
  applicationShape,
  balancerNameSchema,
  balancerSecurityGroup,
  checkAccessLogs,
  HTTP,
  HTTPS,
  httpListener,
  httpsListener,
  TO_HTTPS,
  tcp,
} from "./application-load-balancer";
import { callersOf, checkCallers, checkNetwork, type LoadBalancerNetwork } from "./callers";
import { certificateFor, certificateShape, checkDomain } from "./certificate";
import { LoadBalancerTarget, type LoadBalancerTargetProps } from "./load-balancer-target";
import { takenBy } from "./rule-order";
import type { RuleConditions } from "./rule-priority";
import { TargetAccess } from "./target-access";

/** Network of an internal load balancer; `Network` is one. */
export type InternalNetwork = Omit<LoadBalancerNetwork, "publicSubnetIds">;

/** Settings of a user. */
export const sharedShape = {
  /**
   * Certificate of HTTPS. With `domainName` one is created for the domain and the names one label below it, with records
   * that lead to the load balancer. Without a certificate it speaks HTTP.
   */
  ...certificateShape,
  /** IPv4 blocks of the clients, /8 to /32, at most 15; the VPC's blocks when absent or empty. */
  allowedCidrs: callersSchema,
  ...applicationShape,
};

const schema = z
  .strictObject({
    /** Name of the system and prefix of the names of its parts: 1 to 100 letters, digits and hyphens. */
    name: balancerNameSchema,
    /** Network of the load balancer, which stands in its private subnets. */
    network: reference<InternalNetwork>("a Network", "vpcId", "vpcCidrBlocks[]", "privateSubnetIds[]"),
    /** Clients by a short name each, such as a VPN, in addition to `allowedCidrs`. */
    allowedFrom: allowedFromSchema,
    ...sharedShape,
  })
  .superRefine((settings, ctx) => {
    checkDomain(settings, ctx);
    checkAccessLogs(settings, ctx);
    checkCallers({ ...settings, internal: true }, ctx);
    checkNetwork({ ...settings, internal: true }, ctx, [], "network");
  });
export type SharedLoadBalancerProps = z.input<typeof schema>;
/** Settings of a user; the stack adds name, network and VPN. */
export type SharedLoadBalancerSettings = Omit<SharedLoadBalancerProps, "name" | "network" | "allowedFrom">;
/** Checks these settings, without what follows from the network. */
export const sharedLoadBalancerSettings = checkedBy(schema, {
  name: "any",
  network: { vpcId: "any", vpcCidrBlocks: ["198.18.0.0/16"], privateSubnetIds: ["one", "two"] },
  allowedFrom: undefined,
});

const SERVICE = "shared";
const NOT_FOUND = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
};

/** Targets of a shared load balancer, without the load balancer itself. */
export type TargetProps = Omit<LoadBalancerTargetProps, "loadBalancer" | "access">;

interface KnownRule extends RuleConditions {
  readonly priority: number;
  /** Where the user writes it. */
  readonly place: string;
}

/** Internal Application Load Balancer for what has a page in a VPC; what it does not know it answers with 404. */
export class SharedLoadBalancer extends Construct {
  readonly vpcId: string;
  readonly loadBalancerArn: string;
  /** ARN without its beginning, as metrics name it. */
  readonly loadBalancerArnSuffix: string;
  readonly dnsName: string;
  /** Hosted zone of `dnsName`, for alias records. */
  readonly zoneId: string;
  /** URL of the load balancer itself, or of its domain. */
  readonly url: string;
  /** Listener that gets the rules: HTTPS, or HTTP without a certificate. */
  readonly listenerArn: string;
  readonly securityGroupId: string;
  /** Whether its certificate is for hosts that the user knows, and never for the load balancer's own name. */
  readonly needsHost: boolean;
  readonly #domain: string | undefined;
  /** Port of the listener that gets the rules. */
  readonly #port: number;
  /** Whether it lets in the VPC, and so whatever has a security group there. */
  readonly #vpcIsIn: boolean;
  readonly #rules: KnownRule[] = [];
  readonly #reached = new Set<string>();

  constructor(scope: Construct, id: string, props: SharedLoadBalancerProps) {
    super(scope, id);
    const settings = parseProps(this, schema, props);
    const { name, network, domainName, hostedZoneId } = settings;
    const secure = settings.certificateArn !== undefined || domainName !== undefined;
    const ports = secure ? [HTTPS, HTTP] : [HTTP];
    this.vpcId = network.vpcId;
    this.securityGroupId = balancerSecurityGroup(
      this,
      { name, service: SERVICE },
      { vpcId: network.vpcId, blocks: callersOf({ ...settings, internal: true }, network), ports },
    );
    for (const [client, { securityGroupId }] of sortedEntries(settings.allowedFrom)) {
      for (const port of ports) {
        new VpcSecurityGroupIngressRule(this, `from-${port}-${client}`, {
          securityGroupId: this.securityGroupId,
          description: client,
          referencedSecurityGroupId: securityGroupId,
          ...tcp(port),
        });
      }
    }
    const balancer = applicationLoadBalancer(this, {
      ...settings,
      service: SERVICE,
      internal: true,
      subnets: onePerZone(network, network.privateSubnetIds),
      securityGroupId: this.securityGroupId,
    });
    const certificateArn = certificateFor(this, settings, { subdomains: true });
    const http = httpListener(this, balancer.arn, secure ? TO_HTTPS : [NOT_FOUND]);
    const listener = secure ? httpsListener(this, balancer.arn, certificateArn, [NOT_FOUND]) : http;
    if (domainName && hostedZoneId) {
      aliasRecord(this, "address", balancer, domainName, hostedZoneId);
      aliasRecord(this, "subdomains", balancer, `*.${domainName}`, hostedZoneId);
    }

    this.loadBalancerArn = balancer.arn;
    this.loadBalancerArnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.url = `${secure ? "https" : "http"}://${domainName ?? balancer.dnsName}`;
    this.listenerArn = listener.arn;
    this.needsHost = settings.certificateArn !== undefined;
    this.#domain = domainName;
    this.#port = secure ? HTTPS : HTTP;
    this.#vpcIsIn = settings.allowedCidrs.length === 0;
  }

  /** Lets in clients of the VPC by rules in `scope`, which may be another stack, where `allowedCidrs` leaves the VPC out. */
  admit(scope: Construct, clients: Record<string, SecurityGroupOwner>): void {
    if (this.#vpcIsIn) return;
    for (const [client, { securityGroupId }] of sortedEntries(clients)) {
      new VpcSecurityGroupIngressRule(scope, `load-balancer-from-${client}`, {
        securityGroupId: this.securityGroupId,
        description: client,
        referencedSecurityGroupId: securityGroupId,
        ...tcp(this.#port),
      });
    }
  }

  /** URL of a host, or of a path of the load balancer itself. */
  urlOf({ host, path = "/" }: { host?: string; path?: string }): string {
    const [scheme, own] = this.url.split("://");
    return `${scheme}://${host ?? own}${path}`;
  }

  /**
   * Adds targets in `scope`, which may be another stack: a target group that tasks register with, and a rule that leads to
   * it. The rule's priority is derived from `id`: other targets, and their order, do not change it.
   */
  addTarget(scope: Construct, id: string, props: TargetProps): LoadBalancerTarget {
    const target = new LoadBalancerTarget(scope, id, { ...props, loadBalancer: this, access: false });
    this.reach(scope, id, props);
    this.order(target, props);
    for (const [index, host] of (props.hosts ?? []).entries()) {
      if (this.covers(host)) continue;
      const message = `must be ${this.#domain} or one label below it, which the certificate covers, got ${host}`;
      throw wrongSetting(target, ["hosts", index], message);
    }
    return target;
  }

  /** Refuses a rule of the priority of another, and one of two by which the other would never get its requests. */
  private order(target: LoadBalancerTarget, { hosts = [], paths = [] }: TargetProps): void {
    const { priority } = target;
    const rule = { hosts, paths, priority, place: settingText(target) };
    for (const other of this.#rules) {
      if (other.priority === priority) {
        const message = `must not be that of ${other.place}: set priority of one of both, got ${priority}`;
        throw wrongSetting(target, "priority", message);
      }
      const [first, later] = other.priority < priority ? [other, rule] : [rule, other];
      const taken = takenBy(first, later, this.#domain);
      if (taken === undefined) continue;
      const twice = takenBy(later, first, this.#domain) !== undefined;
      const advice = twice ? "take another" : "take another, or let the narrower of both come first by priority";
      const message = `must not be answered by ${other.place} too, or one of both never gets it: ${advice}, got ${taken}`;
      throw wrongSetting(target, hosts.length > 0 ? "hosts" : "paths", message);
    }
    this.#rules.push(rule);
  }

  /** Lets the load balancer reach targets, once for all those of one group and port: EC2 refuses a rule twice. */
  private reach(scope: Construct, id: string, { targetSecurityGroupId, port }: TargetProps): void {
    const reached = `${targetSecurityGroupId} ${port}`;
    if (this.#reached.has(reached)) return;
    this.#reached.add(reached);
    // not in the target, so that the rules stay when it goes and others need them
    const first = scope.node.tryFindChild(`load-balancer-to-${port}`) === undefined;
    new TargetAccess(scope, first ? `load-balancer-to-${port}` : `load-balancer-to-${id}`, {
      balancerSecurityGroupId: this.securityGroupId,
      targetSecurityGroupId,
      port,
    });
  }

  /** Whether the certificate for the domain is good for a host; nothing is known of one that is given by its ARN. */
  private covers(host: string): boolean {
    const domain = this.#domain;
    return domain === undefined || host === domain || host.replace(/^[^.]+\./, "") === domain;
  }
}
