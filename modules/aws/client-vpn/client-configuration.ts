import { sortedEntries } from "../../common/collections";
import { secretValueCommand } from "../ec2/session-commands";

/** What a client needs to know of a VPN. */
export interface ClientConfigurationInput {
  readonly region: string;
  readonly endpointId: string;
  /** Name of the file, without `.ovpn`. */
  readonly file: string;
  readonly certificates: boolean;
  readonly signIn: "saml" | "directory" | undefined;
  /** Secrets of generated certificates by client. */
  readonly clientSecretArns: Readonly<Record<string, string>>;
}

/** Commands that write the configuration of a client, and what to open it with. */
export function clientConfiguration(input: ClientConfigurationInput): Record<string, string> {
  const { region, endpointId, file, certificates, signIn, clientSecretArns } = input;
  const generated = sortedEntries(clientSecretArns);
  const append = (command: string) => `${command} >> ${file}.ovpn`;
  return {
    "1_export": `aws ec2 export-client-vpn-client-configuration --region ${region} --client-vpn-endpoint-id ${endpointId} --output text > ${file}.ovpn`,
    ...(certificates &&
      generated.length === 0 && {
        "2_append": append(
          `printf '<cert>\\n%s\\n</cert>\\n<key>\\n%s\\n</key>\\n' "$(openssl x509 -in client.crt)" "$(cat client.key)"`,
        ),
      }),
    ...Object.fromEntries(
      generated.map(([client, arn]) => [`2_append_${client}`, append(secretValueCommand(region, arn))]),
    ),
    "3_connect": CONNECT[signIn ?? "certificate"],
  };
}

const CONNECT = {
  certificate: "Open the file with any OpenVPN client, and keep it secret: it holds the key",
  directory: "Open the file with any OpenVPN client, and sign in with user name, password and the code if there is one",
  saml: "Open the file with the AWS VPN Client, which shows the sign-in page in a browser",
};
