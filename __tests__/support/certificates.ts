import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./process";

export interface Certificate {
  file: string;
  keyFile: string;
}

/** An authority that nobody trusts who is not told to. */
export class CertificateAuthority {
  private constructor(
    private readonly folder: string,
    private readonly own: Certificate,
  ) {}

  static async make(folder: string): Promise<CertificateAuthority> {
    mkdirSync(folder, { recursive: true });
    const own = await openssl(folder, "authority", [
      ...["-addext", "basicConstraints=critical,CA:TRUE"],
      ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    ]);
    return new CertificateAuthority(folder, own);
  }

  /** File for those who are to trust it. */
  get file(): string {
    return this.own.file;
  }

  /** A server's certificate for one host name. */
  async sign(hostName: string): Promise<Certificate> {
    return openssl(this.folder, hostName, [
      ...["-CA", this.own.file, "-CAkey", this.own.keyFile],
      ...["-addext", `subjectAltName=DNS:${hostName}`],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ]);
  }
}

async function openssl(folder: string, name: string, args: string[]): Promise<Certificate> {
  const made = { file: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", made.keyFile];
  const { status, stderr } = await run("openssl", [
    ...["req", "-x509", "-days", "2", "-subj", `/CN=${name}`, "-out", made.file],
    ...key,
    ...args,
  ]);
  if (status !== 0) throw new Error(`openssl made no certificate for ${name}:\n${stderr}`);
  return made;
}
