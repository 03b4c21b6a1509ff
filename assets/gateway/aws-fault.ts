import { Fault } from "./fault";

const CREDENTIALS = [
  "CredentialsProviderError",
  "ExpiredTokenException",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "UnrecognizedClientException",
];

/** Timeout of an AWS call, with its retry. */
export const AWS_TIMEOUT_MS = 5_000;

/** Page for a failed AWS call. `action` is the permission that it requires, `resource` its subject. */
export function awsFault(error: unknown, action: string, resource: string): Fault {
  const { name = "Error", message = String(error), $metadata } = error as Partial<AwsError>;
  const detail = `${name}: ${message}`;
  const fault = (status: 502 | 503 | 504, title: string, what: string, remedy: string, retryAfter?: number) =>
    new Fault({ status, title, what, remedy, detail, retryAfter }, { cause: error });

  if (name === "AccessDeniedException" || name === "AccessDenied")
    return fault(
      502,
      "AWS denies access",
      `The gateway's role has no permission for ${action} on ${resource}.`,
      `Allow ${action} on it in the policy of the gateway's role, and deploy the gateway stack.`,
    );
  if (CREDENTIALS.includes(name))
    return fault(
      502,
      "The gateway has no valid AWS credentials",
      `AWS refused the request for ${resource}: the gateway's credentials are missing or invalid.`,
      "Check the instance profile of the gateway's instance and its clock.",
    );
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name))
    return fault(
      503,
      "AWS throttles the gateway",
      `The rate limit of ${action} is exceeded.`,
      "Wait a few seconds and reload the page. If the error persists, close other pages that refresh automatically.",
      5,
    );
  if (name === "AbortError" || name === "TimeoutError")
    return fault(
      504,
      "AWS does not answer",
      `The call of ${action} timed out.`,
      "Check the gateway's connection to AWS: its route to the internet or its VPC endpoints, and their security groups.",
    );
  if ($metadata?.httpStatusCode === undefined)
    return fault(
      502,
      "AWS cannot be reached",
      `The gateway could not connect to AWS to call ${action}.`,
      "Check the gateway's connection to AWS: its route to the internet or its VPC endpoints, DNS, and its security group.",
    );
  return fault(
    502,
    "AWS returned an error",
    `${action} on ${resource} failed.`,
    "Reload the page. If the error persists, see the message of AWS below.",
  );
}

interface AwsError {
  name: string;
  message: string;
  $metadata: { httpStatusCode?: number };
}
