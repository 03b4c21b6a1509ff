import { expect, it } from "vitest";
import { pullFrom, pullThrough, pushTo } from "../../../../modules/aws/ecr/access";

const ARN = "arn:aws:ecr:us-east-1:111122223333:repository/a";
const password = { Sid: "RegistryPassword", Action: "ecr:GetAuthorizationToken", Resource: "*" };

it("lets a puller read one repository", () => {
  expect(pullFrom(ARN)).toEqual([
    password,
    {
      Sid: "Pull",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: ARN,
    },
  ]);
});
it("lets a pusher write into one repository, and see what is there", () => {
  expect(pushTo(ARN)).toEqual([
    password,
    {
      Sid: "Push",
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
        "ecr:DescribeImages",
      ],
      Resource: ARN,
    },
  ]);
});
it("lets who pulls through a cache make a repository and copy an image in", () => {
  expect(pullThrough(`${ARN}/*`)).toEqual([
    password,
    {
      Sid: "PullThrough",
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
      ],
      Resource: `${ARN}/*`,
    },
  ]);
});
it.each([
  ["pull", pullFrom],
  ["push", pushTo],
  ["pull through", pullThrough],
])("lets nobody %s everywhere, nor do everything", (_, statements) => {
  const [first, ...others] = statements(ARN);
  expect(first?.Action).toBe("ecr:GetAuthorizationToken");
  expect(JSON.stringify(others)).not.toContain("*");
});
