"""The folder that a Hugging Face Space gets: laid out, checked as a Space starts it, uploaded; and other Pythons."""

from deploy.errors import DeployError
from deploy.layout import lay_out
from deploy.push import push

__all__ = ["DeployError", "lay_out", "push"]
