import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { natUserData } from "../../../modules/network/nat-user-data";

const root = mkdtempSync(join(tmpdir(), "nat-"));
const bin = join(root, "bin");
afterAll(() => rmSync(root, { recursive: true }));

/** Programs that write down how they are called, and with what on their input. */
const STAND_INS = ["dd", "chmod", "mkswap", "swapon", "dnf", "sysctl", "systemctl"];
const calls = () => readFileSync(join(root, "calls"), "utf8");
function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}
/** Runs a script below the scratch folder instead of at the root of the machine. */
const run = (script: string) =>
  execFileSync("bash", ["-c", script.replace(/ (\/(etc|usr|swapfile)\b)/g, ` ${root}$1`)], {
    env: { PATH: `${bin}:${process.env.PATH}` },
    encoding: "utf8",
  });

it("is this script", async () => {
  await expect(natUserData()).toMatchFileSnapshot("../../rendered/nat-instance.sh");
});
it("holds nothing that Terraform would read as its own", () => {
  expect(natUserData()).not.toMatch(/\$\{|%\{/);
});
it("sets up what comes back at every boot", () => {
  mkdirSync(bin);
  for (const name of STAND_INS) program(name, `echo "${name} $*" >> ${root}/calls`);
  program("ip", "echo 'default via 10.0.48.1 dev ens5 proto dhcp src 10.0.48.9 metric 512'");
  program("nft", `echo "nft $*" >> ${root}/calls; cat >> ${root}/rules`);
  for (const file of ["etc/sysctl.d/x", "usr/local/sbin/x", "etc/systemd/system/x"]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
  }

  run(natUserData());
  expect(calls()).toMatch(/^dnf install -y nftables$/m);
  expect(calls()).toMatch(/systemctl daemon-reload\nsystemctl enable --now nat\.service\n$/);
  expect(calls().match(/^dnf /gm)).toHaveLength(1);
  expect(readFileSync(join(root, "etc/sysctl.d/90-nat.conf"), "utf8")).toContain("net.ipv4.ip_forward = 1\n");
  const unit = readFileSync(join(root, "etc/systemd/system/nat.service"), "utf8");
  expect(unit).toMatch(/ExecStart=\/usr\/local\/sbin\/nat$/m);
  expect(unit).toMatch(/WantedBy=multi-user\.target$/m);

  run(readFileSync(join(root, "usr/local/sbin/nat"), "utf8"));
  expect(calls()).toMatch(/sysctl -q -p \S+\/etc\/sysctl\.d\/90-nat\.conf\nnft -f -\n$/);
  const rules = readFileSync(join(root, "rules"), "utf8");
  expect(rules).toContain('oifname "ens5" masquerade');
  expect(rules).toContain("type nat hook postrouting");
});
it("fails, to be tried again, where there is no way out yet", () => {
  program("ip", "true");
  expect(() => run(readFileSync(join(root, "usr/local/sbin/nat"), "utf8"))).toThrow();
});
