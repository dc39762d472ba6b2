//! Endings of case and number that a table's word may carry in a text.

/// A set of endings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Endings(u16);

impl Endings {
    pub(super) const BARE: Endings = Endings(1);
    const S: Endings = Endings(1 << 1);
    const ES: Endings = Endings(1 << 2);
    const E: Endings = Endings(1 << 3);
    const EN: Endings = Endings(1 << 4);
    pub(super) const ER: Endings = Endings(1 << 5);
    const EM: Endings = Endings(1 << 6);
    const N: Endings = Endings(1 << 7);
    const NEN: Endings = Endings(1 << 8);

    /// Names of persons: "Merkels".
    pub(super) const PERSON: Endings = Endings(Self::BARE.0 | Self::S.0);
    /// Other names: "Tokios", "Bundestages".
    pub(super) const NAME: Endings = Endings(Self::PERSON.0 | Self::ES.0);
    /// Names of places, from which words in -er are made: "Berliner".
    pub(super) const PLACE: Endings = Endings(Self::NAME.0 | Self::ER.0);
    /// Adjectives: "japanische".
    pub(super) const ADJECTIVE: Endings = Endings(Self::E.0 | Self::EN.0 | Self::ER.0 | Self::ES.0 | Self::EM.0);
    /// Adjectives used as nouns: "Abgeordneter".
    pub(super) const ADJECTIVAL_NOUN: Endings = Endings(Self::E.0 | Self::EN.0 | Self::ER.0 | Self::EM.0);
    /// Common nouns and peoples: "Ministers", "Präsidenten", "Demonstranten", "Japanern".
    pub(super) const NOUN: Endings =
        Endings(Self::BARE.0 | Self::S.0 | Self::ES.0 | Self::E.0 | Self::EN.0 | Self::N.0);
    /// Feminines: "Ministerinnen".
    pub(super) const FEMININE: Endings = Endings(Self::BARE.0 | Self::NEN.0);
    /// Plurals: "Japanern".
    pub(super) const PLURAL: Endings = Endings(Self::BARE.0 | Self::N.0);

    /// Both sets together.
    pub(super) fn with(self, other: Endings) -> Endings {
        Endings(self.0 | other.0)
    }

    /// A word with each of the endings.
    pub(super) fn spelt(self, word: &str) -> impl Iterator<Item = String> {
        const SPELT: [(Endings, &str); 9] = [
            (Endings::BARE, ""),
            (Endings::S, "s"),
            (Endings::ES, "es"),
            (Endings::E, "e"),
            (Endings::EN, "en"),
            (Endings::ER, "er"),
            (Endings::EM, "em"),
            (Endings::N, "n"),
            (Endings::NEN, "nen"),
        ];
        SPELT.iter().filter(move |(e, _)| self.allows(*e)).map(move |(_, s)| format!("{word}{s}"))
    }

    /// Whether the sets share an ending.
    pub(super) fn allows(self, ending: Endings) -> bool {
        self.0 & ending.0 != 0
    }
}

/// The endings that `form` may be read with, and what remains without each; the bare form first. The remainder has at
/// least two letters.
pub(super) fn readings(form: &str) -> impl Iterator<Item = (&str, Endings)> {
    const NONE: &[(usize, Endings)] = &[];
    const AFTER: [&[(usize, Endings)]; 7] = [
        &[(3, Endings::NEN), (2, Endings::EN), (1, Endings::N)],
        &[(2, Endings::EN), (1, Endings::N)],
        &[(2, Endings::ER)],
        &[(2, Endings::EM)],
        &[(2, Endings::ES), (1, Endings::S)],
        &[(1, Endings::E)],
        &[(1, Endings::S)],
    ];
    let stripped = match form.as_bytes() {
        [.., b'n', b'e', b'n'] => AFTER[0],
        [.., b'e', b'n'] => AFTER[1],
        [.., b'e', b'r'] => AFTER[2],
        [.., b'e', b'm'] => AFTER[3],
        [.., b'e', b's'] => AFTER[4],
        [.., b'e'] => AFTER[5],
        [.., b's'] => AFTER[6],
        [.., b'n'] => &[(1, Endings::N)],
        _ => NONE,
    };
    // All endings are ASCII, so cutting them off leaves whole characters.
    let cut = stripped.iter().filter(|(n, _)| form.len() >= n + 2).map(|&(n, e)| (&form[..form.len() - n], e));
    std::iter::once((form, Endings::BARE)).chain(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(form: &str, set: Endings) -> Vec<&str> {
        readings(form).filter(|(_, e)| set.allows(*e)).map(|(stem, _)| stem).collect()
    }

    #[test]
    fn each_class_has_its_endings() {
        assert_eq!(allowed("Tokios", Endings::NAME), ["Tokios", "Tokio"]);
        assert_eq!(allowed("japanischen", Endings::ADJECTIVE), ["japanisch"]);
        assert_eq!(allowed("japanisch", Endings::ADJECTIVE), [] as [&str; 0]);
        assert_eq!(allowed("Ministerinnen", Endings::FEMININE), ["Ministerinnen", "Ministerin"]);
        assert_eq!(allowed("Präsidenten", Endings::NOUN), ["Präsidenten", "Präsident", "Präsidente"]);
        assert_eq!(allowed("Berliner", Endings::PLACE), ["Berliner", "Berlin"]);
    }
}
