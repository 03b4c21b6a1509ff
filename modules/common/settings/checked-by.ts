import { z } from "zod";

/** Settings that are checked by the construct they are for, with its path in the error. */
export const checkedBy = <T extends object>() =>
  z.custom<T>((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    error: "must be an object of settings",
  });
