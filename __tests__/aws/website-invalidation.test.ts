import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { immutableKeys } from "../../modules/aws/cloudfront/site-files";
import { AwsShell } from "../support/aws-shell";
import { Moto } from "../support/moto";
import type { Json } from "../support/synth";
import { onAws } from "./stacks.fixture";

const PROGRAM = "assets/website/invalidation/invalidate.py";

/** A message of SQS with what EventBridge tells of an object of S3. */
const changed = (key: unknown, id = `event-${key}`, type = "Object Created"): Json => ({
  messageId: `message-${id}`,
  eventSource: "aws:sqs",
  body: JSON.stringify({
    version: "0",
    id,
    "detail-type": type,
    source: "aws.s3",
    detail: { version: "0", bucket: { name: "site" }, object: { key, size: 5, sequencer: "00617F08299329D189" } },
  }),
});

onAws("the invalidation of a website", () => {
  let moto: Moto;
  let aws: AwsShell;
  let distributionId = "";
  beforeAll(async () => {
    moto = await Moto.start();
    aws = new AwsShell(moto.env);
  });
  afterAll(async () => {
    aws?.end();
    await moto?.stop();
  });
  beforeEach(async () => {
    const origin = {
      Id: "bucket",
      DomainName: "site.s3.us-east-1.amazonaws.com",
      S3OriginConfig: { OriginAccessIdentity: "" },
    };
    const { Distribution } = await aws.call("cloudfront", "create_distribution", {
      DistributionConfig: {
        CallerReference: String(Math.random()),
        Comment: "site",
        Enabled: true,
        Origins: { Quantity: 1, Items: [origin] },
        DefaultCacheBehavior: { TargetOriginId: "bucket", ViewerProtocolPolicy: "redirect-to-https" },
      },
    });
    distributionId = Distribution.Id;
  });

  const settings = (more: object = {}) => ({
    INVALIDATION: JSON.stringify({
      distributionId,
      immutable: immutableKeys(["_next/static"]),
      mostPaths: 50,
      ...more,
    }),
  });
  const handle = (records: Json[], more: object = {}): Promise<Json> =>
    aws.run(PROGRAM, "handler", [{ Records: records }, null], settings(more));
  /** Paths of each invalidation of the distribution. */
  const invalidations = async (): Promise<string[][]> => {
    const { InvalidationList } = await aws.call("cloudfront", "list_invalidations", { DistributionId: distributionId });
    const ids: string[] = (InvalidationList.Items ?? []).map(({ Id }: Json) => Id);
    const paths = [];
    for (const Id of ids) {
      const { Invalidation } = await aws.call("cloudfront", "get_invalidation", { DistributionId: distributionId, Id });
      paths.push(Invalidation.InvalidationBatch.Paths.Items);
    }
    return paths;
  };
  const FINE = { batchItemFailures: [] };

  it("is one for all that changed, with the addresses that show a page", async () => {
    const keys = ["index.html", "resume.html", "docs/index.html", "assets/site.css", "config.json", "resume.html"];
    expect(
      await handle([...keys.map((key, i) => changed(key, `event-${i}`)), changed("old.png", "d", "Object Deleted")]),
    ).toEqual(FINE);
    expect(await invalidations()).toEqual([
      [
        "/",
        "/assets/site.css",
        "/config.json",
        "/docs",
        "/docs/",
        "/docs/index.html",
        "/index.html",
        "/old.png",
        "/resume",
        "/resume.html",
      ],
    ]);
  });
  it("spells keys as an address does, and takes no star of theirs for a pattern", async () => {
    await handle([changed("über uns/a+b(1).txt"), changed("all/*"), changed('q?"<>#%.txt'), changed("index.html.bak")]);
    expect(await invalidations()).toEqual([
      ["/%C3%BCber%20uns/a+b(1).txt", "/all/%2A", "/index.html.bak", "/q%3F%22%3C%3E%23%25.txt"],
    ]);
  });
  it("leaves out what never changes, and is none where nothing is left", async () => {
    expect(await handle([changed("assets/app.3f2a1b9c.js"), changed("_next/static/chunks/main.js")])).toEqual(FINE);
    expect(await invalidations()).toEqual([]);
    await handle([changed("assets/app.3f2a1b9c.js"), changed("a.txt")]);
    expect(await invalidations()).toEqual([["/a.txt"]]);
    expect(await handle([])).toEqual(FINE);
  });
  it("takes the whole site where more changed than it may name, or a name is too long", async () => {
    const many = (count: number) => [...Array(count)].map((_, i) => changed(`${i}.txt`));
    await handle(many(50));
    expect((await invalidations())[0]).toHaveLength(50);
    await handle(many(51));
    expect(await invalidations()).toContainEqual(["/*"]);
    await handle([changed("ü".repeat(1000))]);
    expect((await invalidations()).filter(([path]) => path === "/*")).toHaveLength(2);
  });
  it("gives back what it cannot read, and only that", async () => {
    const broken = [
      { messageId: "no-json", body: "{" },
      { messageId: "no-key", body: JSON.stringify({ id: "1", detail: { object: {} } }) },
      { messageId: "no-detail", body: JSON.stringify({ id: "1" }) },
      { messageId: "a-list", body: "[]" },
      changed(5, "a-number"),
      changed("x", 7 as never),
    ];
    expect(await handle([broken[0], changed("a.txt"), ...broken.slice(1)])).toEqual({
      batchItemFailures: ["no-json", "no-key", "no-detail", "a-list", "message-a-number", "message-7"].map(
        (itemIdentifier) => ({ itemIdentifier }),
      ),
    });
    expect(await invalidations()).toEqual([["/a.txt"]]);
  });
  it("fails where there is no such distribution, so that the queue keeps the changes", async () => {
    await expect(handle([changed("a.txt")], { distributionId: "ENONE" })).rejects.toThrow("NoSuchDistribution");
  });
});

onAws("CloudFront's answers", () => {
  let server: Server;
  let aws: AwsShell;
  let status = 201;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        asked.push(Buffer.concat(chunks).toString());
        response.writeHead(status, { "content-type": "text/xml" });
        const batch =
          "<InvalidationBatch><Paths><Quantity>0</Quantity></Paths><CallerReference>r</CallerReference></InvalidationBatch>";
        response.end(
          status === 201
            ? `<Invalidation><Id>I1</Id><Status>InProgress</Status><CreateTime>2026-01-01T00:00:00Z</CreateTime>${batch}</Invalidation>`
            : "<ErrorResponse><Error><Type>Sender</Type><Code>TooManyInvalidationsInProgress</Code><Message>wait</Message></Error></ErrorResponse>",
        );
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    aws = new AwsShell({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_MAX_ATTEMPTS: "1",
    });
  });
  afterAll(() => {
    aws?.end();
    server?.close();
  });
  beforeEach(() => {
    asked.length = 0;
    status = 201;
  });
  const handle = (records: Json[]): Promise<Json> =>
    aws.run(PROGRAM, "handler", [{ Records: records }, null], {
      INVALIDATION: JSON.stringify({ distributionId: "E1", immutable: immutableKeys([]), mostPaths: 50 }),
    });
  const references = () => asked.map((body) => /<CallerReference>(.*)<\/CallerReference>/.exec(body)?.[1]);

  it("are asked once for a batch, and by the same reference when the batch comes again, in any order", async () => {
    const batch = [changed("a.txt", "1"), changed("b.txt", "2")];
    await handle(batch);
    await handle([...batch].reverse());
    await handle([changed("a.txt", "3"), changed("b.txt", "2")]); // a later change of the same file
    const [first, again, later] = references();
    expect(asked).toHaveLength(3);
    expect(again).toBe(first);
    expect(later).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });
  it("raise where it has too many under way: SQS tries all of the batch again", async () => {
    status = 400;
    await expect(handle([changed("a.txt"), { messageId: "m", body: "{" }])).rejects.toThrow(
      "TooManyInvalidationsInProgress",
    );
  });
});
