import { route } from "./http";

export const handler = route("GET", () => "Health check passed");
