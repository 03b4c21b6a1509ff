"""Builds of CodeBuild, which moto only tells of: runs the commands of a project's buildspec on its source in a folder."""

import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import zipfile

import boto3
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult

# one Python is here, which stands in for each version
SYSTEM_PYTHON = re.compile(r"/usr/bin/python\$version")

def build(folder, number, project, source, variables):
    """Gives the status at the end; the log is `<number>.log` in the folder."""
    bucket, _, key = source.partition("/")
    zipped = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    [command] = json.loads(project["source"]["buildspec"])["phases"]["build"]["commands"]
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]),
        **variables,
    }
    with tempfile.TemporaryDirectory() as work:
        zipfile.ZipFile(io.BytesIO(zipped)).extractall(work)
        script = pathlib.Path(work, "build.sh")
        script.write_text(SYSTEM_PYTHON.sub(sys.executable, script.read_text("utf8")), "utf8")
        with open(folder / f"{number}.log", "w", encoding="utf8") as log:
            ended = subprocess.run(["bash", "-c", command], cwd=work, env={**env, "TMPDIR": work}, stdout=log, stderr=log)
    return "SUCCEEDED" if ended.returncode == 0 else "FAILED"


def run_builds(folder):
    """
    Where a file `end` in the folder names a status, builds have that from their second look on, and run nothing: of those
    that succeed the archive is `archive.zip` of the folder, if that is there.
    """
    folder = pathlib.Path(folder)
    statuses = {}
    start = CodeBuildResponse.start_build

    def start_build(self):
        answer = start(self)
        made = answer.result["build"]
        project = self.codebuild_backend.codebuild_projects[self._get_param("projectName")].project_metadata
        source = self._get_param("sourceLocationOverride") or project["source"]["location"]
        overrides = self._get_param("environmentVariablesOverride") or []
        given = [*project["environment"]["environmentVariables"], *overrides]
        variables = {each["name"]: each["value"] for each in given}
        statuses[made["id"]] = "IN_PROGRESS"
        number = len(statuses)
        end, archive = folder / "end", folder / "archive.zip"

        def run():
            try:
                statuses[made["id"]] = build(folder, number, project, source, variables)
            except Exception as error:
                (folder / f"{number}.log").write_text(repr(error))
                statuses[made["id"]] = "FAULT"

        if end.exists():
            status = end.read_text().strip()
            if status == "SUCCEEDED" and archive.exists():
                key = f"layer/{variables['LAYER_DIGEST']}.zip"
                boto3.client("s3").upload_file(str(archive), variables["S3_BUCKET"], key)
            statuses[made["id"]] = ["IN_PROGRESS", status]
        else:
            threading.Thread(target=run, daemon=True).start()
        return answer

    def batch_get_builds(self):
        def status(build_id):
            found = statuses[build_id]
            return found if isinstance(found, str) else found.pop(0) if len(found) > 1 else found[0]

        ids = self._get_param("ids")
        return ActionResult({"builds": [{"id": each, "buildStatus": status(each)} for each in ids]})

    def update_project(self):
        """UpdateProject, which moto lacks."""
        project = self.codebuild_backend.codebuild_projects[self._get_param("name")].project_metadata
        for key in ("description", "source", "environment", "serviceRole"):
            if self._get_param(key) is not None:
                project[key] = self._get_param(key)
        return ActionResult({"project": project})

    CodeBuildResponse.update_project = update_project
    CodeBuildResponse.start_build = start_build
    CodeBuildResponse.batch_get_builds = batch_get_builds
