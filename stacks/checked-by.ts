import { z } from "zod";

/** Settings that a construct validates itself, with its own path in the error. */
export const checkedBy = <T extends object>() =>
  z.custom<T>((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    error: "must be an object of settings",
  });
