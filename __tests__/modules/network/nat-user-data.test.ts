import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { natSetUp, natUserData } from "../../../modules/network/nat-user-data";
import { ScriptSandbox } from "../../support/script-sandbox";

const ruleset = (script: string) => /put \/etc\/nat\.nft 644 <<'EOF'\n([\s\S]*?)\nEOF/.exec(script)?.[1] ?? "";

it("is this script", async () => {
  const script = natUserData({ sources: ["10.0.0.0/16", "100.64.0.0/16"] });
  await expect(script).toMatchFileSnapshot("rendered/nat-instance.sh");
});
it("holds nothing that Terraform would read as its own, and no name of an interface", () => {
  expect(natUserData({ sources: ["10.0.0.0/16"], ports: [80] })).not.toMatch(/\$\{|%\{|\beth\d|\bens\d/);
});

describe("the rules", () => {
  it("masquerade exactly the blocks that are given, and let only these begin something", () => {
    const rules = ruleset(natUserData({ sources: ["192.168.2.0/24", "192.168.3.0/24"] }));
    expect(rules.match(/ip saddr .*/g)).toEqual([
      "ip saddr { 192.168.2.0/24, 192.168.3.0/24 } oifname $interface accept",
      "ip saddr { 192.168.2.0/24, 192.168.3.0/24 } oifname $interface masquerade",
    ]);
    expect(rules).toContain("type filter hook forward priority filter; policy drop;");
  });
  it("keep to the ports that are given", () => {
    const rules = ruleset(natUserData({ sources: ["192.168.2.0/24"], ports: [80, 443, 22] }));
    expect(rules).toContain("ip saddr { 192.168.2.0/24 } oifname $interface tcp dport { 80, 443, 22 } accept\n");
    expect(rules).toContain("ip saddr { 192.168.2.0/24 } oifname $interface masquerade\n");
  });
  it("are the same in every script that sets up a NAT", () => {
    const rules = { sources: ["192.168.2.0/24"], ports: [443] };
    expect(natUserData(rules).endsWith(`\nswap\n${natSetUp(rules).join("\n")}\n`)).toBe(true);
  });
});

describe("on a machine", () => {
  const script = natUserData({ sources: ["10.0.0.0/16"] });
  let on: ScriptSandbox;
  beforeEach(() => {
    on = new ScriptSandbox("awk", "cat", "chmod", "install", "timeout");
    for (const name of ["mkswap", "swapon", "sysctl"]) on.program(name, "");
    on.program("systemctl", "[[ ! -e ROOT/failing || $1 != restart ]]");
    on.program("dd", "echo >ROOT/swapfile");
    on.program("ip", "echo 'default via 10.0.48.1 dev ens5 proto dhcp src 10.0.48.9 metric 512'");
    on.program("dnf", "exec 2>/dev/null; [ -x BIN/.nft ] && /bin/cp BIN/.nft BIN/nft");
    on.program(".nft", "/bin/cat >ROOT/rules");
    on.write("etc/fstab", "");
  });
  afterEach(() => on.remove());
  const nat = () => on.run(on.read("usr/local/sbin/nat"));

  it("puts what comes back at every boot, and starts it", () => {
    expect(on.run(script)).toMatchObject({ status: 0, stderr: "" });
    expect(on.calls("systemctl")).toEqual(["systemctl daemon-reload", "systemctl enable nat", "systemctl restart nat"]);
    const unit = on.read("etc/systemd/system/nat.service");
    expect(unit).toMatch(/^ExecStart=\/usr\/local\/sbin\/nat$/m);
    expect(unit).toMatch(/^Restart=on-failure$/m);
    expect(unit).toMatch(/^WantedBy=multi-user\.target$/m);
  });
  it("makes swap once", () => {
    on.run(script);
    expect(on.run(script).status).toBe(0);
    expect(on.calls("dd", "mkswap", "swapon")).toHaveLength(3);
    expect(on.read("etc/fstab")).toMatch(/^\S+swapfile none swap sw 0 0\n$/);
  });
  it("goes on when the NAT does not start at once", () => {
    on.write("failing", "");
    const { status, stdout } = on.run(script);
    expect(status).toBe(0);
    expect(stdout).toContain("systemd tries it again");
  });
  it("installs nftables when it is not there, makes the rules for the interface that it finds, then forwards", () => {
    on.run(script);
    expect(nat()).toMatchObject({ status: 0, stderr: "" });
    expect(nat()).toMatchObject({ status: 0, stderr: "" });
    expect(on.calls("dnf")).toEqual(["dnf -y install nftables"]);
    expect(on.read("rules")).toBe(`define interface = "ens5"\n${ruleset(script)}\n`);
    expect(on.calls(".nft", "nft", "sysctl").at(-1)).toBe(
      "sysctl -q -w net/ipv4/ip_forward=1 net/ipv4/conf/all/send_redirects=0 net/ipv4/conf/ens5/send_redirects=0",
    );
  });
  it.each([
    ["there is no way out yet", "ip", "", "there is no default route yet"],
    ["the package cannot be had", "dnf", "exit 1", ""],
  ])("fails, to be tried again, when %s", (_, name, standIn, message) => {
    on.run(script);
    on.program(name, standIn);
    const { status, stderr } = nat();
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(on.calls("sysctl")).toEqual([]);
  });
  it("does not forward when the rules are refused", () => {
    on.run(script);
    on.program("nft", "/bin/cat >/dev/null; exit 1");
    expect(nat().status).toBe(1);
    expect(on.calls("sysctl")).toEqual([]);
  });
});
