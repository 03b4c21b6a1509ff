import { z } from "zod";
import { refuse } from "../../common/settings/faults";

const PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
/** Source: the OCI distribution specification, "Pulling manifests". */
const REFERENCE = new RegExp(
  `^(?:(?<host>[A-Za-z0-9.-]+(?::\\d+)?)/)??(?<path>${PART}(?:/${PART})*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$`,
);

/** Tags that are known to move. */
const MOVING = ["latest", "stable", "main", "master", "edge", "nightly"];

/** Tag of an image reference, or its digest if it has no tag. */
export function tagOf(reference: string): string | undefined {
  const { tag, digest } = REFERENCE.exec(reference)?.groups ?? {};
  return tag ?? digest;
}

/** Reference of an image, `<registry>/<path>:<tag>`, by a tag that does not move or by a digest. */
export const imageReferenceSchema = z
  .string()
  .max(512)
  .superRefine((image, ctx) => {
    const fault = faultOf(image);
    if (fault) refuse(ctx, [], `${fault}, got ${image}`);
  });

function faultOf(image: string): string | undefined {
  const match = REFERENCE.exec(image);
  if (!match) return "must be an image such as public.ecr.aws/docker/library/rabbitmq:4.1.4";
  const { tag, digest } = match.groups ?? {};
  if (digest) return undefined;
  if (!tag) return "must have a tag or a digest, since :latest moves";
  return MOVING.includes(tag.toLowerCase()) ? `must have a fixed tag or a digest, since ${tag} moves` : undefined;
}
