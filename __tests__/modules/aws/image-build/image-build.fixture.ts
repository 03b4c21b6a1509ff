import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Folder of a small image. */
export function imageFolder(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  for (const [path, content] of Object.entries({
    Dockerfile: "FROM scratch\nCOPY . /\n",
    "app/main.py": "",
    ...files,
  })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Repository that exists already. */
export const REPOSITORY = {
  repositoryUrl: "111122223333.dkr.ecr.us-east-1.amazonaws.com/fossa",
  repositoryArn: "arn:aws:ecr:us-east-1:111122223333:repository/fossa",
  repositoryName: "fossa",
};

export const KMS_KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
export const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";

/** Files as a folder gives them. */
export const FILES = [
  { path: "Dockerfile", bytes: Buffer.from("FROM scratch\n"), executable: false },
  { path: "run.sh", bytes: Buffer.from("#!/bin/sh\n"), executable: true },
];
