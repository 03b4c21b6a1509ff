import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { HttpApi } from "../../../../modules/aws/apigateway/http-api";
import type { HttpApiProps } from "../../../../modules/aws/apigateway/http-api-settings";
import { synth } from "../../../support/synth";

export const ENTRY = "assets/ecs/definition-sweeper/sweeper.py";
export const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
export const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d";
export const list = { method: "GET", path: "/things", entry: ENTRY } as const;
export const add = { method: "POST", path: "/things", entry: ENTRY } as const;
export const MINIMAL: HttpApiProps = {
  name: "dev-things",
  description: "Things",
  region: "us-east-1",
  routes: { list, add },
};
export const JWT = { issuer: "https://issuer.example.com/pool", audience: ["things"] };
export const DOMAIN = { name: "api.example.com", hostedZoneId: "Z0123456789EXAMPLE" };

export const build = (props: Partial<HttpApiProps> = {}, use: (made: HttpApi) => void = () => {}) =>
  synth((stack) => use(new HttpApi(stack, "api", { ...MINIMAL, ...props })));
export const routesOf = (stack: ReturnType<typeof build>) =>
  Object.fromEntries(stack.all(Apigatewayv2Route).map(({ route_key, ...route }) => [route_key, route]));

export const route = (props: object) => ({ routes: { list: { ...list, ...props } } }) as Partial<HttpApiProps>;
export const texts = (count: number) => Array.from({ length: count }, (_, i) => `https://a${i}.example.com`);
