import { portfolioApiSchema } from "../../modules/portfolio/routes";

export const apiSchema = portfolioApiSchema.prefault({});
