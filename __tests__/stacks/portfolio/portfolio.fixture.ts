import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { synthApp } from "../../support/synth";

/** The stacks of an environment with this portfolio. */
export const build = (portfolio: NonNullable<EnvironmentSettings["portfolio"]> = {}, name = "dev") =>
  synthApp(defineEnvironment({ name, region: "eu-west-2", portfolio }));
