//! Events: trees, actors and statements in; who did what to whom out.

use crate::actors::Actors;
use crate::engine::BuildError;
use crate::knowledge::Knowledge;
use crate::model::Model;
use crate::reading::Reading;
use crate::record::{Event, Statement, Time};

/// Finds events.
#[derive(Debug)]
pub struct EventLayer {}

impl EventLayer {
    /// The frames in the program and the judge in the model.
    ///
    /// # Errors
    /// If a frame file has a malformed entry or the judge's section is malformed.
    pub fn new(_model: &Model) -> Result<EventLayer, BuildError> {
        Ok(EventLayer {})
    }

    /// The events of a parsed text, in its order.
    pub fn find(
        &self,
        _reading: &Reading<'_>,
        _knowledge: &Knowledge,
        _actors: &mut Actors,
        _times: &[Time],
        _statements: &[Statement],
    ) -> Vec<Event> {
        Vec::new()
    }
}
