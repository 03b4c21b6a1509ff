import { route } from "./http";
import { countOf } from "./table";

export const handler = route("GET", (_request, signal) => countOf("RECEIPT", signal));
