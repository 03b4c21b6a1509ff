import type { Json } from "../support/synth";

const MERGED = {
  Version: "2012-10-17",
  Id: "source",
  Statement: [
    { Sid: "one", Effect: "Allow", Action: ["b:b", "a:a"], Resource: "*" },
    {
      Effect: "Allow",
      Action: ["only"],
      Resource: ["r"],
      Principal: "*",
      Condition: { StringEquals: { b: ["2", "1"], a: "x" }, Null: { z: ["false"] } },
    },
  ],
};
const OVER = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "two", Effect: "Deny", Action: "over", Resource: "*", Principal: { AWS: ["x", "y"], Service: "s" } },
  ],
};

/** Arguments of `aws_iam_policy_document` in every manner that its rendering depends on. */
export const documents: Record<string, Json> = {
  empty: {},
  old: { version: "2008-10-17", statement: [{ sid: "x", actions: ["b", "c", "a"], resources: ["z"] }] },
  plain: { statement: [{ actions: ["s3:GetObject"], resources: ["*"] }] },
  twice: { statement: [{ actions: ["a", "a", "b"], resources: ["*"] }] },
  everybody: { statement: [{ actions: ["sts:AssumeRole"], principals: [{ type: "*", identifiers: ["*"] }] }] },
  together: {
    statement: [
      {
        actions: ["sts:AssumeRole"],
        principals: [
          { type: "AWS", identifiers: ["b"] },
          { type: "AWS", identifiers: ["a", "d"] },
        ],
        condition: [
          { test: "StringEquals", variable: "v", values: ["1"] },
          { test: "StringEquals", variable: "v", values: ["2", "3"] },
        ],
      },
    ],
  },
  all: {
    policy_id: "p",
    statement: [
      {
        sid: "A",
        effect: "Deny",
        actions: ["s3:GetObject", "s3:PutObject", "a:b"],
        not_resources: ["arn:aws:s3:::x/&{aws:username}", "arn:aws:s3:::b"],
        principals: [
          { type: "AWS", identifiers: ["arn:aws:iam::111122223333:root", "arn:aws:iam::222222222222:root"] },
          { type: "Service", identifiers: ["ec2.amazonaws.com"] },
        ],
        condition: [
          { test: "StringEquals", variable: "aws:x", values: ["b", "a", "c"] },
          { test: "StringEquals", variable: "aws:a", values: ["z"] },
          { test: "Bool", variable: "aws:SecureTransport", values: ["false"] },
          { test: "StringLike", variable: "s3:prefix", values: ["", "home/&{aws:username}/*", "<x>"] },
        ],
      },
      { not_actions: ["iam:*"], resources: ["*"], not_principals: [{ type: "AWS", identifiers: ["*"] }] },
    ],
  },
  merged: {
    source_policy_documents: [JSON.stringify(MERGED)],
    statement: [
      { sid: "one", actions: ["new:one"], resources: ["*"] },
      { sid: "two", actions: ["n"], resources: ["*"] },
    ],
    override_policy_documents: [JSON.stringify(OVER)],
  },
  newer: { version: "2008-10-17", source_policy_documents: [JSON.stringify(OVER)] },
};
