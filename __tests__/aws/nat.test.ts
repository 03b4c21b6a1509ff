import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { natUserData } from "../../modules/network/nat-user-data";
import { NetworkNamespaces, obstacle } from "../support/network-namespaces";
import { ScratchMachine } from "../support/scratch-machine";

const hindered = inject("missing") || obstacle();
// CI has to run these
const skipped = hindered !== undefined && !process.env.CI;
if (skipped) console.warn(`\nTHE NAT SCRIPT IS NOT RUN: ${hindered}.\n`);

const PRIVATE = "192.168.2.10";
/** A second address of the private side, which the NAT does not serve. */
const OTHER = "192.168.9.10";
const GATEWAY = "203.0.113.2";
const PUBLIC = "203.0.113.1";
/** Address of EC2's metadata service, which only the host itself may ask. */
const METADATA = "169.254.169.254";

describe.skipIf(skipped)("the NAT script, between a private and a public network", () => {
  const networks = new NetworkNamespaces();
  let gateway: ScratchMachine;
  const machine = () =>
    new ScratchMachine({
      scratch: inject("scratch"),
      venv: inject("motoEnvironment"),
      env: {},
      within: networks.enter("gateway"),
    });
  const rules = () => networks.must("gateway", "nft", "list", "ruleset");
  const forwarding = async () => (await networks.must("gateway", "sysctl", "-n", "net.ipv4.ip_forward")).trim();
  /** Runs the user data as cloud-init does, then the unit's command as systemd does. */
  const boot = async (script: string) => {
    const { status, stdout, stderr } = await gateway.boot(script);
    expect(status, stdout + stderr).toBe(0);
    return start();
  };
  const start = async () => {
    const command = /^ExecStart=(.*)$/m.exec(gateway.read("/etc/systemd/system/nat.service"))?.[1] ?? "";
    const { status, stdout, stderr } = await gateway.shell(command);
    expect(status, stdout + stderr).toBe(0);
  };

  beforeAll(async () => {
    if (hindered) throw new Error(hindered);
    await networks.add("private", "gateway", "public");
    await networks.connect(
      { in: "private", name: "lan0", address: `${PRIVATE}/24` },
      { in: "gateway", name: "lan0", address: "192.168.2.1/24" },
    );
    await networks.connect(
      { in: "gateway", name: "ens5", address: `${GATEWAY}/24` }, // not eth0
      { in: "public", name: "wan0", address: `${PUBLIC}/24` },
    );
    await networks.must("private", "ip", "address", "add", `${OTHER}/24`, "dev", "lan0");
    await networks.must("private", "ip", "route", "add", "default", "via", "192.168.2.1");
    await networks.must("gateway", "ip", "route", "add", "192.168.9.0/24", "dev", "lan0");
    await networks.must("gateway", "ip", "route", "add", "default", "via", PUBLIC);
    // what an attacker on the way would have
    for (const block of ["192.168.2.0/24", "192.168.9.0/24"]) {
      await networks.must("public", "ip", "route", "add", block, "via", GATEWAY);
    }
    await networks.must("public", "ip", "address", "add", `${METADATA}/32`, "dev", "lo");
    await Promise.all([
      ...[80, 443, 8080].map((port) => networks.serve("public", port)),
      networks.serve("private", 80),
    ]);
  });
  afterAll(() => networks.remove());

  it("has networks around it that hide nothing while the gateway only forwards", async () => {
    await networks.must("gateway", "sysctl", "-qw", "net.ipv4.ip_forward=1");
    expect(await networks.seenBy(PUBLIC, "private")).toBe(PRIVATE);
    expect(await networks.seenBy(PUBLIC, "private", "--interface", OTHER)).toBe(OTHER);
    expect(await networks.seenBy(PRIVATE, "public")).toBe(PUBLIC);
    expect(await networks.seenBy(METADATA, "private")).toBe(PRIVATE);
    await networks.must("gateway", "sysctl", "-qw", "net.ipv4.ip_forward=0");
    expect(await networks.seenBy(PUBLIC, "private")).toBe("unreachable");
  });

  describe("for one block and two ports", () => {
    const script = natUserData({ sources: ["192.168.2.0/24"], ports: [80, 443] });
    let first: string;
    beforeAll(async () => {
      gateway = machine();
      await gateway.shell("touch /swapfile"); // or the machine under test would get swap
      await boot(script);
      first = await rules();
    });

    it("lets the private side out, under the gateway's address", async () => {
      expect(await networks.seenBy(PUBLIC, "private")).toBe(GATEWAY);
      expect(await networks.seenBy(`${PUBLIC}:443`, "private")).toBe(GATEWAY);
    });
    it("lets nobody in, though the way is known", async () => {
      expect(await networks.seenBy(PRIVATE, "gateway")).toBe("192.168.2.1");
      expect(await networks.seenBy(PRIVATE, "public")).toBe("unreachable");
    });
    it("serves no other block", async () => {
      expect(await networks.seenBy(PUBLIC, "private", "--interface", OTHER)).toBe("unreachable");
      expect(await networks.seenBy(PUBLIC, "private", "--interface", PRIVATE)).toBe(GATEWAY);
    });
    it("opens no other port", async () => {
      expect(await networks.seenBy(`${PUBLIC}:8080`, "gateway")).toBe(GATEWAY);
      expect(await networks.seenBy(`${PUBLIC}:8080`, "private")).toBe("unreachable");
    });
    it("leads nobody to the metadata service with the gateway's own role", async () => {
      expect(await networks.seenBy(METADATA, "gateway")).toBe(GATEWAY);
      expect(await networks.seenBy(METADATA, "private")).toBe("unreachable");
    });
    it("is asked of systemd, now and at each boot", () => {
      expect(gateway.calls).toEqual(["systemctl daemon-reload", "systemctl enable nat", "systemctl restart nat"]);
    });
    it("leaves the same rules when it runs again, and others' rules alone", async () => {
      await networks.must("gateway", "nft", "add table ip filter");
      await boot(script);
      const second = await rules();
      expect(second).toContain("table ip filter {");
      await networks.must("gateway", "nft", "delete table ip filter");
      expect(await rules()).toBe(first);
      expect(first.match(/masquerade/g)).toHaveLength(1);
      expect(await networks.seenBy(PUBLIC, "private")).toBe(GATEWAY);
    });
    it("is there again after a boot", async () => {
      await networks.must("gateway", "nft", "flush", "ruleset");
      await networks.must("gateway", "sysctl", "-qw", "net.ipv4.ip_forward=0");
      expect(await networks.seenBy(PUBLIC, "private")).toBe("unreachable");
      await start();
      expect(await rules()).toBe(first);
      expect(await forwarding()).toBe("1");
      expect(await networks.seenBy(PUBLIC, "private")).toBe(GATEWAY);
      expect(await networks.seenBy(PRIVATE, "public")).toBe("unreachable");
    });
    it("forwards nothing when the rules cannot be made", async () => {
      await networks.must("gateway", "nft", "flush", "ruleset");
      await networks.must("gateway", "sysctl", "-qw", "net.ipv4.ip_forward=0");
      await networks.must("gateway", "ip", "route", "del", "default");
      const { status, stderr } = await gateway.shell("/usr/local/sbin/nat");
      expect(status).toBe(1);
      expect(stderr).toContain("there is no default route yet");
      expect(await forwarding()).toBe("0");
      await networks.must("gateway", "ip", "route", "add", "default", "via", PUBLIC);
    });
  });

  it("lets several blocks out by every port when it is told no ports", async () => {
    gateway = machine();
    await gateway.shell("touch /swapfile");
    await boot(natUserData({ sources: ["192.168.2.0/24", "192.168.9.0/24"] }));
    expect(await networks.seenBy(`${PUBLIC}:8080`, "private")).toBe(GATEWAY);
    expect(await networks.seenBy(PUBLIC, "private", "--interface", OTHER)).toBe(GATEWAY);
    expect(await networks.seenBy(PRIVATE, "public")).toBe("unreachable");
  });
});
