import { expect, it } from "vitest";
import { denyInsecureTransport, podIdentityTrust, policy, trust } from "../../../../modules/common/iam/policy";

it("allows unless told otherwise", () => {
  const statements = [
    { Action: "s3:GetObject", Resource: "*" },
    { Effect: "Deny" as const, Action: "s3:*" },
  ];
  expect(JSON.parse(policy(...statements))).toEqual({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
      { Effect: "Deny", Action: "s3:*" },
    ],
  });
});
it("lets a service take a role on", () => {
  const [statement] = JSON.parse(trust("ec2.amazonaws.com")).Statement;
  expect(statement).toEqual({
    Effect: "Allow",
    Principal: { Service: "ec2.amazonaws.com" },
    Action: ["sts:AssumeRole"],
  });
});
it("lets EKS Pod Identity take a role on and tag the session", () => {
  const [statement] = JSON.parse(podIdentityTrust()).Statement;
  expect(statement.Principal).toEqual({ Service: "pods.eks.amazonaws.com" });
  expect(statement.Action).toEqual(["sts:AssumeRole", "sts:TagSession"]);
});
it("refuses every request to a bucket and its objects without TLS", () => {
  expect(denyInsecureTransport("arn:aws:s3:::b")).toEqual({
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});
