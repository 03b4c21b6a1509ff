import { imageReferenceSchema } from "../aws/ecr/image-reference";
import { refuse } from "../common/settings/faults";
import { orToken } from "../common/settings/props";

/** Dask's own image, in the newest version that has the commands which dask-cloudprovider 2025.9.0 starts. */
export const DASK_IMAGE = "ghcr.io/dask/dask:2026.3.0";

/** Dask's own images by version. */
const OWN = /^(?:ghcr\.io\/dask|(?:docker\.io\/)?daskdev)\/dask(?:-notebook)?:(\d+)\.(\d+)\.\d+(?:-[\w.]+)?(?:@|$)/;
/**
 * First version without the commands `dask-scheduler` and `dask-worker`. Source: console scripts of the wheels of
 * distributed 2026.3.0 and 2026.6.0.
 */
const WITHOUT_COMMANDS = { year: 2026, month: 6 };

/** Image of schedulers and workers. */
export const daskImageSchema = orToken(
  imageReferenceSchema.superRefine((image, ctx) => {
    const [, year = 0, month = 0] = (OWN.exec(image) ?? []).map(Number);
    const { year: last, month: until } = WITHOUT_COMMANDS;
    if (year < last || (year === last && month < until)) return;
    const why = "later ones have no dask-scheduler and dask-worker commands, which dask-cloudprovider 2025.9.0 starts";
    refuse(ctx, [], `must be of a version before ${last}.${until}.0 such as ${DASK_IMAGE}, as ${why}, got ${image}`);
  }),
);
