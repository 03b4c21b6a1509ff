import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { compare } from "../../tools/bench/portfolio-load";
import { makeData, NAMES, RAW_SAMPLE } from "../../tools/portfolio/local-data";
import { type LocalPortfolio, startPortfolio } from "../../tools/portfolio/portfolio";
import { SAMPLE_IMAGE, SAMPLE_RESULT, uuidOf } from "../../tools/portfolio/samples";
import { Moto } from "../support/moto";
import { onAws } from "./stacks.fixture";

/** With their images, words and labels some 10,000 items. */
const RECEIPTS = 2_500;
const SITE = join("assets", "website", "site");

const clientOf = ({ url: endpoint }: Moto) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

/** Website and API in front of the AWS at `endpoint`. */
const start = (endpoint: string, names = NAMES): Promise<LocalPortfolio> =>
  startPortfolio({
    site: SITE,
    ports: { site: 0, api: 0 },
    names,
    python: join(inject("motoEnvironment"), "bin", "python"),
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });

onAws("the portfolio's API over a table of 10,000 items", () => {
  let moto: Moto;
  let portfolio: LocalPortfolio;
  let items: number;
  beforeAll(async () => {
    moto = await Moto.start({ quick: true });
    items = await makeData(moto.url, RECEIPTS);
    portfolio = await start(moto.url);
  });
  afterAll(async () => {
    await portfolio?.stop();
    await moto?.stop();
  });
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${portfolio.apiUrl}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  };
  const receipts = (query: Record<string, string>) => get(`/receipts?${new URLSearchParams(query)}`);

  it("is over as many items as said", () => expect(items).toBeGreaterThanOrEqual(9_500));
  it("is well", async () => {
    const { status, text, headers } = await get("/health_check");
    expect([status, text]).toEqual([200, "Health check passed"]);
    expect(headers.get("content-type")).toMatch(/^text\/plain/);
  });
  it("counts all images and receipts", async () => {
    expect((await get("/receipt_count")).text).toBe(String(RECEIPTS));
    const images = (await get("/image_count")).text;
    expect(images).toMatch(/^\d+$/);
    expect(Number(images)).toBe(1251);
  });
  it("hands receipts over by pages, each once", async () => {
    const seen = new Set<string>();
    let cursor: object | null = null;
    let pages = 0;
    do {
      const query: Record<string, string> = { limit: "700" };
      if (cursor) query.lastEvaluatedKey = JSON.stringify(cursor);
      const { status, json } = await receipts(query);
      expect(status).toBe(200);
      const page = json();
      expect(Object.keys(page)).toEqual(["receipts", "lastEvaluatedKey"]);
      for (const { PK, SK, TYPE } of page.receipts) {
        expect(TYPE).toBe("RECEIPT");
        seen.add(`${PK} ${SK}`);
      }
      cursor = page.lastEvaluatedKey;
      pages++;
    } while (cursor && pages < 10);
    expect([seen.size, pages]).toEqual([RECEIPTS, 4]);
  });
  it.each(["1", "1000"])("takes a limit of %s", async (limit) => {
    expect((await receipts({ limit })).json().receipts).toHaveLength(Number(limit));
  });
  it.each(["0", "1001", "abc", "-1", "1.5", "", "1e2"])("refuses a limit of %j", async (limit) => {
    const { status, json } = await receipts({ limit });
    expect(status).toBe(400);
    expect(json().error).toContain(`limit must be a whole number from 1 to 1000, got ${JSON.stringify(limit)}`);
  });
  const key = { PK: `IMAGE#${uuidOf(1)}`, SK: "RECEIPT#00001", TYPE: "RECEIPT" };
  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["null", null],
    ["a list", [key]],
    ["a part of a key", { PK: key.PK, SK: key.SK }],
    ["a key of another type", { ...key, TYPE: "IMAGE" }],
    ["a key of no receipt", { ...key, SK: "IMAGE" }],
    ["a key of no image", { ...key, PK: "QUEUE#jobs" }],
    ["a number", { ...key, SK: 1 }],
    ["one attribute more", { ...key, GSI1PK: "IMAGE" }],
    ["what every object has", `{"__proto__":{},"PK":"${key.PK}","SK":"${key.SK}"}`],
    ["a long text", "x".repeat(5000)],
  ])("refuses %s for a cursor", async (_, value) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const { status, json } = await receipts({ lastEvaluatedKey: text });
    expect(status).toBe(400);
    expect(json().error).toMatch(/^lastEvaluatedKey must be the lastEvaluatedKey of the page before/);
    expect(json().error.length).toBeLessThan(300);
  });
  it("counts merchants, the most frequent first", async () => {
    const counts: Record<string, number>[] = (await get("/merchant_counts")).json();
    const numbers = counts.flatMap((one) => Object.values(one));
    expect(counts.every((one) => Object.keys(one).length === 1)).toBe(true);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    expect(numbers.reduce((sum, one) => sum + one)).toBe(RECEIPTS - Math.floor(RECEIPTS / 11));
  });
  it("counts what is known of labels", async () => {
    const counts: Record<string, Record<string, number>> = (await get("/label_validation_count")).json();
    const labels = Object.keys(counts);
    expect(labels).toHaveLength(18);
    expect(labels).toEqual([...labels].sort());
    for (const statuses of Object.values(counts)) {
      expect(Object.keys(statuses)).toEqual(Object.keys(statuses).sort());
    }
    const all = Object.values(counts).flatMap((statuses) => Object.values(statuses));
    expect(all.reduce((sum, one) => sum + one)).toBe(RECEIPTS);
  });
  it("tells all of some image with two receipts", async () => {
    const asked = await Promise.all(Array.from({ length: 6 }, () => get("/image_details")));
    expect(asked.map(({ status, text }) => [status, status === 200 ? "" : text])).toEqual(Array(6).fill([200, ""]));
    const found = asked.map(({ json }) => json());
    for (const details of found) {
      expect(Object.keys(details)).toEqual(["images", "words", "receipts", "receipt_words"]);
      expect(details.images).toHaveLength(1);
      expect(details.receipts).toHaveLength(2);
      expect(details.receipt_words).toHaveLength(2);
      expect(details.words).toHaveLength(1);
      expect(details.receipts[0].PK).toBe(details.images[0].PK);
    }
    expect(new Set(found.map(({ images }) => images[0].PK)).size).toBeGreaterThan(1);
  });
  it("answers as API Gateway does where there is no route", async () => {
    for (const [path, method] of [
      ["/nothing", "GET"],
      ["/receipts", "POST"],
      ["/receipts/", "GET"],
      ["/process", "GET"],
    ]) {
      const { status, json } = await get(path as string, { method });
      expect([status, json()]).toEqual([404, { message: "Not Found" }]);
    }
  });
  it("lets the site's pages read answers, and no other's", async () => {
    const from = (origin: string, method = "GET") => get("/receipts?limit=abc", { method, headers: { origin } });
    const own = await from(portfolio.siteUrl);
    expect(own.status).toBe(400);
    expect(own.headers.get("access-control-allow-origin")).toBe(portfolio.siteUrl);
    const asked = await from(portfolio.siteUrl, "OPTIONS");
    expect([asked.status, asked.headers.get("access-control-allow-methods")]).toEqual([204, "GET,POST"]);
    expect((await from("https://elsewhere.example")).headers.get("access-control-allow-origin")).toBeNull();
  });

  describe("a result of OCR", () => {
    const s3 = () => new S3Client({ ...clientOf(moto), forcePathStyle: true });
    const put = async (Key: string, Body: string | Buffer) =>
      void (await s3().send(new PutObjectCommand({ Bucket: NAMES.rawBucket, Key, Body })));
    const process = (body: unknown) =>
      get("/process", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
    const valid = { raw_prefix: RAW_SAMPLE.prefix, uuids: [RAW_SAMPLE.uuid], cdn_prefix: "media/scans" };

    it("becomes items, and its image a file of the site; again it changes nothing", async () => {
      const before = Number((await get("/receipt_count")).text);
      const first = await process(valid);
      expect([first.status, first.json()]).toEqual([
        200,
        { results: [{ uuid: RAW_SAMPLE.uuid, status: "processed", items: 5 }] },
      ]);
      expect(Number((await get("/receipt_count")).text)).toBe(before + 1);
      const again = await process({
        ...valid,
        raw_prefix: `${RAW_SAMPLE.prefix}/`,
        uuids: `${RAW_SAMPLE.uuid.toUpperCase()}, ${RAW_SAMPLE.uuid}`,
      });
      expect(again.json()).toEqual(first.json());
      expect(Number((await get("/receipt_count")).text)).toBe(before + 1);
      const Key = `media/scans/${RAW_SAMPLE.uuid}.png`;
      const shown = await s3().send(new GetObjectCommand({ Bucket: NAMES.siteBucket, Key }));
      expect(shown.ContentType).toBe("image/png");
      expect(Buffer.from((await shown.Body?.transformToByteArray()) ?? [])).toEqual(SAMPLE_IMAGE);
    });
    it("leaves a label as it is that somebody has looked at", async () => {
      const table = DynamoDBDocumentClient.from(new DynamoDBClient(clientOf(moto)));
      const label = { PK: `IMAGE#${RAW_SAMPLE.uuid}`, SK: "RECEIPT#00001#LINE#00001#WORD#00001#LABEL#MERCHANT_NAME" };
      const read = async () => (await table.send(new GetCommand({ TableName: NAMES.table, Key: label }))).Item;
      const before = await read();
      expect(before).toMatchObject({ TYPE: "RECEIPT_WORD_LABEL", validation_status: "PENDING" });
      const seen = { ...before, validation_status: "VALID" };
      await table.send(new PutCommand({ TableName: NAMES.table, Item: seen }));
      expect((await process(valid)).status).toBe(200);
      expect(await read()).toEqual(seen);
    });
    it("is told of one by one, where some are wrong", async () => {
      const [bad, text, none, empty] = [-2, -3, -4, -5].map(uuidOf) as [string, string, string, string];
      await put(`scans/${bad}.json`, JSON.stringify({ ...SAMPLE_RESULT, image: { width: 0, height: 1 } }));
      await put(`scans/${bad}.png`, SAMPLE_IMAGE);
      await put(`scans/${text}.json`, JSON.stringify(SAMPLE_RESULT));
      await put(`scans/${text}.png`, "no image at all");
      await put(`scans/${empty}.json`, JSON.stringify(SAMPLE_RESULT));
      await put(`scans/${empty}.png`, "");
      const { status, json } = await process({ ...valid, uuids: [bad, text, none, empty, RAW_SAMPLE.uuid] });
      expect(status).toBe(200);
      expect(json().results).toEqual([
        { uuid: bad, status: "invalid", error: expect.stringContaining("image.width: must be pixels") },
        { uuid: text, status: "invalid", error: `scans/${text}.png: must be a PNG image` },
        { uuid: none, status: "missing", error: `scans/${none}.json is not in the raw bucket` },
        { uuid: empty, status: "invalid", error: expect.stringContaining(`scans/${empty}.png: must`) },
        { uuid: RAW_SAMPLE.uuid, status: "processed", items: 5 },
      ]);
    });
    it.each<[unknown, string]>([
      ["{", "the body must be JSON"],
      ["[".repeat(100_000), "the body must be JSON"],
      ["", "the body must be JSON"],
      [[], "the body must be an object"],
      [{ ...valid, table_name: "other" }, '"table_name" must be left out'],
      [{}, "no part of which begins with a dot, got nothing"],
      [{ ...valid, uuids: undefined }, "with commas between them, got nothing"],
      [{ ...valid, uuids: 5 }, "with commas between them, got 5"],
      [{ ...valid, uuids: [] }, "uuids must be a list of 1 to 20"],
      [
        { ...valid, uuids: Array(21).fill(RAW_SAMPLE.uuid) },
        "uuids must be a list of 1 to 20, or a text with commas between them, got 21",
      ],
      [{ ...valid, uuids: ["abc"] }, "uuids[0] must be a UUID"],
      [{ ...valid, uuids: [RAW_SAMPLE.uuid, 5] }, "uuids[1] must be a UUID"],
      [{ ...valid, raw_prefix: "../secrets" }, "raw_prefix must be a path"],
      [{ ...valid, raw_prefix: "a/../b" }, "raw_prefix must be a path"],
      [{ ...valid, raw_prefix: "x".repeat(201) }, "raw_prefix must be a path of 1 to 200"],
      [{ ...valid, raw_prefix: undefined }, "raw_prefix must be a path"],
      [{ ...valid, cdn_prefix: "assets" }, "cdn_prefix must be below media/"],
      [{ ...valid, cdn_prefix: "media-elsewhere" }, "cdn_prefix must be below media/"],
      [{ ...valid, cdn_prefix: "media/../assets" }, "cdn_prefix must be a path"],
      [{ ...valid, cdn_prefix: "/media" }, "cdn_prefix must be a path"],
    ])("is refused for %j", async (body, text) => {
      const { status, json } = await process(body);
      expect(status).toBe(400);
      expect(json().error).toContain(text);
    });
  });

  it("answers pages of receipts at most three times as slow as the SDK alone", async () => {
    const { api, bare } = await compare({
      apiUrl: portfolio.apiUrl,
      endpoint: moto.url,
      table: NAMES.table,
      requests: 60,
    });
    expect(api.requests).toBe(60);
    expect(api.p95Ms).toBeLessThan(3 * bare.p95Ms);
  });
});

onAws("the portfolio's API where AWS does not answer as it should", () => {
  /** What AWS answers to every call. */
  let fault: { status: number; type: string };
  let portfolio: LocalPortfolio;
  const stub = createServer((request, response) => {
    request.resume();
    const { status, type } = fault;
    if (request.url?.includes("scans/")) {
      const text = `<Error><Code>${type}</Code><Message>secret bucket</Message></Error>`;
      return void response.writeHead(status, { "content-type": "application/xml" }).end(text);
    }
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: "secret table" }));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => stub.listen(0, "127.0.0.1", resolve));
    portfolio = await start(`http://127.0.0.1:${(stub.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    await portfolio?.stop();
    stub.close();
  });
  const body = JSON.stringify({ raw_prefix: "scans", uuids: [uuidOf(1)], cdn_prefix: "media" });
  const paths = [
    "/image_count",
    "/receipt_count",
    "/image_details",
    "/receipts",
    "/merchant_counts",
    "/label_validation_count",
  ];
  const calls: [string, RequestInit][] = [
    ...paths.map((path): [string, RequestInit] => [path, {}]),
    ["/process", { method: "POST", body, headers: { "content-type": "application/json" } }],
  ];

  it.each(calls)("asks callers of %s to come back where there are too many", async (path, init) => {
    fault = { status: 400, type: "ThrottlingException" };
    const response = await fetch(`${portfolio.apiUrl}${path}`, init);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.json()).toEqual({ error: "too many requests at once: try again in a moment" });
  });
  it.each(calls)("tells callers of %s no more than that it failed", async (path, init) => {
    fault = { status: 400, type: "AccessDeniedException" };
    const response = await fetch(`${portfolio.apiUrl}${path}`, init);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: "the request failed: its log tells why" });
  });
});
