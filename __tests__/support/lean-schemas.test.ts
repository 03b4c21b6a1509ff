import { describe, expect, it } from "vitest";
import { leanSchemas } from "./lean-schemas";

const bytes = (...values: number[]) => Buffer.from(values);
/** Field of an answer, with a size of one or two bytes. */
const field = (number: number, content: Buffer) =>
  Buffer.concat([
    bytes(
      (number << 3) | 2,
      ...(content.length < 128 ? [content.length] : [(content.length & 127) | 128, content.length >> 7]),
    ),
    content,
  ]);
const entry = (number: number, type: string, schema: string) =>
  field(number, Buffer.concat([field(1, Buffer.from(type)), field(2, Buffer.from(schema))]));

const PROVIDER = field(1, Buffer.from("region and the like"));
const QUEUE = entry(2, "aws_sqs_queue", "x".repeat(300));
const FUNCTION = field(7, Buffer.from("arn_parse"));

describe("leanSchemas", () => {
  it("keeps resources, data sources and ephemeral resources that are asked for, and all that is no type", () => {
    const secret = entry(8, "aws_secret", "s");
    const region = entry(3, "aws_region", "r");
    const rest = [entry(2, "aws_sqs_queue_policy", "p"), entry(3, "aws_arn", "a"), entry(8, "aws_ssm_parameter", "p")];
    const answer = Buffer.concat([PROVIDER, ...rest, QUEUE, region, FUNCTION, secret]);
    const types = new Set(["aws_sqs_queue", "aws_region", "aws_secret"]);
    expect(leanSchemas(answer, types)).toEqual(Buffer.concat([PROVIDER, QUEUE, region, FUNCTION, secret]));
    expect(leanSchemas(answer, new Set())).toEqual(Buffer.concat([PROVIDER, FUNCTION]));
  });

  it("refuses an answer that it does not understand", () => {
    expect(() => leanSchemas(Buffer.concat([PROVIDER, bytes(0x08, 0x01)]), new Set())).toThrow("wire type 0");
  });
});
