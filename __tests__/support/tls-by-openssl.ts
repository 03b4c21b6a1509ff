import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./process";
import type { Json } from "./synth";

/** Words of `allowed_uses`, as openssl writes them. Source: documentation of hashicorp/tls, `tls_self_signed_cert`. */
const KEY_USAGES: Record<string, string> = {
  digital_signature: "digitalSignature",
  key_encipherment: "keyEncipherment",
  cert_signing: "keyCertSign",
  crl_signing: "cRLSign",
};
const EXTENDED_USAGES: Record<string, string> = { server_auth: "serverAuth", client_auth: "clientAuth" };

/** Attributes of the resources, by `<type>.<name>.<attribute>`. */
type Made = Map<string, string>;

/**
 * Carries out the resources of hashicorp/tls in a stack by openssl, since the provider itself is in no registry that the
 * tests can reach: real keys and certificates with the subjects, uses and days that the stack asks for. Gives `text`
 * with every reference to them replaced.
 */
export async function tlsByOpenssl(folder: string, { resource }: Json): Promise<(text: string) => string> {
  mkdirSync(folder, { recursive: true });
  const made: Made = new Map();
  const fill = (text: string) =>
    text.replace(/\$\{(tls_\w+\.[\w-]+\.\w+)\}/g, (_, reference) => {
      const value = made.get(reference);
      if (value === undefined) throw new Error(`nothing made ${reference}`);
      return value;
    });
  const each = async (type: string, attribute: string, make: (values: Json, file: string) => Promise<string>) => {
    for (const [name, values] of Object.entries<Json>(resource[type] ?? {})) {
      const filled = JSON.parse(JSON.stringify(values), (_, value) =>
        typeof value === "string" ? fill(value) : value,
      );
      made.set(`${type}.${name}.${attribute}`, await make(filled, join(folder, name)));
    }
  };
  await each("tls_private_key", "private_key_pem", privateKey);
  await each("tls_self_signed_cert", "cert_pem", selfSigned);
  await each("tls_cert_request", "cert_request_pem", request);
  await each("tls_locally_signed_cert", "cert_pem", signed);
  return fill;
}

async function privateKey({ algorithm, rsa_bits }: Json, file: string): Promise<string> {
  return openssl(file, ["genpkey", "-algorithm", algorithm, "-pkeyopt", `rsa_keygen_bits:${rsa_bits}`]);
}

async function selfSigned(values: Json, file: string): Promise<string> {
  const key = input(`${file}.key`, values.private_key_pem);
  return openssl(file, [
    ...["req", "-x509", "-key", key, "-days", days(values), "-subj", `/CN=${values.subject.common_name}`],
    ...extensions(values).flatMap((extension) => ["-addext", extension]),
  ]);
}

async function request({ private_key_pem, subject, dns_names }: Json, file: string): Promise<string> {
  const names = dns_names.map((name: string) => `DNS:${name}`).join(",");
  return openssl(file, [
    ...["req", "-new", "-key", input(`${file}.key`, private_key_pem), "-subj", `/CN=${subject.common_name}`],
    ...["-addext", `subjectAltName=${names}`],
  ]);
}

async function signed(values: Json, file: string): Promise<string> {
  return openssl(file, [
    ...["x509", "-req", "-in", input(`${file}.csr`, values.cert_request_pem), "-days", days(values)],
    ...["-CA", input(`${file}.ca`, values.ca_cert_pem), "-CAkey", input(`${file}.cakey`, values.ca_private_key_pem)],
    ...["-copy_extensions", "copy", "-extfile", input(`${file}.ext`, extensions(values).join("\n"))],
  ]);
}

const days = ({ validity_period_hours: hours }: Json) => String(hours / 24);

function extensions({ allowed_uses, is_ca_certificate = false }: Json): string[] {
  const unknown = allowed_uses.filter((use: string) => !(use in KEY_USAGES) && !(use in EXTENDED_USAGES));
  if (unknown.length > 0) throw new Error(`hashicorp/tls knows no use ${unknown.join(", ")}`);
  const words = (of: Record<string, string>) => allowed_uses.flatMap((use: string) => of[use] ?? []).join(",");
  const extended = words(EXTENDED_USAGES);
  return [
    `basicConstraints=critical,CA:${is_ca_certificate ? "TRUE" : "FALSE"}`,
    `keyUsage=critical,${words(KEY_USAGES)}`,
    ...(extended ? [`extendedKeyUsage=${extended}`] : []),
  ];
}

function input(file: string, text: string): string {
  writeFileSync(file, text);
  return file;
}

async function openssl(file: string, args: string[]): Promise<string> {
  const out = `${file}.pem`;
  const { status, stderr } = await run("openssl", [...args, "-out", out]);
  if (status !== 0) throw new Error(`openssl ${args[0]} failed:\n${stderr}`);
  return readFileSync(out, "utf8");
}
