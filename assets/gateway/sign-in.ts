import { createHash, timingSafeEqual } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { auth } from "hono/utils/basic-auth";
import type { GatewayEnv } from "./env";
import { Fault } from "./fault";
import type { PasswordSource } from "./password";
import type { Throttle } from "./throttle";

export const USER = "fossa";

/** Basic authentication of user `fossa`; `refuse` renders the page of a refusal. */
export const signIn = (password: PasswordSource, throttle: Throttle, refuse: () => Response | Promise<Response>) =>
  createMiddleware<GatewayEnv>(async (c, next) => {
    const expected = await password.current(); // first: without a password there is no challenge
    const given = auth(c.req.raw);
    if (!given) return challenge(await refuse());
    const client = c.get("client");
    const wait = throttle.wait(client);
    if (wait > 0) throw tooMany(wait);
    if (!matches(given, expected) && !matches(given, await password.latest())) {
      throttle.failed(client);
      return challenge(await refuse());
    }
    c.set("signedIn", true);
    return next();
  });

/** Constant time: digests have one length, and both are always compared. */
function matches(given: { username: string; password: string }, password: string): boolean {
  const user = timingSafeEqual(digest(given.username), digest(USER));
  const secret = timingSafeEqual(digest(given.password), digest(password));
  return user && secret;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

function challenge(page: Response): Response {
  page.headers.set("WWW-Authenticate", 'Basic realm="Fossa gateway", charset="UTF-8"');
  return page;
}

const tooMany = (seconds: number) =>
  new Fault({
    status: 429,
    title: "Too many failed attempts to sign in",
    what: "There were too many attempts with a wrong user or password from this address.",
    remedy: `Wait ${seconds} seconds, and sign in as user "${USER}" with the password from the gateway's secret.`,
    retryAfter: seconds,
  });
