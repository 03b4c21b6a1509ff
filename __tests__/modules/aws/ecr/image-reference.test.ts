import { describe, expect, it } from "vitest";
import { z } from "zod";
import { imageReferenceSchema, tagOf } from "../../../../modules/aws/ecr/image-reference";
import { parseInput } from "../../../../modules/common/settings/props";
import { errorOf } from "../../../support/bad-input";

const DIGEST = `sha256:${"0f".repeat(32)}`;
const parse = (image: string) => parseInput("h", z.object({ image: imageReferenceSchema }), { image });

describe("an image that stays the same", () => {
  it.each([
    ["docker/library/rabbitmq:4.1.4", "4.1.4"],
    ["rabbitmq:4", "4"],
    ["public.ecr.aws/docker/library/python:3.13-slim", "3.13-slim"],
    [`quay.io/org/app@${DIGEST}`, DIGEST],
    [`quay.io/org/app:1.2@${DIGEST}`, "1.2"],
    [`quay.io/org/app:latest@${DIGEST}`, "latest"],
    ["localhost:5000/app:1", "1"],
    ["111122223333.dkr.ecr.eu-west-2.amazonaws.com/a/b_c-d.e:0f0f-amd64", "0f0f-amd64"],
    [`a:${"x".repeat(128)}`, "x".repeat(128)],
    ["a:latest-1", "latest-1"],
  ])("is %s", (image, tag) => {
    expect(parse(image)).toEqual({ image });
    expect(tagOf(image)).toBe(tag);
  });
});
it.each([
  ["rabbitmq", "must have a tag or a digest"],
  ["localhost:5000/app", "must have a tag or a digest"],
  ["rabbitmq:latest", "since latest moves"],
  ["rabbitmq:LATEST", "since LATEST moves"],
  ["rabbitmq:stable", "fixed tag or a digest"],
  ["rabbitmq:main", "fixed tag or a digest"],
  ["rabbitmq:nightly", "fixed tag or a digest"],
  ["", "must be an image such as"],
  ["Rabbit:4", "must be an image such as"],
  ["https://quay.io/a:1", "must be an image such as"],
  ["a:1:2", "must be an image such as"],
  ["a/:1", "must be an image such as"],
  ["a:-1", "must be an image such as"],
  [`a:${"x".repeat(129)}`, "must be an image such as"],
  ["a@sha256:0f", "must be an image such as"],
  [`a@${DIGEST}0`, "must be an image such as"],
  ["a b:1", "must be an image such as"],
  [`${"a".repeat(511)}:1`, "at most 512 characters"],
])("refuses %s", (image, words) => {
  const error = errorOf(() => parse(image));
  expect(error.name).toBe("InputError");
  expect(error.message).toContain("h: image: ");
  expect(error.message).toContain(words);
});
it("knows no tag of what is no image, or has none", () => {
  expect(tagOf("")).toBeUndefined();
  expect(tagOf("quay.io/org/app")).toBeUndefined();
});
