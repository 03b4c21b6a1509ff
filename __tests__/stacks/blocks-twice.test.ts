import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ClientVpn } from "../../modules/aws/client-vpn/client-vpn";
import { HttpsLoadBalancer } from "../../modules/aws/load-balancer/https-load-balancer";
import { Cluster } from "../../modules/cluster/cluster";
import { defineEnvironment, type EnvironmentSettings } from "../../stacks/environment";
import { synth, synthApp } from "../support/synth";
import { PARTS, RELEASE } from "./exadeploy/kube-configurations.fixture";

const CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
const BLOCK = "203.0.113.0/24";
const TWICE = [BLOCK, BLOCK];
const INSIDE = ["10.20.1.0/24", "10.20.1.0/24"];

type Systems = Omit<EnvironmentSettings, "name" | "region">;
const of = (systems: Systems) => () => synthApp(defineEnvironment({ name: "dev", region: "us-west-2", ...systems }));
const exadeploy = (settings: EnvironmentSettings["exadeploy"]) => of({ exadeploy: settings });
const cluster = (settings: NonNullable<EnvironmentSettings["exadeploy"]>["cluster"]) =>
  exadeploy({ cluster: settings });
const platform = (settings: typeof PARTS) => exadeploy({ kube: { platform: settings, release: RELEASE } });
const fossa = (settings: EnvironmentSettings["fossa"]) => of({ fossa: settings });
const machines = (settings: NonNullable<EnvironmentSettings["mlEc2"]>["machines"]) =>
  of({ mlEc2: { machines: settings, owner: "a", costCenter: "b" } });
const existing = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  vpcCidrBlocks: ["10.20.0.0/16"],
  publicSubnetIds: ["subnet-0a1b2c3d4e5f60718"],
  privateSubnetIds: ["subnet-0b1b2c3d4e5f60718", "subnet-0c1b2c3d4e5f60718"],
  privateSubnetCidrBlocks: ["10.20.1.0/24"],
  privateRouteTableIds: ["rtb-0a1b2c3d4e5f60718"],
};
const again = { ...existing, vpcCidrBlocks: ["10.20.0.0/16", "10.20.0.0/16"] };

/** Every list of blocks, by its file and its key there, and what names one of them twice. */
const LISTS: Readonly<Record<string, () => unknown>> = {
  "cluster/security-groups.ts clientCidrs": cluster({ clientCidrs: TWICE }),
  "cluster/security-groups.ts apiCidrs": cluster({ apiCidrs: TWICE }),
  "cluster/endpoint.ts publicAccessCidrs": cluster({ endpointPublicAccess: true, publicAccessCidrs: TWICE }),
  "network/schema.ts cidrs": exadeploy({ network: { cidr: "10.20.0.0/16", private: { cidrs: INSIDE } } }),
  "peering/many.ts cidrs": exadeploy({
    peers: { research: { vpcId: existing.vpcId, cidrs: ["10.1.0.0/16", "10.1.0.0/16"], routeTables: [] } },
  }),
  "kube/network-policies.ts cidrs": platform({
    namespaces: { jobs: { traffic: { allow: { out: { direction: "egress", ports: [443], cidrs: TWICE } } } } },
  }),
  "kube/grafana-settings.ts sourceRanges": platform({
    ...PARTS,
    prometheus: { grafana: { public: { certificateArn: CERTIFICATE, sourceRanges: TWICE } } },
  }),
  "fargate-fossa/gateway-settings.ts allowedCidrs": fossa({ gateway: { allowedCidrs: TWICE } }),
  "fargate-fossa/gateway-settings.ts ssh": fossa({ gateway: { ssh: TWICE } }),
  "fargate-fossa/gateway-settings.ts privateCidrBlocks": fossa({
    existingNetwork: { ...existing, privateSubnetCidrBlocks: INSIDE },
  }),
  "fargate-fossa/fossa-workers.ts allowedCidrs": fossa({ cluster: { workers: { allowedCidrs: TWICE } } }),
  "network/existing-network.ts privateSubnetCidrBlocks": fossa({
    existingNetwork: { ...existing, privateSubnetCidrBlocks: INSIDE },
  }),
  "network/existing-network.ts vpcCidrBlocks": fossa({
    existingNetwork: again,
    gateway: { tls: { certificateArn: CERTIFICATE } },
  }),
  "aws/load-balancer/callers.ts allowedCidrs": fossa({
    gateway: { tls: { certificateArn: CERTIFICATE }, allowedCidrs: TWICE },
  }),
  "ml-ec2/machine-security-group.ts allowedCidrs": machines({ allowedCidrs: TWICE }),
  "ml-ec2/load-balancer.ts allowedCidrs": machines({
    loadBalancer: { certificateArn: CERTIFICATE, allowedCidrs: TWICE },
  }),
  "aws/load-balancer/shared-load-balancer.ts allowedCidrs": of({ dask: { loadBalancing: { allowedCidrs: TWICE } } }),
  "aws/client-vpn/access.ts cidrs": of({
    dask: {
      vpn: {
        serverCertificateArn: CERTIFICATE,
        samlProviderArn: "arn:aws:iam::123456789012:saml-provider/staff",
        groups: { staff: { id: "a", cidrs: ["10.0.2.0/24", "10.0.2.0/24"] } },
      },
    },
  }),
  // Blocks of a network that stands in for one of ours
  "aws/client-vpn/client-vpn.ts vpcCidrBlocks": () =>
    synth(
      (stack) =>
        new ClientVpn(stack, "vpn", {
          name: "vpn",
          network: again,
          subnetIds: existing.privateSubnetIds,
          clientCidr: "10.12.0.0/22",
          serverCertificateArn: CERTIFICATE,
          rootCertificateChainArn: CERTIFICATE,
        }),
    ),
  "aws/load-balancer/callers.ts vpcCidrBlocks": () =>
    synth(
      (stack) =>
        new HttpsLoadBalancer(stack, "balancer", {
          name: "balancer",
          service: "page",
          network: again,
          targetType: "ip",
          targetPort: 80,
          targetSecurityGroupId: "sg-0a1b2c3d4e5f60718",
          certificateArn: CERTIFICATE,
        }),
    ),
  "cluster/cluster-network.ts vpcCidrBlocks": () =>
    synth((stack) => new Cluster(stack, "cluster", { name: "research", network: again })),
};

it.each(Object.entries(LISTS))("%s takes a block once, or says that it is there twice", (_, build) => {
  try {
    build();
  } catch (error) {
    expect(error).toMatchObject({ name: "InputError" });
  }
});

it("has a row for every list of blocks in the sources", () => {
  const modules = join(__dirname, "..", "..", "modules");
  const files = readdirSync(modules, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  // a key whose value is a list of blocks, be it over several lines, or a field of a network that stands in
  const list =
    /^ {2,6}(?:readonly )?(\w+): ?(?:z\s*\.array\((?:orToken\()?cidrSchema|orToken\(z\.array\(orToken\(cidrSchema|callersSchema|namedCallersSchema|allowedCidrsSchema|cidrsSchema)/gm;
  const found = files.flatMap((file) => {
    const text = readFileSync(join(modules, file), "utf8");
    return [...text.matchAll(list)].map(([, key]) => `${file} ${key}`);
  });
  expect(found.length).toBeGreaterThan(12);
  expect([...new Set(found)].filter((name) => !(name in LISTS))).toEqual([]);
});
