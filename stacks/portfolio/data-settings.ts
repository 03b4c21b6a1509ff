import { singleTableSettings } from "../../modules/aws/dynamodb/single-table";
import { privateBucketSettings } from "../../modules/aws/storage/private-bucket";

/** Where the data lies. */
export const dataShape = {
  /** Table of all items, with keys `PK` and `SK`, the indexes `GSI1` to `GSI4` and `GSITYPE`. */
  table: singleTableSettings.default({}),
  /** Bucket of raw data, which moves to INTELLIGENT_TIERING after 30 days where `transition` is absent and it is there so long. */
  rawBucket: privateBucketSettings.default({}),
};
