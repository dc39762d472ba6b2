//! The compiled tables: a trie over atoms (runs of letters and digits, single other characters) for whole names, and a
//! trie over bytes from the end for the heads of compounds.
//!
//! Atoms and not tokens are the alphabet, so that a name is found whatever the splitter does inside it ("Al-Qaida",
//! "U.S.", "d'Ivoire") and so that the parts of hyphenated words are at hand ("NATO-Generalsekretär").

use super::endings::Endings;
use super::rows::RowId;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// How a name, adjective or noun of a row stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatchKind {
    /// A name in full or one of its variants.
    Name,
    /// The surname or short name of a person; several persons may share it.
    Surname,
    /// A state's adjective ("japanisch").
    Adjective,
    /// A name for the people of a state ("Japaner").
    Demonym,
    /// A word in -er made from a place ("Berliner").
    Derived,
    /// An office.
    Office,
    /// A common noun for actors.
    Agent,
}

/// What a node of the trie says: with these endings on the last atom, a row is named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) row: RowId,
    pub(super) kind: MatchKind,
    pub(super) endings: Endings,
    /// Feminine form of an office or agent.
    pub(super) feminine: bool,
    /// The form is an ordinary German word too.
    pub(super) ordinary: bool,
    /// From a user's table.
    pub(super) user: bool,
    next: u32,
}

impl Entry {
    pub(super) fn new(row: RowId, kind: MatchKind, endings: Endings) -> Entry {
        Entry { row, kind, endings, feminine: false, ordinary: false, user: false, next: 0 }
    }

    /// The same for a feminine form.
    pub(super) fn feminine(self, feminine: bool) -> Entry {
        Entry { feminine, ..self }
    }

    /// The same from a user's table, or not.
    pub(super) fn of_user(self, user: bool) -> Entry {
        Entry { user, ..self }
    }
}

/// How the atoms before the last one of a name behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// As they are (persons).
    Fixed,
    /// Adjectives and nouns that are declined ("Weißes Haus": "im Weißen Haus").
    Declined,
}

/// Numbers atoms and walks from atom to atom.
#[derive(Debug, Default)]
pub(super) struct Trie {
    atoms: FxHashMap<Box<str>, u32>,
    /// Node behind the root for each atom, 0 for none.
    roots: Vec<u32>,
    edges: FxHashMap<(u32, u32), u32>,
    nodes: Vec<Node>,
    entries: Vec<Entry>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Node {
    /// Endings that the atom before this node may carry when the name goes on.
    inner: Endings,
    /// First entry, counted from 1.
    first: u32,
}

/// The atoms of a text with their byte ranges.
pub(super) fn atoms(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let rest = rest.trim_start();
        let start = text.len() - rest.len();
        let first = rest.chars().next()?;
        let length = match first.is_alphanumeric() {
            true => rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        at = start + length;
        Some((start, &rest[..length]))
    })
}

/// Apostrophes and dashes as the tables write them.
pub(super) fn normalised(atom: &str) -> &str {
    match atom {
        "’" | "‘" | "ʻ" | "ʼ" | "`" | "´" => "'",
        "‐" | "‑" | "–" => "-",
        other => other,
    }
}

/// The stem of a declined word inside a name: "Weißes" stands as "Weiß" with the endings of adjectives, a noun as it is.
fn declined(atom: &str) -> (&str, Endings) {
    let stem = ["er", "es", "en", "em", "e"].iter().find_map(|e| atom.strip_suffix(e)).filter(|s| s.len() > 2);
    match stem {
        Some(stem) => (stem, Endings::ADJECTIVE),
        None => (atom, Endings::NAME),
    }
}

impl Trie {
    pub(super) fn new() -> Trie {
        // Room for the built-in tables, so that loading does not grow the maps step by step.
        Trie {
            atoms: FxHashMap::with_capacity_and_hasher(1 << 15, FxBuildHasher),
            edges: FxHashMap::with_capacity_and_hasher(1 << 15, FxBuildHasher),
            nodes: vec![Node::default()],
            roots: vec![0],
            entries: Vec::new(),
        }
    }

    /// Number of an atom, 0 if no name has it.
    pub(super) fn atom(&self, atom: &str) -> u32 {
        self.atoms.get(normalised(atom)).copied().unwrap_or(0)
    }

    /// The node behind the root.
    pub(super) fn root(&self, atom: u32) -> u32 {
        self.roots.get(atom as usize).copied().unwrap_or(0)
    }

    /// The node behind another node, if the atom that led there may carry that ending inside a name.
    pub(super) fn step(&self, node: u32, ending: Endings, atom: u32) -> u32 {
        match self.nodes[node as usize].inner.allows(ending) {
            true => self.edges.get(&(node, atom)).copied().unwrap_or(0),
            false => 0,
        }
    }

    /// Whether names go on behind a node.
    pub(super) fn goes_on(&self, node: u32) -> bool {
        self.nodes[node as usize].inner != Endings::default()
    }

    /// The entries of a node; where a user's table claims the form, only the user's.
    pub(super) fn entries(&self, node: u32) -> impl Iterator<Item = &Entry> {
        // User entries are added last and so come first in the chain.
        let mut next = self.nodes[node as usize].first;
        let only_user = next > 0 && self.entries[next as usize - 1].user;
        std::iter::from_fn(move || {
            let entry = (next > 0).then(|| &self.entries[next as usize - 1])?;
            next = entry.next;
            Some(entry)
        })
        .take_while(move |e| e.user || !only_user)
    }

    /// Adds a form of a row.
    pub(super) fn add(&mut self, form: &str, inner: Inner, entry: Entry) {
        let mut node = 0;
        let mut parts = atoms(form).map(|(_, atom)| normalised(atom)).peekable();
        while let Some(atom) = parts.next() {
            let (atom, endings) = match (parts.peek(), inner) {
                (None, _) => (atom, None),
                (Some(_), Inner::Fixed) => (atom, Some(Endings::BARE)),
                (Some(_), Inner::Declined) => {
                    let (stem, endings) = declined(atom);
                    (stem, Some(endings))
                }
            };
            node = self.child(node, atom);
            if let Some(endings) = endings {
                let inner = &mut self.nodes[node as usize].inner;
                *inner = inner.with(endings);
            }
        }
        if node == 0 || self.has(node, &entry) {
            return;
        }
        let next = self.nodes[node as usize].first;
        self.entries.push(Entry { next, ..entry });
        self.nodes[node as usize].first = self.entries.len() as u32;
    }

    /// Whether the node names the row with that kind already; then the endings are joined.
    fn has(&mut self, node: u32, entry: &Entry) -> bool {
        let mut next = self.nodes[node as usize].first;
        while next > 0 {
            let e = &mut self.entries[next as usize - 1];
            if e.row == entry.row && e.kind == entry.kind && e.feminine == entry.feminine {
                e.endings = e.endings.with(entry.endings);
                return true;
            }
            next = e.next;
        }
        false
    }

    fn child(&mut self, node: u32, atom: &str) -> u32 {
        let id = match self.atoms.get(atom) {
            Some(&id) => id,
            None => {
                let id = self.roots.len() as u32;
                self.atoms.insert(atom.into(), id);
                self.roots.push(0);
                id
            }
        };
        let fresh = self.nodes.len() as u32;
        let child = match node {
            0 => &mut self.roots[id as usize],
            _ => self.edges.entry((node, id)).or_insert(0),
        };
        if *child == 0 {
            *child = fresh;
            self.nodes.push(Node::default());
        }
        *child
    }

    /// Lets all entries of one row name another; marks the forms that are ordinary words.
    pub(super) fn finish(&mut self, replaced: &FxHashMap<RowId, RowId>, ordinary: &FxHashSet<&str>) {
        for entry in &mut self.entries {
            if let Some(&by) = replaced.get(&entry.row) {
                entry.row = by;
            }
        }
        for word in ordinary {
            let mut next = self.nodes[self.root(self.atom(word)) as usize].first;
            while next > 0 {
                let entry = &mut self.entries[next as usize - 1];
                entry.ordinary = true;
                next = entry.next;
            }
        }
    }

    /// Every form that ends at a node with entries, spelt with the stems that the trie holds.
    #[cfg(test)]
    pub(super) fn forms(&self) -> Vec<(String, Vec<Entry>)> {
        let names: FxHashMap<u32, &str> = self.atoms.iter().map(|(s, &id)| (id, &**s)).collect();
        let mut edges: Vec<(u32, u32, u32)> = self.edges.iter().map(|(&(n, a), &c)| (n, a, c)).collect();
        edges.extend(self.roots.iter().enumerate().filter(|r| *r.1 > 0).map(|(a, &c)| (0, a as u32, c)));
        edges.sort_unstable_by_key(|e| e.2); // parents are numbered before their children
        let mut forms: FxHashMap<u32, String> = FxHashMap::default();
        for (parent, atom, child) in edges {
            let before = forms.get(&parent).cloned().unwrap_or_default();
            let space = if before.is_empty() { "" } else { " " };
            forms.insert(child, format!("{before}{space}{}", names[&atom]));
        }
        let mut all: Vec<_> = forms.into_iter().map(|(n, f)| (f, self.entries(n).copied().collect())).collect();
        all.retain(|(_, e): &(String, Vec<Entry>)| !e.is_empty());
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }
}

/// What a compound may end in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// The office or agent; none for other nouns ("krieg").
    pub(super) row: Option<RowId>,
    pub(super) feminine: bool,
}

/// The heads of compounds, read from the end.
#[derive(Debug)]
pub(super) struct Heads {
    edges: FxHashMap<(u32, u8), u32>,
    values: Vec<Option<Head>>,
}

impl Heads {
    pub(super) fn new() -> Heads {
        Heads { edges: FxHashMap::with_capacity_and_hasher(1 << 15, FxBuildHasher), values: vec![None] }
    }

    /// Adds a head in lower case; an earlier one with the same form stays, unless it names no row.
    pub(super) fn add(&mut self, form: &str, head: Head) {
        let mut node = 0;
        for &byte in form.as_bytes().iter().rev() {
            let fresh = self.values.len() as u32;
            node = *self.edges.entry((node, byte)).or_insert(fresh);
            if node == fresh {
                self.values.push(None);
            }
        }
        let value = &mut self.values[node as usize];
        if value.is_none_or(|v| v.row.is_none()) {
            *value = Some(head);
        }
    }

    /// The places in a word where a head begins, the shortest head first; at least two bytes stand before each.
    pub(super) fn find<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, Head)> + 'a {
        let mut node = 0;
        let bytes = word.as_bytes().iter().enumerate().rev();
        bytes
            .map_while(move |(at, &byte)| {
                node = *self.edges.get(&(node, byte))?;
                Some((at, self.values[node as usize]))
            })
            .filter_map(move |(at, head)| Some((at, head?)).filter(|_| at >= 2 && word.is_char_boundary(at)))
    }
}
