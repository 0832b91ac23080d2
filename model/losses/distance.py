import torch.nn.functional as F
from torch import Tensor

from model.losses.precision import in_float32


@in_float32
def cosine_distance(embeddings: Tensor, wanted: Tensor) -> Tensor:
    """One minus the cosine, along the last axis: what a student's embeddings (…, D) lack to be
    its teacher's."""
    return 1 - F.cosine_similarity(embeddings, wanted, dim=-1)
