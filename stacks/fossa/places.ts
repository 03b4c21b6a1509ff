import type { FossaSettings } from "./settings";

/** Where the user writes what describes the farm. */
export const farmPlaces = ({ existingNetwork }: FossaSettings) => ({
  name: "name",
  region: "region",
  network: existingNetwork ? "fossa.existingNetwork" : "fossa.network",
  egress: "fossa.egress",
  architecture: "fossa.architecture",
});
