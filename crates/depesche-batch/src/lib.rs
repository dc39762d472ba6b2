//! Whole archives in parallel: readers, a bounded pipeline, writers.
