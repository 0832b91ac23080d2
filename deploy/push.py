"""Uploads a laid-out folder to a Space, which is made when absent."""

from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, HFValidationError

from deploy.errors import DeployError


def push(folder: Path, repository: str, private: bool = False, token: str | None = None) -> str:
    """Make `owner/name` hold what the folder holds, and nothing else; returns the commit's address.

    The Hub decides which files are stored as LFS or Xet. DeployError when it refuses or cannot be reached.
    """
    if not (folder / "app.py").is_file():
        raise DeployError(f"{folder} is no Space's folder; lay it out first with `make space`")
    try:
        api = HfApi(token=token)
        api.create_repo(repository, repo_type="space", space_sdk="gradio", private=private, exist_ok=True)
        return str(
            api.upload_folder(
                repo_id=repository,
                repo_type="space",
                folder_path=folder,
                delete_patterns="*",
                commit_message="Lay out the Space anew",
            )
        )
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        line = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise DeployError(f"cannot push to {repository}: {line[:300]}; check the name and `hf auth login`") from error
