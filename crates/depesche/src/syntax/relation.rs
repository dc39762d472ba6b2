//! The dependency relations, without subtypes: half of the training data has none, so none can be learned.

/// A relation of Universal Dependencies 2, without its subtype.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[allow(missing_docs)] // the names are those of Universal Dependencies
pub enum Deprel {
    Acl,
    Advcl,
    Advmod,
    Amod,
    Appos,
    Aux,
    Case,
    Cc,
    Ccomp,
    Clf,
    Compound,
    Conj,
    Cop,
    Csubj,
    Dep,
    Det,
    Discourse,
    Dislocated,
    Expl,
    Fixed,
    Flat,
    Goeswith,
    Iobj,
    List,
    Mark,
    Nmod,
    Nsubj,
    Nummod,
    Obj,
    Obl,
    Orphan,
    Parataxis,
    Punct,
    Reparandum,
    Root,
    Vocative,
    Xcomp,
}

impl Deprel {
    /// Number of values.
    pub const COUNT: usize = Self::ALL.len();

    /// All values, in the order of their numbers.
    pub const ALL: &[Deprel] = &[
        Deprel::Acl,
        Deprel::Advcl,
        Deprel::Advmod,
        Deprel::Amod,
        Deprel::Appos,
        Deprel::Aux,
        Deprel::Case,
        Deprel::Cc,
        Deprel::Ccomp,
        Deprel::Clf,
        Deprel::Compound,
        Deprel::Conj,
        Deprel::Cop,
        Deprel::Csubj,
        Deprel::Dep,
        Deprel::Det,
        Deprel::Discourse,
        Deprel::Dislocated,
        Deprel::Expl,
        Deprel::Fixed,
        Deprel::Flat,
        Deprel::Goeswith,
        Deprel::Iobj,
        Deprel::List,
        Deprel::Mark,
        Deprel::Nmod,
        Deprel::Nsubj,
        Deprel::Nummod,
        Deprel::Obj,
        Deprel::Obl,
        Deprel::Orphan,
        Deprel::Parataxis,
        Deprel::Punct,
        Deprel::Reparandum,
        Deprel::Root,
        Deprel::Vocative,
        Deprel::Xcomp,
    ];

    const NAMES: &[&str] = &[
        "acl",
        "advcl",
        "advmod",
        "amod",
        "appos",
        "aux",
        "case",
        "cc",
        "ccomp",
        "clf",
        "compound",
        "conj",
        "cop",
        "csubj",
        "dep",
        "det",
        "discourse",
        "dislocated",
        "expl",
        "fixed",
        "flat",
        "goeswith",
        "iobj",
        "list",
        "mark",
        "nmod",
        "nsubj",
        "nummod",
        "obj",
        "obl",
        "orphan",
        "parataxis",
        "punct",
        "reparandum",
        "root",
        "vocative",
        "xcomp",
    ];

    /// The name in Universal Dependencies.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The value with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().position(|n| *n == name).map(|i| Self::ALL[i])
    }
}
