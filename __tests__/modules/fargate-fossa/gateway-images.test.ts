import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { describe, expect, it } from "vitest";
import { containerOf, farm, IMAGE, TLS } from "./fossa.fixture";

const variablesOf = (project: { environment: { environment_variable: { name: string; value: string }[] } }) =>
  Object.fromEntries(project.environment.environment_variable.map(({ name, value }) => [name, value]));

describe("CodeBuild, by default", () => {
  const made = farm();
  it("builds the example into a repository whose tags do not move", () => {
    expect(made.one(EcrRepository)).toMatchObject({ name: "dev-fossa/worker", image_tag_mutability: "IMMUTABLE" });
    expect(made.one(CodebuildProject).environment.privileged_mode).toBe(true);
  });
  it("makes the very image that the workers run, known by its folder and not by asking for it", () => {
    const { image } = containerOf(made, "dev-fossa-worker");
    const tag = variablesOf(made.one(CodebuildProject)).IMAGE_TAG;
    expect(tag).toMatch(/^[0-9a-f]{16}-amd64$/);
    expect(image).toMatch(new RegExp(`^\\$\\{aws_ecr_repository\\..*\\.repository_url\\}:${tag}$`));
    expect(made.parsed.data).not.toHaveProperty("aws_ecr_image");
  });
  it("starts the workers anew when it is there", () => {
    expect(variablesOf(made.one(CodebuildProject))).toMatchObject({
      CLUSTER_NAME: "dev-fossa",
      SERVICE_NAME: "dev-fossa-worker",
    });
  });
});

it("builds the page too where it runs in a container, for the same processor", () => {
  const made = farm({ architecture: "ARM64", gateway: { page: "container", ...TLS } });
  expect(
    made
      .all(EcrRepository)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["dev-fossa/page", "dev-fossa/worker"]);
  const tags = made.all(CodebuildProject).map((project) => variablesOf(project).IMAGE_TAG);
  expect(new Set(tags).size).toBe(2);
  for (const tag of tags) expect(tag).toMatch(/-arm64$/);
});
it("pulls the broker's image into the cache where nothing else could", () => {
  const { WARM_IMAGES } = variablesOf(farm({ egress: "vpc-endpoints" }).one(CodebuildProject));
  expect(WARM_IMAGES).toContain("docker/library/rabbitmq:4");
  expect(variablesOf(farm().one(CodebuildProject))).not.toHaveProperty("WARM_IMAGES");
});
it("has the host build where that is wanted", () => {
  const made = farm({ gateway: { imageBuild: "gateway" } });
  expect(made.all(CodebuildProject)).toEqual([]);
  expect(made.one(Instance).user_data).toContain("image-build.timer");
});
it("builds into a repository that exists", () => {
  const made = farm({ gateway: { repositoryName: "models" } });
  expect(made.all(EcrRepository)).toEqual([]);
  expect(containerOf(made, "dev-fossa-worker").image).toMatch(/^\$\{data\.aws_ecr_repository\./);
});
it("makes nothing where the image exists", () => {
  const made = farm({ gateway: { imageBuild: "prebuilt", image: IMAGE } });
  expect([made.all(CodebuildProject), made.all(EcrRepository)]).toEqual([[], []]);
  expect(containerOf(made, "dev-fossa-worker").image).toBe(IMAGE);
});
