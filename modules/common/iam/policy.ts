/** Statement of an IAM policy document. */
export interface Statement {
  Sid?: string;
  Effect?: "Allow" | "Deny";
  Principal?: "*" | Record<string, string | string[]>;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** IAM policy document of these statements, whose effect is `Allow` unless given. */
export const policy = (...statements: Statement[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ Effect = "Allow", ...rest }) => ({ Effect, ...rest })),
  });

/** Trust policy that lets an AWS service assume a role. */
export const trust = (service: string, actions: string[] = ["sts:AssumeRole"]): string =>
  policy({ Principal: { Service: service }, Action: actions });

/** Trust policy of a role for EKS Pod Identity. */
export const podIdentityTrust = (): string => trust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);

/** Statement that denies requests to the bucket without TLS. */
export const denyInsecureTransport = (bucketArn: string): Statement => ({
  Sid: "DenyInsecureTransport",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucketArn, `${bucketArn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
