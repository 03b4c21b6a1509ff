import { join } from "node:path";
import { Offerings } from "../../common/settings/offerings";

/** Instance types by region; the data file names its source. */
export const typeOfferings = new Offerings(join(__dirname, "data", "offerings.json"));
