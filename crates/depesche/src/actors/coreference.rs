//! Coreference: descriptions, pronouns and plural anaphora back to their actors.

use super::builder::Builder;

/// Resolves what refers back.
pub(super) fn resolve(_b: &mut Builder<'_>) {}
