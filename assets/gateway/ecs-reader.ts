import {
  DescribeTasksCommand,
  type ECSClient,
  type Task as EcsTask,
  ListClustersCommand,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import { AWS_TIMEOUT_MS, awsFault } from "./aws-fault";
import { mapLimited, remembered } from "./concurrency";
import { Fault } from "./fault";

/** Maximum of ECS per list or describe call. */
const PAGE_SIZE = 100;
const CALLS_AT_A_TIME = 4;
/** Cache lifetime: pages refresh automatically, and share the answers of one round of calls. */
const REMEMBER_MS = 4_000;

export interface Cluster {
  name: string;
  arn: string;
}

export interface Task {
  id: string;
  group: string;
  status: string;
  startedAt?: Date;
  /** Private IPv4 address; undefined while the task is starting. */
  address?: string;
  /** Whether the task is a worker. */
  worker: boolean;
}

export interface EcsReaderOptions {
  /** Prefix of the ECS group of worker tasks. */
  workerGroup: string;
  now: () => number;
  /** Timeout of each call, with its retry. */
  timeoutMs?: number;
}

/** Reads clusters and tasks from ECS, all pages of them. */
export class EcsReader {
  readonly #client: ECSClient;
  readonly #workerGroup: string;
  readonly #timeoutMs: number;
  readonly #clusters: (key: string) => Promise<Cluster[]>;
  readonly #tasks: (arn: string) => Promise<Task[]>;

  constructor(client: ECSClient, { workerGroup, now, timeoutMs = AWS_TIMEOUT_MS }: EcsReaderOptions) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    this.#workerGroup = workerGroup;
    this.#clusters = remembered(() => this.#readClusters(), REMEMBER_MS, now);
    this.#tasks = remembered((arn) => this.#readTasks(arn), REMEMBER_MS, now);
  }

  /** Clusters of the account in the region, ordered by name. */
  clusters(): Promise<Cluster[]> {
    return this.#clusters("");
  }

  async cluster(name: string): Promise<Cluster> {
    const clusters = await this.clusters();
    const found = clusters.find((cluster) => cluster.name === name);
    if (found) return found;
    throw new Fault({
      status: 404,
      title: "Cluster not found",
      what: `No cluster has the name "${name}" in this account and region.`,
      remedy: clusters.length > 0 ? "Choose one of the available clusters." : "There are no clusters yet.",
      instead: {
        heading: "Available clusters",
        links: clusters.map((cluster) => ({ href: clusterPath(cluster.name), text: cluster.name })),
      },
    });
  }

  /** Tasks whose desired status is running: workers first, then by group, newest first. */
  tasks({ arn }: Cluster): Promise<Task[]> {
    return this.#tasks(arn);
  }

  async #readClusters(): Promise<Cluster[]> {
    const arns = await pages(async (nextToken) => {
      const answer = await this.#call("ecs:ListClusters", "clusters", (options) =>
        this.#client.send(new ListClustersCommand({ maxResults: PAGE_SIZE, nextToken }), options),
      );
      return { items: answer.clusterArns, nextToken: answer.nextToken };
    });
    return arns.map((arn) => ({ name: lastPart(arn), arn })).sort((a, b) => a.name.localeCompare(b.name));
  }

  async #readTasks(cluster: string): Promise<Task[]> {
    const arns = await pages(async (nextToken) => {
      const answer = await this.#call("ecs:ListTasks", cluster, (options) =>
        this.#client.send(new ListTasksCommand({ cluster, maxResults: PAGE_SIZE, nextToken }), options),
      );
      return { items: answer.taskArns, nextToken: answer.nextToken };
    });
    const batches = Array.from({ length: Math.ceil(arns.length / PAGE_SIZE) }, (_, batch) =>
      arns.slice(batch * PAGE_SIZE, (batch + 1) * PAGE_SIZE),
    );
    const described = await mapLimited(batches, CALLS_AT_A_TIME, async (tasks) => {
      // tasks that have stopped since they were listed are among the failures, which are ignored
      const answer = await this.#call("ecs:DescribeTasks", cluster, (options) =>
        this.#client.send(new DescribeTasksCommand({ cluster, tasks }), options),
      );
      return answer.tasks ?? [];
    });
    return described.flat().map(this.#task).sort(inOrder);
  }

  readonly #task = (task: EcsTask): Task => ({
    id: lastPart(task.taskArn ?? ""),
    group: task.group ?? "",
    status: task.lastStatus ?? "UNKNOWN",
    startedAt: task.startedAt,
    address: addressOf(task),
    worker: task.group?.startsWith(this.#workerGroup) ?? false,
  });

  async #call<T>(action: string, resource: string, send: (options: { abortSignal: AbortSignal }) => Promise<T>) {
    try {
      return await send({ abortSignal: AbortSignal.timeout(this.#timeoutMs) });
    } catch (error) {
      if ((error as Error).name === "ClusterNotFoundException") throw goneFault(resource);
      throw awsFault(error, action, resource);
    }
  }
}

export const clusterPath = (name: string) => `/clusters/${encodeURIComponent(name)}`;
export const nodePath = (cluster: string, address: string) => `${clusterPath(cluster)}/nodes/${address}`;

async function pages(read: (nextToken?: string) => Promise<{ items?: string[]; nextToken?: string }>) {
  const all: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await read(nextToken);
    all.push(...(page.items ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return all;
}

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

function addressOf({ attachments = [], containers = [] }: EcsTask): string | undefined {
  const details = attachments.filter(({ type }) => type === "ElasticNetworkInterface").flatMap((one) => one.details);
  return (
    details.find((detail) => detail?.name === "privateIPv4Address")?.value ??
    containers.flatMap((container) => container.networkInterfaces ?? [])[0]?.privateIpv4Address
  );
}

const inOrder = (a: Task, b: Task) =>
  Number(b.worker) - Number(a.worker) ||
  a.group.localeCompare(b.group) ||
  (b.startedAt?.getTime() ?? Number.POSITIVE_INFINITY) - (a.startedAt?.getTime() ?? Number.POSITIVE_INFINITY) ||
  a.id.localeCompare(b.id);

const goneFault = (arn: string) =>
  new Fault({
    status: 404,
    title: "The cluster was deleted",
    what: `The cluster "${lastPart(arn)}" existed a moment ago and has been deleted.`,
    remedy: "Choose another cluster.",
    instead: { heading: "Where to go", links: [{ href: "/", text: "Available clusters" }] },
  });
