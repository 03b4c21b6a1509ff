import { z } from "zod";

/** Name of an AWS region. */
export const regionSchema = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, "must be an AWS region such as us-west-2");
