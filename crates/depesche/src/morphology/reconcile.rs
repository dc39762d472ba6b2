//! Parts of speech made true to tree and lexicon: what the tagger, which sees neither, could not know.
//!
//! Only what all treebanks agree on is changed.

use super::lexicon::{Found, Lexicon};
use super::lextag::{LexTag, TagSet};
use super::upos::Upos;
use crate::analysis::Analysis;
use crate::syntax::Deprel;

/// "haben", "sein", "werden".
const AUXILIARIES: TagSet = TagSet::of(&[LexTag::Auxiliary, LexTag::AuxiliaryNonfinite]);
/// These and the modal verbs.
const HELPERS: TagSet =
    TagSet::of(&[LexTag::Auxiliary, LexTag::AuxiliaryNonfinite, LexTag::Modal, LexTag::ModalNonfinite]);
const NAMES: TagSet = TagSet::of(&[LexTag::GivenName, LexTag::FamilyName, LexTag::PlaceName, LexTag::OtherName]);

/// Corrects the parts of speech of a text.
pub(super) fn run(lexicon: &Lexicon, analysis: &mut Analysis) {
    for (token, entry) in analysis.tokens.iter_mut().zip(&analysis.lexical) {
        let tags = lexicon.tags(entry.class);
        let known = |set| tags.meets(set) || lexicon.tags(entry.small).meets(set);
        let helps = matches!(token.deprel, Deprel::Aux | Deprel::Cop);
        token.upos = match token.upos {
            // A verb of its own: "Sie hat Zeit", "er ist in Rom".
            Upos::Aux if !helps && known(AUXILIARIES) => Upos::Verb,
            Upos::Verb if helps && known(HELPERS) => Upos::Aux,
            // A form that is nothing but a name.
            Upos::Noun if entry.found == Found::Exact && tags.meets(NAMES) && tags.0 & !NAMES.0 == 0 => Upos::Propn,
            upos => upos,
        };
    }
}
