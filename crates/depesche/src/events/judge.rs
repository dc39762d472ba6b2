//! The judge: what has been learned from annotated news about which candidates are events, of which type and mode, with
//! which status, and who takes part in which role.
//!
//! Four linear classifiers over hashed features ([`super::features`]) and, for the types and for the parts in an event,
//! an [`Encoder`] each, trained by `depesche-train judge`. Their bytes stand in the model's sections `judge`, with the
//! thresholds and the calibration of the confidence, `encoder` and `role-encoder`.

use super::encoder::{Encoder, ROLES_SECTION, TYPES_SECTION};
use super::linear::{Linear, MALFORMED, SECTION, take_u32};
use super::plover::Mode;
use crate::model::{Model, ModelError};

/// Raised whenever the section's layout or the meaning of a feature changes.
const VERSION: u32 = 3;

/// The numbers beside the classifiers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Least probability of an event.
    pub event: f32,
    /// Least probability of a further event of the same type in a sentence.
    pub repeated: f32,
    /// Least probability of a role for a phrase of the sentence.
    pub role: f32,
    /// Least probability of a role for somebody from the context.
    pub context: f32,
    /// Score that the frame's own mode starts with.
    pub frame_mode: f32,
    /// Slope of the calibration.
    pub slope: f32,
    /// Offset of the calibration.
    pub offset: f32,
    /// Share of the encoder in the scores of the types, 0 to 1; the rest is the linear classifier's.
    pub encoder: f32,
    /// Share of the other encoder in the scores of the parts in an event.
    pub role_encoder: f32,
}

impl Settings {
    /// Settings before anything is tuned.
    pub const DEFAULT: Settings = Settings {
        event: 0.4,
        repeated: 0.5,
        role: 0.45,
        context: 0.4,
        frame_mode: 2.5,
        slope: 1.0,
        offset: 0.0,
        encoder: 0.5,
        role_encoder: 0.5,
    };

    fn fields(&mut self) -> [&mut f32; 9] {
        [
            &mut self.event,
            &mut self.repeated,
            &mut self.role,
            &mut self.context,
            &mut self.frame_mode,
            &mut self.slope,
            &mut self.offset,
            &mut self.encoder,
            &mut self.role_encoder,
        ]
    }

    /// How sure one can be of an event that the judge gives this probability.
    pub fn confidence(&self, probability: f32) -> f64 {
        let p = probability.clamp(1e-4, 1.0 - 1e-4);
        let logit = (p / (1.0 - p)).ln();
        f64::from(1.0 / (1.0 + (-(self.slope * logit + self.offset)).exp()))
    }
}

/// The learned classifiers.
#[derive(Debug, Clone)]
pub struct Judge {
    /// Class 0: no event; then the types in their order.
    pub kind: Linear,
    /// The rows of the PLOVER table.
    pub mode: Linear,
    /// The four values of the status.
    pub status: Linear,
    /// No part, actor, recipient.
    pub role: Linear,
    /// Reads whole sentences for the types.
    pub encoder: Encoder,
    /// Reads the sentences of events for the parts in them.
    pub role_encoder: Encoder,
    /// Thresholds and calibration.
    pub settings: Settings,
}

impl Judge {
    /// The bytes of the section `judge`: the classifiers of type, mode, status and role.
    pub fn to_bytes(mut settings: Settings, classifiers: [&Linear; 4]) -> Vec<u8> {
        let mut out = VERSION.to_le_bytes().to_vec();
        for field in settings.fields() {
            out.extend(field.to_le_bytes());
        }
        for classifier in classifiers {
            classifier.write(&mut out);
        }
        out
    }

    /// Takes its sections out of the model.
    ///
    /// # Errors
    /// If a section is missing, malformed or of another version.
    pub fn new(model: &Model) -> Result<Judge, ModelError> {
        let bytes = &mut model.section(SECTION)?;
        if take_u32(bytes)? != VERSION {
            return Err(MALFORMED);
        }
        let mut settings = Settings::DEFAULT;
        for field in settings.fields() {
            *field = f32::from_bits(take_u32(bytes)?);
        }
        let judge = Judge {
            kind: Linear::read(bytes)?,
            mode: Linear::read(bytes)?,
            status: Linear::read(bytes)?,
            role: Linear::read(bytes)?,
            encoder: Encoder::new(model, TYPES_SECTION)?,
            role_encoder: Encoder::new(model, ROLES_SECTION)?,
            settings,
        };
        let fits = judge.kind.classes() == super::plover::TYPES.len() + 1
            && judge.mode.classes() == super::plover::row_count()
            && judge.status.classes() == 4
            && judge.role.classes() == 3
            && judge.encoder.classes() == judge.kind.classes()
            && judge.role_encoder.classes() == judge.role.classes();
        if fits { Ok(judge) } else { Err(MALFORMED) }
    }
}

/// The class of the mode classifier for a type and mode.
pub fn mode_class(kind: crate::record::EventType, mode: Mode) -> usize {
    if mode == Mode::NONE { super::plover::row_index(kind) } else { mode.0 as usize }
}
