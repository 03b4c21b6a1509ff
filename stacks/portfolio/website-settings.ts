import { staticWebsiteSettings } from "../../modules/aws/cloudfront/website-settings";

export const websiteSchema = staticWebsiteSettings.default({});
