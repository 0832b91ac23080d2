"""Studies: what a share of the labels is worth, what another kind of photograph costs, what a smaller student keeps."""
