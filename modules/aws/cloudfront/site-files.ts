import { extname } from "node:path";
import { Construct } from "constructs";
import { CodeAsset } from "../../common/bundling/code-asset";
import type { FolderFile } from "../../common/bundling/folder";
import { idFrom } from "../../common/names";
import { BucketObject } from "../storage/bucket-object";
import type { PrivateBucket } from "../storage/private-bucket";
import { contentTypeOf } from "./content-types";

/**
 * A hash of eight or more hexadecimal digits before the extension, with both letters and digits, which no date or word has,
 * and not the end of a UUID.
 */
const HASHED =
  "(?<!-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})[.-](?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,}\\.[A-Za-z0-9.]+$";

/**
 * Regular expression, for JavaScript and Python, of the keys of objects that never change: those with a hash in their name,
 * and those beneath `folders`.
 */
export const immutableKeys = (folders: readonly string[]): string =>
  [...folders.map((folder) => `^${folder.replace(/[^\w/]/g, "\\$&")}/`), HASHED].join("|");

const FOR_EVER = "public, max-age=31536000, immutable";
/** Browsers ask each time; CloudFront keeps it for an hour at most, and forgets it when it changes. */
const ASK_AGAIN = "public, max-age=0, s-maxage=3600, must-revalidate";

/** Files that have an address without an extension. */
export const addressedFiles = (paths: readonly string[]): string[] =>
  paths.filter((path) => path.endsWith(".html") || extname(path) === "");

export interface SiteFilesProps {
  readonly bucket: PrivateBucket;
  readonly files: readonly FolderFile[];
  /** Expression of {@link immutableKeys}. */
  readonly immutable: string;
}

/** Objects of a site's files. */
export class SiteFiles extends Construct {
  constructor(scope: Construct, id: string, { bucket, files, immutable }: SiteFilesProps) {
    super(scope, id);
    const unchanging = new RegExp(immutable);
    for (const { path, bytes } of files) {
      const key = idFrom(path);
      const asset = new CodeAsset(this, `${key}-content`, { fileName: `file${extname(path)}`, content: bytes });
      new BucketObject(this, key, {
        bucket: bucket.bucketId,
        key: path.replace(/[$%]\{/g, ([sign]) => `${sign}${sign}{`), // else Terraform takes it for an expression
        source: asset.path,
        sourceHash: asset.digest,
        contentType: contentTypeOf(path),
        cacheControl: unchanging.test(path) ? FOR_EVER : ASK_AGAIN,
        dependsOn: bucket.ready,
      });
    }
  }
}
