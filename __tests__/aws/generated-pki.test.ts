import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { beforeAll, describe, expect, it } from "vitest";
import { build, GENERATED } from "../modules/aws/client-vpn/client-vpn.fixture";
import { run } from "../support/process";
import { tlsByOpenssl } from "../support/tls-by-openssl";

const A_DAY = 24 * 60 * 60;

describe("certificates that are generated for a VPN, by openssl", () => {
  const folder = mkdtempSync(join(tmpdir(), "ml-infra-pki-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const openssl = (...args: string[]) => run("openssl", args);
  /** Files with what ACM gets, and with what the clients append. */
  const files: Record<"authority" | "server" | "serverKey" | "anna" | "annaKey" | "ben", string> = {} as never;
  beforeAll(async () => {
    const stack = build({ ...GENERATED, generatedPki: { clients: ["anna", "ben"], validityDays: 365 } });
    const fill = await tlsByOpenssl(join(folder, "made"), stack.parsed);
    const { private_key, certificate_body, certificate_chain } = stack.one(AcmCertificate);
    files.serverKey = file("server.key", fill(private_key));
    files.server = file("server.pem", fill(certificate_body));
    files.authority = file("authority.pem", fill(certificate_chain));
    for (const [name, { secret_string }] of Object.entries(stack.byId(SecretsmanagerSecretVersion))) {
      const text = fill(secret_string);
      const part = (tag: string) => new RegExp(`<${tag}>\n([^<]+)</${tag}>\n`).exec(text)?.[1] ?? "";
      if (name.includes("anna")) {
        files.anna = file("anna.pem", part("cert"));
        files.annaKey = file("anna.key", part("key"));
      } else {
        files.ben = file("ben.pem", part("cert"));
      }
    }
  }, 120_000);

  const verified = async (certificate: string, purpose: string, ...more: string[]) => {
    const { status } = await openssl("verify", "-CAfile", files.authority, "-purpose", purpose, ...more, certificate);
    return status === 0;
  };
  const shown = async (certificate: string, ...what: string[]) =>
    (await openssl("x509", "-in", certificate, "-noout", ...what)).stdout;

  it("make a chain: the authority's own, the server's for servers, the clients' for clients", async () => {
    expect(await verified(files.server, "sslserver")).toBe(true);
    expect(await verified(files.anna, "sslclient")).toBe(true);
    expect(await verified(files.ben, "sslclient")).toBe(true);
  });
  it("are good for nothing else", async () => {
    expect(await verified(files.server, "sslclient")).toBe(false);
    expect(await verified(files.anna, "sslserver")).toBe(false);
    const text = await shown(files.server, "-text");
    expect(text).toMatch(/Extended Key Usage:\s+TLS Web Server Authentication\s/);
    expect(text).toContain("CA:FALSE");
    expect(await shown(files.anna, "-text")).toMatch(/Extended Key Usage:\s+TLS Web Client Authentication\s/);
    const authority = await shown(files.authority, "-text");
    expect(authority).toMatch(/CA:TRUE/);
    expect(authority).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\s/);
  });
  it("are not of another authority", async () => {
    const { status } = await openssl("verify", "-CAfile", files.server, files.anna);
    expect(status).not.toBe(0);
  });
  it("end when they are to, and the authority last", async () => {
    const ends = async (certificate: string, days: number) => {
      const atEnd = async (seconds: number) =>
        (await openssl("x509", "-in", certificate, "-noout", "-checkend", String(seconds))).status;
      expect(await atEnd(days * A_DAY - 3600), certificate).toBe(0);
      expect(await atEnd(days * A_DAY + 3600), certificate).toBe(1);
    };
    await ends(files.server, 365);
    await ends(files.anna, 365);
    await ends(files.authority, 3650);
    const later = String(Math.floor(Date.now() / 1000) + 366 * A_DAY);
    expect(await verified(files.anna, "sslclient", "-attime", later)).toBe(false);
  });
  it("have the keys that go with them, of a size that Client VPN takes", async () => {
    const publicKey = async (key: string) => (await openssl("pkey", "-in", key, "-pubout")).stdout;
    expect(await shown(files.server, "-pubkey")).toBe(await publicKey(files.serverKey));
    expect(await shown(files.anna, "-pubkey")).toBe(await publicKey(files.annaKey));
    expect(await shown(files.server, "-text")).toContain("Public-Key: (2048 bit)");
  });
  it("name whom they are of", async () => {
    expect(await shown(files.anna, "-subject")).toMatch(/CN ?= ?anna\s/);
    expect(await shown(files.server, "-ext", "subjectAltName")).toContain("DNS:server.dev-fossa.vpn");
  });
});
