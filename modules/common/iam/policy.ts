/** One statement of an IAM policy document, in IAM's own spelling. */
export interface Statement {
  Sid?: string;
  Effect?: "Allow" | "Deny";
  Principal?: "*" | Record<string, string | string[]>;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** IAM policy document of these statements; a statement without an effect allows. */
export const policy = (...statements: Statement[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ Effect = "Allow", ...rest }) => ({ Effect, ...rest })),
  });

/** Trust policy by which an AWS service takes a role on. */
export const trust = (service: string, actions: string[] = ["sts:AssumeRole"]): string =>
  policy({ Principal: { Service: service }, Action: actions });

/** Trust policy of a role that EKS Pod Identity hands to pods. */
export const podIdentityTrust = (): string => trust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);

/** Statement that refuses every request to the bucket that does not come by TLS. */
export const denyInsecureTransport = (bucketArn: string): Statement => ({
  Sid: "DenyInsecureTransport",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucketArn, `${bucketArn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
