import { extname } from "node:path";

/** Media types by extension. Source: IANA's registry of media types, and the MIME Sniffing Standard for scripts and fonts. */
const TYPES = new Map(
  Object.entries({
    avif: "image/avif",
    bmp: "image/bmp",
    css: "text/css; charset=utf-8",
    csv: "text/csv; charset=utf-8",
    eot: "application/vnd.ms-fontobject",
    gif: "image/gif",
    htm: "text/html; charset=utf-8",
    html: "text/html; charset=utf-8",
    ico: "image/x-icon",
    ics: "text/calendar; charset=utf-8",
    jpeg: "image/jpeg",
    jpg: "image/jpeg",
    js: "text/javascript; charset=utf-8",
    json: "application/json",
    jsonld: "application/ld+json",
    map: "application/json",
    md: "text/markdown; charset=utf-8",
    mjs: "text/javascript; charset=utf-8",
    mp3: "audio/mpeg",
    mp4: "video/mp4",
    oga: "audio/ogg",
    ogg: "audio/ogg",
    ogv: "video/ogg",
    otf: "font/otf",
    pdf: "application/pdf",
    png: "image/png",
    rss: "application/rss+xml; charset=utf-8",
    svg: "image/svg+xml",
    ttf: "font/ttf",
    txt: "text/plain; charset=utf-8",
    vtt: "text/vtt; charset=utf-8",
    wasm: "application/wasm",
    wav: "audio/wav",
    weba: "audio/webm",
    webm: "video/webm",
    webmanifest: "application/manifest+json",
    webp: "image/webp",
    woff: "font/woff",
    woff2: "font/woff2",
    xml: "application/xml",
    zip: "application/zip",
  }),
);

/** Media type of a file by its name; that of unknown bytes where it tells nothing. */
export const contentTypeOf = (path: string): string =>
  TYPES.get(extname(path).slice(1).toLowerCase()) ?? "application/octet-stream";
