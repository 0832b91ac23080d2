from torch import Tensor, cosine_similarity

from model.losses.precision import in_float32


@in_float32
def triplet(embeddings: Tensor, margin: float = 0.2) -> Tensor:
    """Triplet loss on cosines, mean over triplets (RPF.md §5); a value resting at `margin` means collapse.

    embeddings: (3 B, D), anchors, positives and negatives in thirds.
    """
    anchor, positive, negative = embeddings.chunk(3)
    return (margin - cosine_similarity(anchor, positive) + cosine_similarity(anchor, negative)).clamp_min(0).mean()
