import { ClientVpn, type ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { synth } from "../../../support/synth";

const certificate = "arn:aws:acm:eu-west-2:111122223333:certificate";
export const SERVER = `${certificate}/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f`;
export const ROOT = `${certificate}/1a1b2c3d-0000-4000-8000-0a1b2c3d4e5f`;
export const SAML = "arn:aws:iam::111122223333:saml-provider/staff";
export const PORTAL = "arn:aws:iam::111122223333:saml-provider/staff-portal";
export const NETWORK = { vpcId: "vpc-0123456789abcdef0", vpcCidrBlocks: ["192.168.0.0/16"] };

/** Settings with all that must be given, for clients with certificates. */
export const MINIMAL = {
  name: "dev-fossa",
  network: NETWORK,
  subnetIds: ["subnet-a", "subnet-b"],
  serverCertificateArn: SERVER,
  rootCertificateChainArn: ROOT,
  clientCidr: "10.100.0.0/22",
} satisfies ClientVpnProps;
/** What makes it one for people who sign in. */
export const SIGN_IN = { rootCertificateChainArn: undefined, samlProviderArn: SAML };

export const DIRECTORY = "d-1234567890";
/** What makes it one for people of a directory. */
export const BY_DIRECTORY = { rootCertificateChainArn: undefined, activeDirectory: { directoryId: DIRECTORY } };
export const RADIUS = {
  radiusServers: ["10.0.2.10", "10.0.3.10"],
  sharedSecretArn: "arn:aws:secretsmanager:eu-west-2:111122223333:secret:radius-Ab12Cd",
};
export const SID = "S-1-5-21-1111111111-2222222222-3333333333-1104";
/** What makes it one whose certificates Terraform makes. */
export const GENERATED = {
  serverCertificateArn: undefined,
  rootCertificateChainArn: undefined,
  generatedPki: { clients: ["anna"] },
};

export const build = (settings: Partial<ClientVpnProps> = {}, seen?: (vpn: ClientVpn) => void) =>
  synth((stack) => {
    const vpn = new ClientVpn(stack, "vpn", { ...MINIMAL, ...settings });
    seen?.(vpn);
  });
