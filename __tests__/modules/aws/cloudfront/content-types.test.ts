import { expect, it } from "vitest";
import { contentTypeOf } from "../../../../modules/aws/cloudfront/content-types";

it.each([
  ["index.html", "text/html; charset=utf-8"],
  ["a/b.HTML", "text/html; charset=utf-8"],
  ["assets/app.min.js", "text/javascript; charset=utf-8"],
  ["app.mjs", "text/javascript; charset=utf-8"],
  ["site.css", "text/css; charset=utf-8"],
  ["app.js.map", "application/json"],
  ["site.webmanifest", "application/manifest+json"],
  ["icon.svg", "image/svg+xml"],
  ["photo.JPG", "image/jpeg"],
  ["photo.avif", "image/avif"],
  ["font.woff2", "font/woff2"],
  ["code.wasm", "application/wasm"],
  ["LICENSE", "application/octet-stream"],
  ["a.constructor", "application/octet-stream"],
])("%s is %s", (path, type) => expect(contentTypeOf(path)).toBe(type));
