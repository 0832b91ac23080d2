"""What one installation holds: catalogs, weights, taught attributes, reports, labels given, jobs."""
