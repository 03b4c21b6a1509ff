import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { expect, it } from "vitest";
import { HttpApi } from "../../../../modules/aws/apigateway/http-api";
import type { HttpApiProps } from "../../../../modules/aws/apigateway/http-api-settings";
import { type BadInput, rejects } from "../../../support/bad-input";
import { build, list, MINIMAL, route } from "./http-api.fixture";

it.each<Partial<HttpApiProps>>([
  route({ timeoutSeconds: 1, memory: 128 }),
  route({ timeoutSeconds: 30, memory: 10_240 }),
  route({ throttle: { burst: 1, rate: 1 } }),
  route({ throttle: { burst: 100_000, rate: 100_000 } }),
  route({ path: "/" }),
  route({ path: "/a/{b}/c_d.e~f-g/{h+}" }),
  { routes: { list: { ...list, path: "/a/{x}" }, more: { ...list, path: "/a/{x}/b" } } },
])("takes %#", (props) => {
  expect(build(props).all(Apigatewayv2Route).length).toBeGreaterThan(0);
});

const rows: BadInput<Record<string, unknown>>[] = [
  ["routes.list.method", route({ method: "get" }), "GET"],
  ["routes.list.path", route({ path: "things" }), "must be a path", '"things"'],
  ["routes.list.path", route({ path: "/things/" }), "must be a path"],
  ["routes.list.path", route({ path: "/{rest+}/more" }), "must be a path"],
  ["routes.list.timeoutSeconds", route({ timeoutSeconds: 0 }), "at least 1"],
  ["routes.list.timeoutSeconds", route({ timeoutSeconds: 31 }), "at most 30", "31"],
  ["routes.list.memory", route({ memory: 127 }), "at least 128"],
  ["routes.list.entry", route({ entry: "a.js" }), "TypeScript or Python"],
  ["routes.list.folder", route({ folder: "elsewhere" }), "must hold the Python file"],
  ["routes.list.throttle.burst", route({ throttle: { burst: 0, rate: 1 } }), "at least 1"],
  ["routes.list.throttle.rate", route({ throttle: { burst: 1, rate: 100_001 } }), "at most 100000"],
  ["routes.list.authorization", route({ authorization: "all" }), '"none", "iam" or an object with scopes'],
  ["routes.list.authorization", route({ authorization: { scopes: ["read"] } }), "without jwt", "read"],
];
rejects("test/api", rows, (scope, props) => new HttpApi(scope, "api", { ...MINIMAL, ...props }));
