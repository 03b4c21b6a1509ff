import { TerraformOutput } from "cdktf";
import { expect, it } from "vitest";
import type { ClientVpnProps } from "../../../../modules/aws/client-vpn/client-vpn";
import { BY_DIRECTORY, build, GENERATED, SAML, SIGN_IN } from "./client-vpn.fixture";

/** The recipe that a VPN tells, whose endpoint and secrets are references. */
const recipe = (settings: Partial<ClientVpnProps> = {}): Record<string, string> =>
  build(settings, (vpn) => {
    const value = vpn.clientConfiguration({ region: "eu-west-2", file: "dev-dask" });
    new TerraformOutput(vpn, "recipe", { value, staticId: true });
  }).outputs.recipe.value;

it("exports the configuration of the endpoint into a file", () => {
  expect(recipe()["1_export"]).toMatch(
    /^aws ec2 export-client-vpn-client-configuration --region eu-west-2 --client-vpn-endpoint-id \$\{aws_ec2_client_vpn_endpoint\.vpn_endpoint_\w+\.id\} --output text > dev-dask\.ovpn$/,
  );
});
it("appends certificate and key of the client, where it has some", () => {
  const { "2_append": append, ...others } = recipe();
  expect(append).toBe(
    `printf '<cert>\\n%s\\n</cert>\\n<key>\\n%s\\n</key>\\n' "$(openssl x509 -in client.crt)" "$(cat client.key)" >> dev-dask.ovpn`,
  );
  expect(others["3_connect"]).toContain("any OpenVPN client");
});
it("appends them from the secret of each client that was made", () => {
  const { "2_append_anna": anna, ...others } = recipe(GENERATED);
  expect(anna).toMatch(
    /^aws secretsmanager get-secret-value --region eu-west-2 --secret-id \$\{aws_secretsmanager_secret_version\.[\w-]+\.arn\} --query SecretString --output text >> dev-dask\.ovpn$/,
  );
  expect(Object.keys(others)).toEqual(["1_export", "3_connect"]);
});
it("appends nothing for people who only sign in, and says with what", () => {
  expect(Object.keys(recipe(SIGN_IN))).toEqual(["1_export", "3_connect"]);
  expect(recipe(SIGN_IN)["3_connect"]).toContain("AWS VPN Client");
  expect(recipe(BY_DIRECTORY)["3_connect"]).toContain("user name, password");
  expect(Object.keys(recipe({ samlProviderArn: SAML }))).toEqual(["1_export", "2_append", "3_connect"]);
});
