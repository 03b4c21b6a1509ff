import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { corsMethods } from "../../modules/aws/apigateway/http-api";
import { MEDIA_PREFIX, type PortfolioRoute, routesOf, VARIABLES } from "../../modules/portfolio/routes";
import { FunctionHost, functionEnv } from "./function-host";
import { localApi } from "./local-api";
import { localSite } from "./local-site";

export interface LocalPortfolioSettings {
  /** Folder of the website. */
  readonly site: string;
  /** Routes of the API by name; the portfolio's own when absent. */
  readonly routes?: Readonly<Record<string, PortfolioRoute>>;
  /** Ports of website and API; 0 for any that is free. */
  readonly ports: { readonly site: number; readonly api: number };
  /** Names of what the routes use; a route whose resource is absent is left out. */
  readonly names: { readonly table: string; readonly rawBucket?: string; readonly siteBucket?: string };
  /** Python interpreter with boto3. */
  readonly python: string;
  /** Environment of the functions. */
  readonly env: NodeJS.ProcessEnv;
}

export interface LocalPortfolio {
  readonly siteUrl: string;
  readonly apiUrl: string;
  /** Routes that it answers, such as `GET /receipts`. */
  readonly routeKeys: readonly string[];
  stop(): Promise<void>;
}

/** Website and API on loopback, each at an address of its own as in AWS. */
export async function startPortfolio(settings: LocalPortfolioSettings): Promise<LocalPortfolio> {
  const { names, ports } = settings;
  const host = { python: settings.python, env: functionEnv(settings.env) };
  const given = settings.routes ?? routesOf({ routes: {}, without: [], jwt: undefined });
  const routes = Object.values(given)
    .filter(({ rawBucket, media }) => (!rawBucket || names.rawBucket) && (!media || names.siteBucket))
    .map((route) => ({
      ...route,
      host: new FunctionHost({ ...route, environment: environmentOf(route, names) }, host),
    }));
  const urls = { site: "", api: "" };
  const api = localApi(
    routes.map(({ method, path, host }) => ({ method, path, call: (event) => host.call(event) })),
    () => ({
      origins: [urls.site],
      methods: corsMethods(routes),
      headers: ["content-type"],
      credentials: true,
      maxAgeSeconds: 3600,
    }),
  );
  const site = localSite({ folder: settings.site, apiUrl: () => urls.api });
  urls.api = await listen(api, ports.api);
  try {
    urls.site = await listen(site, ports.site);
  } catch (error) {
    api.close();
    throw error;
  }
  return {
    siteUrl: urls.site,
    apiUrl: urls.api,
    routeKeys: routes.map(({ method, path }) => `${method} ${path}`),
    stop: async () => {
      for (const { host } of routes) host.stop();
      await Promise.all([close(site), close(api)]);
    },
  };
}

const environmentOf = (route: PortfolioRoute, names: LocalPortfolioSettings["names"]): Record<string, string> => ({
  ...route.environment,
  ...(route.table && { [VARIABLES.table]: names.table }),
  ...(route.rawBucket && { [VARIABLES.rawBucket]: names.rawBucket ?? "" }),
  ...(route.media && { [VARIABLES.siteBucket]: names.siteBucket ?? "", [VARIABLES.media]: MEDIA_PREFIX }),
});

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
