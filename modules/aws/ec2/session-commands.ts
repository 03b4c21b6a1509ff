/** Machine that a command connects to through Session Manager. */
export interface SessionTarget {
  readonly region: string;
  readonly instanceId: string;
}

/** Command that opens a shell on the machine. */
export const sessionCommand = ({ region, instanceId }: SessionTarget): string =>
  `aws ssm start-session --region ${region} --target ${instanceId}`;

/** Command that forwards a local port, `localPort` or else the same, to a port of the machine. */
export const portForwardCommand = (target: SessionTarget, port: number, localPort = port): string =>
  `${sessionCommand(target)} --document-name AWS-StartPortForwardingSession --parameters portNumber=${port},localPortNumber=${localPort}`;

/** Command that runs `script` in a shell of the machine and shows its output. `script` must not hold single quotes. */
export function runCommand(target: SessionTarget, script: string): string {
  const parameters = JSON.stringify({ command: [script] });
  return `${sessionCommand(target)} --document-name AWS-StartInteractiveCommand --parameters '${parameters}'`;
}

/** Command that prints the value of a secret. */
export const secretValueCommand = (region: string, secretArn: string): string =>
  `aws secretsmanager get-secret-value --region ${region} --secret-id ${secretArn} --query SecretString --output text`;
