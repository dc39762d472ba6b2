//! Offices: who holds which, of whom, and whether still.

use super::builder::Builder;

/// Reads the offices that the text states.
pub(super) fn read(_b: &mut Builder<'_>) {}
