import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { localSite } from "../../../tools/portfolio/local-site";

const API = "http://127.0.0.1:8081";
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Starts a site of these files; gives its folder and what asks it. */
async function site(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "local-site-test-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  server = localSite({ folder, apiUrl: () => API });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", ...init });
  return { write, ask };
}
const FILES = { "index.html": "home", "about.html": "about", "a/b c.txt": "text", "404.html": "none" };

it.each([
  ["/", 200, "home"],
  ["/about", 200, "about"],
  ["/a/b%20c.txt", 200, "text"],
  ["/nothing", 404, "none"],
  ["/..%2f..%2fetc/passwd", 404, "none"],
])("answers %s with %i", async (path, status, text) => {
  const { ask } = await site(FILES);
  const response = await ask(path);
  expect([response.status, await response.text()]).toEqual([status, text]);
});
it("leads to clean addresses", async () => {
  const { ask } = await site(FILES);
  const response = await ask("/about/?a=1&a=2&b");
  expect(response.status).toBeGreaterThanOrEqual(301);
  expect(response.headers.get("location")).toMatch(/^\/about\?a=1&a=2&b/);
});
it("shows the start page where the site has no page for errors", async () => {
  const { ask } = await site({ "index.html": "home" });
  const response = await ask("/nothing");
  expect([response.status, await response.text()]).toEqual([200, "home"]);
});
it("tells pages where the API is, and lets them call no other", async () => {
  const { ask } = await site({ ...FILES, "config.json": "{}" });
  const config = await ask("/config.json");
  expect(await config.json()).toEqual({ apiUrl: API });
  expect(config.headers.get("content-type")).toContain("application/json");
  const { headers } = await ask("/");
  expect(headers.get("content-security-policy")).toMatch(/connect-src [^;]*http:\/\/127\.0\.0\.1:8081/);
  expect(headers.get("content-type")).toContain("text/html");
});
it("shows a file as soon as it is changed", async () => {
  const { write, ask } = await site(FILES);
  await ask("/about");
  write("about.html", "more");
  expect(await (await ask("/about")).text()).toBe("more");
});
it("answers HEAD without a body, and no other method", async () => {
  const { ask } = await site(FILES);
  const head = await ask("/about", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const post = await ask("/about", { method: "POST" });
  expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});
