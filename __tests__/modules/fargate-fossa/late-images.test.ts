import { describe, expect, it } from "vitest";
import type { FargateFossaProps } from "../../../modules/fargate-fossa/fargate-fossa";
import type { Json } from "../../support/synth";
import { farm, IMAGE, TLS } from "./fossa.fixture";

const FARMS = {
  "CodeBuild, page on the host": {},
  "CodeBuild, page as a service": { gateway: { page: "container", ...TLS } },
  "CodeBuild, repository of your own": { gateway: { repositoryName: "mine" } },
  "gateway host, page on it": { gateway: { imageBuild: "gateway" } },
  "gateway host, no page": { gateway: { imageBuild: "gateway", page: "none" } },
  prebuilt: { gateway: { imageBuild: "prebuilt", image: IMAGE } },
  "prebuilt, page as a service": {
    gateway: { imageBuild: "prebuilt", image: IMAGE, pageImage: IMAGE, page: "container", ...TLS },
  },
} satisfies Record<string, Partial<FargateFossaProps>>;

/** Services whose image is built here: the reference to it names a repository of this account by a tag of ours. */
const builtServices = ({ parsed }: { parsed: Json }): string[] =>
  Object.values<Json>(parsed.resource.aws_ecs_task_definition)
    .filter(({ container_definitions }) =>
      /_repository\.[\w-]+\.repository_url\}:[0-9a-f]{16}-/.test(container_definitions),
    )
    .map(({ family }) => family);

/** Services that a build redeploys, by how it is told: CodeBuild's variables, or the environment of the host. */
function redeployed({ parsed }: { parsed: Json }): string[] {
  const projects = Object.values<Json>(parsed.resource.aws_codebuild_project ?? {}).flatMap(({ environment }) =>
    environment.environment_variable
      .filter(({ name }: Json) => name === "SERVICE_NAME")
      .map(({ value }: Json) => value),
  );
  const hosts = Object.values<Json>(parsed.resource.aws_instance ?? {}).flatMap(({ user_data }) =>
    [...user_data.matchAll(/^SERVICE_NAME=(.*)$/gm)].map(([, name]) => name as string),
  );
  return [...projects, ...hosts];
}

/** What builds may do to services, and which roles they may hand to their tasks. */
const grants = ({ parsed }: { parsed: Json }): string =>
  Object.values<Json>(parsed.resource.aws_iam_role_policy)
    .map(({ policy }) => policy)
    .filter((policy) => policy.includes("ecs:UpdateService"))
    .join("\n");

describe.each(Object.entries(FARMS))("with %s", (_, props) => {
  const made = farm(props as Partial<FargateFossaProps>);
  it("whoever builds an image redeploys the service that runs it, whose tasks may have failed before", () => {
    expect(redeployed(made).sort()).toEqual(builtServices(made).sort());
  });
  it("may bring that service, and no other, to its newest revision", () => {
    const allowed = grants(made);
    for (const service of builtServices(made)) {
      expect(allowed).toContain(`service/dev-fossa/${service}"`);
      for (const role of ["task", "execution"]) expect(allowed).toContain(`:role/${service}-${role}-*`);
    }
    expect(allowed.match(/:service\/dev-fossa\//g) ?? []).toHaveLength(builtServices(made).length);
  });
  it("a deployment that failed goes back, and is started anew by whoever pushes the image", () => {
    for (const service of Object.values<Json>(made.parsed.resource.aws_ecs_service)) {
      expect(service.deployment_circuit_breaker).toEqual({ enable: true, rollback: true });
    }
  });
});
it("counts the services of each kind of build", () => {
  const counts = Object.values(FARMS).map((props) => builtServices(farm(props as Partial<FargateFossaProps>)).length);
  expect(counts).toEqual([1, 2, 1, 1, 1, 0, 0]);
});
