import { expect, it } from "vitest";
import { jsonLog } from "../../../assets/gateway/log";

it("writes one line of JSON per event", () => {
  const lines: string[] = [];
  const log = jsonLog(
    () => 0,
    (line) => lines.push(line),
  );
  log.info("request", { path: "/a\nb" });
  log.error("fault");
  expect(lines).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"request","path":"/a\\nb"}',
    '{"time":"1970-01-01T00:00:00.000Z","level":"error","event":"fault"}',
  ]);
});
