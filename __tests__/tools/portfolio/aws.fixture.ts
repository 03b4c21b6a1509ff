import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Call {
  /** Such as `DynamoDB_20120810.Query`, or method and path of S3. */
  readonly action: string;
  readonly body: string;
}

/** An AWS on loopback that writes down its calls, and answers what `answer` gives as JSON. */
export async function stubAws(answer: (call: Call) => object = () => ({})) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const action = String(request.headers["x-amz-target"] ?? `${request.method} ${request.url?.split("?")[0]}`);
    const call = { action, body: Buffer.concat(parts).toString() };
    calls.push(call);
    const target = request.headers["x-amz-target"] !== undefined;
    response.writeHead(200, { "content-type": target ? "application/x-amz-json-1.0" : "application/xml" });
    response.end(target ? JSON.stringify(answer(call)) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    of: (action: string) => calls.filter((call) => call.action === action),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
