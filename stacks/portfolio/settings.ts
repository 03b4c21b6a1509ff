import { z } from "zod";
import { alertTopicShape } from "../../modules/aws/cloudwatch/alert-topic";
import { refuse } from "../../modules/common/settings/faults";
import { apiSchema } from "./api-settings";
import { dataShape } from "./data-settings";
import { domainSchema } from "./domain";
import { layersOf, layersSchema } from "./layers-settings";
import { websiteSchema } from "./website-settings";

/** A website with an API, its table and its bucket, and the layers of its functions. */
export const portfolioSchema = z
  .strictObject({
    /** Domain of website and API; the names that AWS gives them when absent. */
    domain: domainSchema.optional(),
    ...dataShape,
    /** Lambda layers by name, each built from a Python package whenever that changes. */
    layers: layersSchema,
    /** The website. */
    website: websiteSchema,
    /** The API. */
    api: apiSchema,
    /** Alarms: functions that fail, builds that fail, requests that are throttled. */
    alarms: z.boolean().default(true),
    ...alertTopicShape,
  })
  .superRefine(({ api, layers }, ctx) => {
    const known = Object.keys(layersOf(layers)).sort();
    for (const [key, route] of Object.entries(api.routes)) {
      for (const [i, name] of route.layers.entries()) {
        if (known.includes(name)) continue;
        refuse(ctx, ["api", "routes", key, "layers", i], `must be one of layers (${known.join(", ")}), got ${name}`);
      }
    }
  })
  .superRefine(({ domain, api }, ctx) => {
    if (domain || api.certificateArn === undefined) return;
    refuse(ctx, ["api", "certificateArn"], "must be left out without domain, which it is for, got one");
  })
  .superRefine(({ alarms, alertEmails }, ctx) => {
    if (alarms || alertEmails.length === 0) return;
    refuse(ctx, "alertEmails", `must be left out where alarms is off, got ${alertEmails.join(", ")}`);
  });

export type PortfolioSettings = z.output<typeof portfolioSchema>;
