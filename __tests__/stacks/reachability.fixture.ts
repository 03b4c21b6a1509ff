import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../stacks/environment";
import type { ExadeploySettings } from "../../stacks/exadeploy/settings";
import type { Surroundings } from "../support/reachability/reachability";
import { daskConfigurations } from "./dask/configurations.fixture";
import { configurations } from "./exadeploy/configurations.fixture";
import { kubeConfigurations } from "./exadeploy/kube-configurations.fixture";
import { fossaConfigurations } from "./fossa/configurations.fixture";
import { trainingConfigurations } from "./training/configurations.fixture";

const { cluster, moduleRepoBackend, clientNetwork, network } = dev.exadeploy as ExadeploySettings;
const [cpu] = cluster.runnerPools ?? [];
const CERTIFICATE = "arn:aws:acm:us-west-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
const REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com";
const EFA = {
  suffix: "efa",
  category: "gpu" as const,
  instanceTypes: ["p4d.24xlarge"],
  minSize: 1,
  maxSize: 1,
  efa: true,
  subnetIndex: 0,
};
const PEER = { vpcId: "vpc-0a1b2c3d4e5f60718", cidrs: ["10.1.0.0/16"], routeTables: ["rtb-0a1b2c3d4e5f60718"] };

const environment = (name: string, systems: Omit<EnvironmentSettings, "name" | "region">): Environment =>
  defineEnvironment({ name, region: "us-west-2", ...systems });
const vpn = {
  clientCidr: "10.12.0.0/22",
  serverCertificateArn: CERTIFICATE,
  rootCertificateChainArn: CERTIFICATE,
  selfServicePortal: false,
};

/** Ways to be reached that no other configuration shows. */
const further = {
  /** Nodes of Auto Mode alone. */
  auto: environment("auto", {
    exadeploy: { network, cluster: { autoMode: {} }, moduleRepoBackend, clientNetwork, peers: { research: PEER } },
  }),
  /** Nodes of Auto Mode beside node groups. */
  mixed: environment("mixed", {
    exadeploy: {
      network,
      cluster: { autoMode: {}, runnerPools: cpu ? [cpu] : [], systemGroups: { default: {} } },
      moduleRepoBackend,
      peers: { research: PEER },
    },
  }),
  /** Nothing but AWS's own services, and people of two offices. */
  shut: environment("shut", {
    exadeploy: {
      network: {
        ...network,
        nat: "none",
        interfaceEndpoints: ["ec2", "ecr.api", "ecr.dkr", "eks-auth", "ssm", "ssmmessages"],
      },
      cluster: {
        endpointPublicAccess: true,
        publicAccessCidrs: ["203.0.113.0/24"],
        clientPorts: [8080],
        webhookPorts: [9876],
        sessionManager: true,
      },
      moduleRepoBackend: { dbPort: 6432 },
    },
  }),
  /** A fleet that people and tasks of every kind reach. */
  crowd: environment("dev", {
    mlEc2: {
      network: { nat: "instance" },
      machines: {
        projectName: "crowd",
        placement: "public",
        fleet: {},
        allowedCidrs: ["203.0.113.0/24"],
        instanceConnect: true,
        sharedFiles: {},
        loadBalancer: { certificateArn: CERTIFICATE },
      },
      owner: "a",
      costCenter: "b",
    },
    fossa: {
      gateway: { tls: { certificateArn: CERTIFICATE }, vpn, ssh: ["203.0.113.0/24"], egressPorts: [22, 443] },
      cluster: { broker: { kind: "service" }, workers: { port: 3456 } },
    },
  }),
  /** No page: workers that only a VPN leads to. */
  quiet: environment("quiet", { fossa: { egress: "nat-gateway", gateway: { page: "none", vpn } } }),
  /** No page and no VPN either, but hosts of the VPC. */
  silent: environment("silent", {
    fossa: {
      egress: "nat-gateway",
      gateway: { page: "none" },
      cluster: { workers: { allowedCidrs: ["192.168.0.0/16"] } },
    },
  }),
  /** A page of plain HTTP for one network, and a VPN. */
  open: environment("open", {
    fossa: { egress: "nat-gateway", gateway: { allowedCidrs: ["203.0.113.0/24"], vpn } },
  }),
  /** Nodes of Karpenter, EFA nodes, and peers of which one may use the Kubernetes API. */
  crew: environment("crew", {
    exadeploy: {
      network,
      cluster: {
        autoscaler: "karpenter",
        runnerPools: cpu ? [{ ...cpu, minSize: 0 }, EFA, { ...EFA, suffix: "efa-later", minSize: 0 }] : [],
        apiFromVpc: false,
      },
      moduleRepoBackend,
      peers: { research: { ...PEER, kubernetesApi: true } },
      kube: {},
    },
  }),
  /** A page in a container where nothing leads to the internet, and workers that call other services. */
  cell: environment("cell", {
    fossa: {
      egress: "vpc-endpoints",
      gateway: { page: "container", tls: { certificateArn: CERTIFICATE } },
      cluster: {
        broker: { kind: "amazonMq", hostInstanceType: "mq.m7g.large" },
        workers: {
          executeCommand: true,
          permissions: [{ Action: ["sqs:SendMessage", "s3:GetObject"], Resource: "*" }],
        },
      },
    },
  }),
  /** Dask and Prefect where nothing leads to the internet. */
  cloister: environment("cloister", {
    dask: {
      network: {
        nat: "none",
        interfaceEndpoints: ["ec2", "ecr.api", "ecr.dkr", "ecs", "logs", "secretsmanager", "sqs", "ssmmessages"],
      },
      container: { cluster: { image: `${REGISTRY}/dask:1`, executeCommand: true } },
      agent: {
        executeCommand: true,
        server: { image: `${REGISTRY}/prefect:1` },
        workers: [{ name: "only", workPool: "only", image: `${REGISTRY}/worker:1` }],
        pools: { only: { image: `${REGISTRY}/flows:1` } },
      },
    },
  }),
  /** Prefect behind a load balancer for people of another network. */
  narrow: environment("narrow", {
    dask: {
      network: { nat: "single" },
      loadBalancing: { allowedCidrs: ["192.168.0.0/16"] },
      agent: { server: {}, workers: [{ name: "only", workPool: "only" }] },
    },
  }),
} satisfies Record<string, Environment>;

/** Every configuration by its name. */
export const reached: Readonly<Record<string, Environment>> = {
  dev,
  prod,
  ...configurations,
  ...kubeConfigurations,
  ...fossaConfigurations,
  ...daskConfigurations,
  ...trainingConfigurations,
  ...further,
};

/** The subnets of `guest`, which exist already. */
const GUEST: Surroundings["subnets"] = {
  "subnet-0a1b2c3d4e5f60718": {
    network: "vpc-0a1b2c3d4e5f60718",
    block: "10.20.0.0/24",
    table: "rtb-public",
    leadsOut: true,
  },
  "subnet-0b1b2c3d4e5f60718": {
    network: "vpc-0a1b2c3d4e5f60718",
    block: "10.20.1.0/24",
    table: "rtb-0a1b2c3d4e5f60718",
  },
};

/** The subnets of `lodger` and `tenant`, likewise. */
const LODGER: Surroundings["subnets"] = Object.fromEntries(
  ["b", "c"].map((zone, index) => [
    `subnet-0${zone}1b2c3d4e5f60718`,
    { network: "vpc-0a1b2c3d4e5f60718", block: `10.20.${index}.0/24`, table: `rtb-private-${zone}`, byNat: true },
  ]),
);

/** What the stacks of a configuration do not say of what is around them. */
export const surroundings = (name: string): Surroundings => ({
  named: ["203.0.113.0/24"],
  ...(name === "guest" && { subnets: GUEST }),
  ...((name === "lodger" || name === "tenant") && { subnets: LODGER }),
});
