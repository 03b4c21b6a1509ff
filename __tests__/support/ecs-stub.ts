import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ECSClient } from "@aws-sdk/client-ecs";

const PAGE = 100;
const ACCOUNT = "arn:aws:ecs:eu-west-2:123456789012";

/** A task as ECS describes it, in its own words. */
export interface StubTask {
  id: string;
  group?: string;
  lastStatus?: string;
  /** Seconds since 1970. */
  startedAt?: number;
  address?: string;
}

export type Call = {
  action: string;
  body: { cluster?: string; nextToken?: string; tasks?: string[]; maxResults?: number };
};

/** Speaks the three calls of ECS that the gateway makes, over real HTTP, a hundred at a time, and notes how it is asked. */
export class EcsStub {
  /** Tasks by cluster. */
  readonly clusters = new Map<string, StubTask[]>();
  readonly calls: Call[] = [];
  /** What an action answers instead: a status and an error of AWS, or nothing at all, for ever. */
  readonly failing = new Map<string, [status: number, error: string, message?: string] | "hang">();
  /** Most calls that were open at the same time, by action. */
  readonly most = new Map<string, number>();
  /** Time that each call takes. */
  delayMs = 0;
  readonly #open = new Map<string, number>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<EcsStub> {
    const server = createServer((request, response) => {
      stub.answer(request).then(([status, body]) => {
        response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
      });
    });
    const stub = new EcsStub(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  client(): ECSClient {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return new ECSClient({ region: "eu-west-2", endpoint: this.url, credentials, maxAttempts: 1 });
  }

  /** How often an action was called. */
  count = (action: string): number => this.calls.filter((call) => call.action === action).length;

  reset(): void {
    this.clusters.clear();
    this.failing.clear();
    this.most.clear();
    this.calls.length = 0;
    this.delayMs = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<[status: number, body: object]> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const action = String(request.headers["x-amz-target"]).replace("AmazonEC2ContainerServiceV20141113.", "");
    const body = JSON.parse(Buffer.concat(parts).toString()) as Call["body"];
    this.calls.push({ action, body });
    const open = (this.#open.get(action) ?? 0) + 1;
    this.#open.set(action, open);
    this.most.set(action, Math.max(open, this.most.get(action) ?? 0));
    const failing = this.failing.get(action);
    if (failing === "hang") await new Promise(() => {});
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    this.#open.set(action, (this.#open.get(action) ?? 0) - 1);
    if (failing && failing !== "hang") return [failing[0], { __type: failing[1], message: failing[2] ?? "no" }];
    return this.speak(action, body);
  }

  private speak(action: string, body: Call["body"]): [status: number, body: object] {
    if (action === "ListClusters")
      return [
        200,
        page(
          "clusterArns",
          [...this.clusters.keys()].map((name) => `${ACCOUNT}:cluster/${name}`),
          body,
        ),
      ];
    const name = body.cluster?.split("/").at(-1) ?? "";
    const tasks = this.clusters.get(name);
    if (!tasks) return [400, { __type: "ClusterNotFoundException", message: "Cluster not found." }];
    const arn = ({ id }: StubTask) => `${ACCOUNT}:task/${name}/${id}`;
    if (action === "ListTasks") return [200, page("taskArns", tasks.map(arn), body)];
    const asked = body.tasks ?? [];
    if (asked.length > PAGE) return [400, { __type: "InvalidParameterException", message: "at most 100 tasks" }];
    return [200, { tasks: tasks.filter((task) => asked.includes(arn(task))).map(described(arn)), failures: [] }];
  }
}

function page(key: string, all: string[], { nextToken = "0" }: Call["body"]): object {
  const next = Number(nextToken) + PAGE;
  return { [key]: all.slice(Number(nextToken), next), ...(next < all.length ? { nextToken: String(next) } : {}) };
}

const described = (arn: (task: StubTask) => string) => (task: StubTask) => ({
  taskArn: arn(task),
  group: task.group ?? "service:fossa",
  lastStatus: task.lastStatus ?? "RUNNING",
  startedAt: task.startedAt,
  attachments: [
    {
      type: "ElasticNetworkInterface",
      details: [
        { name: "subnetId", value: "subnet-1" },
        ...(task.address ? [{ name: "privateIPv4Address", value: task.address }] : []),
      ],
    },
  ],
});
