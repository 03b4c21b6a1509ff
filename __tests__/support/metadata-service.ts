import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const TOKEN = "token-of-this-session";
const ANSWERS: Record<string, string> = {
  "/latest/meta-data/instance-id": "i-0123456789abcdef0",
  "/latest/meta-data/iam/security-credentials/": "machine",
  "/latest/meta-data/iam/security-credentials/machine": JSON.stringify({
    Code: "Success",
    Type: "AWS-HMAC",
    AccessKeyId: "ASIAMACHINE",
    SecretAccessKey: "secret",
    Token: "session",
    Expiration: "2100-01-01T00:00:00Z",
  }),
};

/** Stands in for EC2's metadata service where it asks for a token: version 2 only. */
export class MetadataService {
  /** Paths that were asked for without a token, as version 1 is. */
  readonly refused: string[] = [];
  /** Whether it has stopped to answer. */
  silent = false;

  private constructor(
    private readonly server: Server,
    private readonly answers: Record<string, string>,
  ) {}

  /** `more` are answers by path, beside those of every machine. */
  static async start(more: Record<string, string> = {}): Promise<MetadataService> {
    const server = createServer((request, response) => {
      const [status, body] = service.answer(request);
      response.writeHead(status, { "X-aws-ec2-metadata-token-ttl-seconds": "60" }).end(body);
    });
    const service = new MetadataService(server, { ...ANSWERS, ...more });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets a path have an answer from now on. */
  say(path: string, body: string): void {
    this.answers[path] = body;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ method, url = "", headers }: IncomingMessage): [status: number, body: string] {
    if (this.silent) return [503, ""];
    if (method === "PUT") return headers["x-aws-ec2-metadata-token-ttl-seconds"] ? [200, TOKEN] : [400, ""];
    if (headers["x-aws-ec2-metadata-token"] !== TOKEN) {
      this.refused.push(url);
      return [401, ""];
    }
    const body = this.answers[url];
    return body === undefined ? [404, ""] : [200, body];
  }
}
