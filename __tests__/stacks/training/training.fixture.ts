import { defineEnvironment, type EnvironmentSettings } from "../../../stacks/environment";
import { synthApp } from "../../support/synth";

/** The stacks of an environment with this platform. */
export const build = (training: NonNullable<EnvironmentSettings["training"]> = {}, name = "dev") =>
  synthApp(defineEnvironment({ name, region: "eu-west-2", training }));
