import { describe, expect, it } from "vitest";
import { CHARTS, type Chart } from "../../modules/kube/charts";
import type { End } from "../support/reachability/ends";
import { INTERNET } from "../support/reachability/ground";
import { ruleFaults } from "../support/reachability/group-rules";
import { tcp } from "../support/reachability/ports";
import { Reachability } from "../support/reachability/reachability";
import { needsOf, reachedBy } from "../support/reachability/services";
import { synthApp } from "../support/synth";
import { reached, surroundings } from "./reachability.fixture";

/** Who opens connections to whom on which ports, and the configurations in which that is otherwise. */
type Flow = readonly [from: string, to: string, ports: string, but?: Readonly<Record<string, string>>];

const CLIENTS = [50050, 50051, 50100, 50101];
/** Kubelet, and where webhooks and API services listen. */
const CALLED = [443, 4443, 6443, 8082, 8443, 9443, 10250, 10251];
const NFS = tcp(2049);
const HTTPS = tcp(443);
const WEB = tcp(80, 443);
const NODES = ["node", "auto-node", "karpenter-node"];
/** Nodes that can be in one cluster. */
const MIXES = [...NODES.map((kind) => [kind, kind]), ["node", "auto-node"], ["auto-node", "node"]].concat([
  ["node", "karpenter-node"],
  ["karpenter-node", "node"],
]) as [string, string][];
/** With Auto Mode its nodes and the control plane's interfaces share EKS's own group; nothing listens on the latter. */
const LIKE_A_NODE = tcp(443, ...CLIENTS);
const MIXED = { mixed: "all" }; // what wears EKS's own group, and those that reach it

/** Ports of the gateway host that private machines may use, since what they send through it counts as sent to it. */
const THROUGH = { dev: WEB, workshop: WEB, guest: WEB, crowd: tcp(22, 443) };
/** Where nothing leads to the internet. */
const SHUT = { closed: "nothing", cell: "nothing", shut: "nothing", cloister: "nothing" };
const SOME = Object.fromEntries(Object.entries(THROUGH).map(([name, ports]) => [name, `nothing | ${ports}`]));

/** Every flow there is: two ends that no row names do not reach each other. */
const FLOWS: readonly Flow[] = [
  // ExaDeploy: the API
  ["node", "kubernetes-api", HTTPS, MIXED],
  ["karpenter-node", "kubernetes-api", HTTPS],
  ["auto-node", "kubernetes-api", "all"],
  ["kubernetes-api", "kubernetes-api", "all"],
  ["vpc-host", "kubernetes-api", HTTPS, { crew: "nothing", auto: LIKE_A_NODE, mixed: LIKE_A_NODE }],
  ["peer-host", "kubernetes-api", "nothing", { crew: HTTPS, auto: tcp(...CLIENTS), mixed: tcp(...CLIENTS) }],
  ["kubernetes-api", "database", "nothing", { auto: tcp(5432), mixed: tcp(5432) }],
  // ... and whom it calls: its interfaces lie in the VPC, so that they are clients too
  ["kubernetes-api", "node", tcp(...CALLED, ...CLIENTS), { ...MIXED, shut: tcp(...CALLED, 8080, 9876) }],
  ["kubernetes-api", "karpenter-node", tcp(...CALLED, ...CLIENTS)],
  ["kubernetes-api", "auto-node", "all"],
  // ... nodes and pods
  ...MIXES.map(([from, to]): Flow => [from, to, "all"]),
  ...NODES.map((node): Flow => [node, "database", tcp(5432), { shut: tcp(6432) }]),
  ...NODES.map((node): Flow => ["vpc-host", node, tcp(...CLIENTS), { shut: tcp(8080) }]),
  ...NODES.map((node): Flow => ["peer-host", node, tcp(...CLIENTS)]),
  ...[...NODES, "kubernetes-api"].map((from): Flow => [from, "internet", "all", { shut: "nothing" }]),
  // Fossa
  ["worker", "broker", tcp(5672), { prod: tcp(5671), closed: tcp(5671), cell: tcp(5671) }],
  ["broker", "files", NFS],
  ["gateway-host", "worker", tcp(2345), { crowd: tcp(3456) }],
  ["page", "worker", tcp(2345)],
  ["vpn-client", "worker", "nothing", { quiet: tcp(2345) }],
  ...["vpc-host", "worker", "broker"].map((from): Flow => [from, "worker", "nothing", { silent: tcp(2345) }]),
  ["balancer", "page", tcp(8080)],
  ["balancer", "gateway-host", tcp(8080)],
  ["named", "gateway-host", "nothing", { open: tcp(80), crowd: tcp(22) }],
  ["vpn-client", "gateway-host", "nothing", { ...THROUGH, open: tcp(80) }],
  ["worker", "gateway-host", "nothing", THROUGH],
  ["broker", "gateway-host", "nothing", THROUGH],
  ["vpc-host", "gateway-host", "nothing", SOME],
  ["gateway-host", "internet", "all"],
  ...["worker", "broker", "page"].map(
    (task): Flow => [task, "internet", "all", { ...THROUGH, ...SHUT, ...(task === "broker" && { prod: "nothing" }) }],
  ),
  // ... people before load balancers: those that are named, or the VPC
  ["named", "balancer", "nothing", { prod: WEB, workshop: WEB }],
  ...["vpc-host", "vpn-client", "worker", "page", "machine", "nat-machine", "gateway-host"].map(
    (from): Flow => [from, "balancer", "nothing", { closed: WEB, crowd: WEB, cell: WEB }],
  ),
  ["broker", "balancer", "nothing", { crowd: WEB }], // Amazon MQ's opens no connections
  // Machines for ML
  ["balancer", "machine", tcp(8888)],
  ["machine", "files", NFS],
  ["named", "machine", "nothing", { crowd: tcp(22, 6006, 8888) }],
  ["instance-connect", "machine", tcp(22)],
  ["machine", "internet", "all"],
  ["machine", "nat-machine", "all"],
  ["vpc-host", "nat-machine", "all"],
  ["nat-machine", "nat-machine", "all"],
  ["nat-machine", "internet", "all"],
  // Dask and Prefect
  ...["vpc-host", "vpn-client", "prefect-server"].map(
    (from): Flow => [from, "shared-balancer", WEB, { lodger: tcp(80), narrow: "nothing" }],
  ),
  ["prefect-worker", "shared-balancer", WEB, { lodger: tcp(80), narrow: tcp(80) }], // by its group, where the VPC is not let in
  ["vpn-client", "internet", "nothing", { lodger: "all" }], // which takes all of their traffic
  ["shared-balancer", "prefect-server", tcp(4200)],
  ["prefect-worker", "prefect-server", "nothing", { dev: tcp(4200), cloister: tcp(4200) }], // without a load balancer
  ["prefect-server", "database", tcp(5432)],
  ...["prefect-worker", "prefect-server"].flatMap((from): Flow[] => [
    [from, "internet", "all", SHUT],
    [from, "nat-machine", "all"],
  ]),
  // AWS's services
  ...[
    ...["node", "kubernetes-api", "vpc-host", "worker", "page", "vpn-client"],
    ...["prefect-worker", "prefect-server"],
  ].map((from): Flow => [from, "endpoint", HTTPS]),
];

/** What the table says of two ends; networks that are not peered have nothing to do with each other. */
function wanted(name: string, from: End, to: End): string {
  const abroad = from.kind === "peer-host" || [from, to].some(({ places }) => places[0]?.network === INTERNET);
  if (!abroad && from.places[0]?.network !== to.places[0]?.network) return "nothing";
  const found = FLOWS.find(([source, target]) => source === from.kind && target === to.kind);
  return found?.[3]?.[name] ?? found?.[2] ?? "nothing";
}

/** Whether it is for these stacks to say who gets from one to the other. */
const isOurs = (from: End, to: End): boolean =>
  to.resource ? true : from.resource !== undefined && to.kind === "internet";

const worlds = Object.entries(reached).map(([name, environment]) => {
  const { ids, stack } = synthApp(environment);
  const stacks = Object.fromEntries(ids.map((id) => [id, stack(id).parsed]));
  return { name, world: new Reachability(stacks, surroundings(name)) };
});
const pairsOf = ({ ends }: Reachability) =>
  ends.flatMap((from) => ends.filter((to) => isOurs(from, to)).map((to) => ({ from, to })));

describe.each(worlds)("$name", ({ name, world }) => {
  it("lets those reach each other who must, on the ports they need, and nobody else", () => {
    const faults = pairsOf(world).flatMap(({ from, to }) => {
      const [is, due] = [world.between(from, to), wanted(name, from, to)];
      return is === due ? [] : [`${from.kind} ${from.name} -> ${to.kind} ${to.name}: must be ${due}, is ${is}`];
    });
    expect(faults).toEqual([]);
  });
  it("gives what has no way to the internet an endpoint of each service that it calls", () => {
    const faults = world.ends
      .filter((end) => end.resource && world.isClosed(end))
      .flatMap((end) => {
        const known = reachedBy(world, end);
        return [...needsOf(world, end)].flatMap(([service, why]) =>
          known.has(service) ? [] : [`${end.name} lacks ${service}: ${why}`],
        );
      });
    expect(faults).toEqual([]);
  });
  it("lets the control plane call every port on which a chart serves webhooks or an API", () => {
    const faults = world.whole.all("helm_release").flatMap(({ body }) => {
      const chart: Chart | undefined = Object.values(CHARTS).find((known) => known.chart === body.chart);
      const pairs = NODES.flatMap((kind) => world.of(kind)).flatMap((node) =>
        world.of("kubernetes-api").map((api) => [api, node] as const),
      );
      return (chart?.calledPorts ?? []).flatMap((port) =>
        pairs
          .filter(([api, node]) => !world.reaches(api, node, port))
          .map(([, { name }]) => `${body.chart} ${port} on ${name}`),
      );
    });
    expect(faults).toEqual([]);
  });
  it("makes no rule twice, and has no group with more than 60 each way", () => {
    expect(ruleFaults(world.whole)).toEqual([]);
  });
});

it("has no row that no configuration shows", () => {
  const shown = new Set(worlds.flatMap(({ world }) => pairsOf(world).map(({ from, to }) => `${from.kind} ${to.kind}`)));
  expect(FLOWS.map(([from, to]) => `${from} ${to}`).filter((row) => !shown.has(row))).toEqual([]);
});
