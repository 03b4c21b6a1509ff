import type { Construct } from "constructs";
import type { FolderFile } from "../../common/bundling/folder";
import { BUILD_MACHINES, CodebuildBuild, type CodebuildBuildProps } from "../codebuild/codebuild-build";
import type { ContainerArchitecture } from "../ec2/architecture";
import { type BuildEnvironment, buildspec } from "./buildspec";
import type { Deploys } from "./deploys";
import { SourceBucket } from "./source-bucket";

export interface ImageCodebuildProps
  extends Pick<CodebuildBuildProps, "name" | "policies" | "region" | "accountId" | "settings"> {
  readonly tag: string;
  readonly architecture: ContainerArchitecture;
  readonly files: readonly FolderFile[];
  readonly environment: BuildEnvironment;
  readonly warms: boolean;
  readonly deploys?: Deploys;
  readonly kmsKeyArn?: string;
}

/** CodeBuild project that builds the image of a folder. */
export function imageCodebuild(scope: Construct, id: string, props: ImageCodebuildProps): CodebuildBuild {
  const { architecture, files, environment, warms, deploys, kmsKeyArn, ...common } = props;
  const restart = deploys?.roleNames ? "newest-revision" : "restart";
  return new CodebuildBuild(scope, id, {
    ...common,
    description: "Makes the image of a folder, and pushes it under the tag that the folder's content gives it",
    source: (build) => {
      const source = new SourceBucket(build, "source", { name: props.name, tag: props.tag, files, kmsKeyArn });
      return {
        bucketName: source.bucketName,
        location: `${source.bucketName}/${source.key}`,
        statements: source.readStatements("image/*.zip"),
        ready: [source.zip],
      };
    },
    machine: BUILD_MACHINES[architecture],
    environment: { ...environment },
    ofTag: { IMAGE_TAG: props.tag },
    buildspec: buildspec({ warms, deploys: deploys ? restart : "nothing" }),
  });
}
