import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { SAMPLE_IMAGE, SAMPLE_RESULT, type SampleItem, sampleItems, uuidOf } from "./samples";

/** Names in the local account. */
export const NAMES = { table: "local-portfolio", rawBucket: "local-portfolio-raw", siteBucket: "local-portfolio-site" };
/** Where `/process` finds a result in the raw bucket. */
export const RAW_SAMPLE = { prefix: "scans", uuid: uuidOf(-1) };

const INDEXES = [
  ...["GSI1", "GSI2", "GSI3", "GSI4"].map((name) => [name, `${name}PK`, `${name}SK`]),
  ["GSITYPE", "TYPE"],
];
/** Items of a BatchWriteItem. Source: DynamoDB API reference. */
const BATCH = 25;
/** Batches at once. */
const CONCURRENCY = 4;

/** Table with sample receipts, and buckets with a result of OCR, in the account at `endpoint`. Gives the number of items. */
export async function makeData(endpoint: string, receipts: number): Promise<number> {
  const client = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const table = new DynamoDBClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  try {
    await makeTable(table);
    const items = [...sampleItems(receipts)];
    await fill(table, items);
    for (const Bucket of [NAMES.rawBucket, NAMES.siteBucket]) await s3.send(new CreateBucketCommand({ Bucket }));
    const key = `${RAW_SAMPLE.prefix}/${RAW_SAMPLE.uuid}`;
    const put = (Key: string, Body: string | Buffer) =>
      s3.send(new PutObjectCommand({ Bucket: NAMES.rawBucket, Key, Body }));
    await put(`${key}.json`, JSON.stringify(SAMPLE_RESULT));
    await put(`${key}.png`, SAMPLE_IMAGE);
    return items.length;
  } finally {
    table.destroy();
    s3.destroy();
  }
}

async function makeTable(client: DynamoDBClient): Promise<void> {
  const keys = ([hash, range]: (string | undefined)[]) => [
    { AttributeName: hash as string, KeyType: "HASH" as const },
    ...(range ? [{ AttributeName: range, KeyType: "RANGE" as const }] : []),
  ];
  const names = ["PK", "SK", ...INDEXES.flatMap(([, ...attributes]) => attributes)];
  await client.send(
    new CreateTableCommand({
      TableName: NAMES.table,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys(["PK", "SK"]),
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      GlobalSecondaryIndexes: INDEXES.map(([IndexName = "", ...attributes]) => ({
        IndexName,
        KeySchema: keys(attributes),
        Projection: { ProjectionType: "ALL" },
      })),
    }),
  );
}

async function fill(client: DynamoDBClient, items: readonly SampleItem[]): Promise<void> {
  const document = DynamoDBDocumentClient.from(client);
  const left = [...items];
  const worker = async () => {
    while (left.length > 0) {
      const puts = left.splice(-BATCH).map((Item) => ({ PutRequest: { Item } }));
      await document.send(new BatchWriteCommand({ RequestItems: { [NAMES.table]: puts } }));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
