import { join, resolve } from "node:path";
import { goPrograms } from "../../tools/control-plane/go-programs";
import { kubernetesPrograms } from "../../tools/control-plane/kubernetes";
import { kwok } from "../../tools/control-plane/kwok";
import { installPython } from "../../tools/policy/python-tools";
import { type Provide, prepareLevel } from "../support/level-setup";
import { VERSIONS } from "./versions";

/**
 * Builds, or finds in the cache, what the level of the real control plane needs. Programs that the user names spare the control
 * plane's alone: kwok and Karpenter are built by Go in every case.
 */
export const setup = ({ provide }: { provide: Provide }) =>
  prepareLevel({ level: "kube", skipped: "ALL TESTS ON A CONTROL PLANE ARE SKIPPED.", provide }, async () => {
    const began = Date.now();
    for (const version of VERSIONS) await kubernetesPrograms(version);
    await kwok();
    await goPrograms({ folder: join("tools", "control-plane", "karpenter") });
    console.info(`The programs of the control plane: ${Math.round((Date.now() - began) / 1000)} s`);
    provide("motoEnvironment", await installPython("requirements-test.txt", resolve(".venv")));
  });
