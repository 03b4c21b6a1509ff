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
      `The gateway's role may not call ${action} on ${resource}.`,
      `Allow ${action} on it in the policy of the gateway's role, and apply the gateway stack.`,
    );
  if (CREDENTIALS.includes(name))
    return fault(
      502,
      "The gateway has no valid AWS credentials",
      `AWS could not be asked for ${resource}, because the gateway's credentials are missing or not accepted.`,
      "Check that the gateway's instance has its instance profile, and that its clock is right.",
    );
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(name))
    return fault(
      503,
      "AWS asks for fewer calls",
      `AWS limits how often ${action} may be called, and the limit is reached.`,
      "Wait a few seconds and load the page again. If it stays, close pages that refresh by themselves.",
      5,
    );
  if (name === "AbortError" || name === "TimeoutError")
    return fault(
      504,
      "AWS does not answer",
      `AWS has not answered ${action} in time.`,
      "Check the gateway's way to AWS: its route to the internet or its VPC endpoints, and their security groups.",
    );
  if ($metadata?.httpStatusCode === undefined)
    return fault(
      502,
      "AWS cannot be reached",
      `The gateway could not connect to AWS to call ${action}.`,
      "Check the gateway's way to AWS: its route to the internet or its VPC endpoints, DNS, and its security group.",
    );
  return fault(
    502,
    "AWS answered with an error",
    `${action} on ${resource} failed.`,
    "Load the page again. If it stays, the words of AWS below say why.",
  );
}

interface AwsError {
  name: string;
  message: string;
  $metadata: { httpStatusCode?: number };
}
