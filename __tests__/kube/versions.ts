import { ASSETS_VARIABLE, KUBERNETES_VERSIONS } from "../../tools/control-plane/kubernetes";

/** The minor versions under test, or the one whose programs the user names. */
export const VERSIONS: readonly string[] = process.env[ASSETS_VARIABLE]
  ? [`of ${ASSETS_VARIABLE}`]
  : KUBERNETES_VERSIONS;
