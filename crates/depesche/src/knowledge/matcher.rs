//! The matcher: tokens in, every row that they name out.

use super::Knowledge;
use super::endings::{Endings, readings};
use super::lexicon::{Entry, MatchKind, atoms};
use super::rows::{Kind, OfficeKind, RowId};
use crate::reading::Reading;
use crate::record::{RoleStatus, Sector};

/// Where in its tokens a match stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// It is whole tokens.
    Whole,
    /// It opens a compound: "NATO" in "NATO-Generalsekretär", "Russland" in "Russlandsanktionen".
    Front,
    /// It ends a compound: "Generalsekretär" in "NATO-Generalsekretär".
    Back,
    /// It stands in the middle of a compound with hyphens.
    Middle,
}

/// A row that the text names, or may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The row.
    pub row: RowId,
    /// How it is named.
    pub kind: MatchKind,
    /// Whether whole tokens name it or a part of a compound.
    pub part: Part,
    /// First token.
    pub first: usize,
    /// Last token, inclusive.
    pub last: usize,
    /// First byte.
    pub start: usize,
    /// First byte behind, endings included.
    pub end: usize,
    /// First byte of the row's own word: behind `start` in compounds such as "Außen|minister", else equal to it.
    pub head: usize,
    /// For offices and agents: the form is feminine.
    pub feminine: bool,
    /// For offices in words such as "Exminister": held no more, or not yet.
    pub status: Option<RoleStatus>,
    /// For offices and agents: the sector, which the first part of a compound may decide ("Rebellenführer").
    pub sector: Option<Sector>,
    /// The form is an ordinary German word too ("Essen", "Kurz"): only context makes it a name.
    pub ordinary: bool,
    /// A longer match spans it ("Kongo" in "Republik Kongo").
    pub covered: bool,
}

/// An atom of the text with what the trie knows of it.
#[derive(Debug, Clone, Copy)]
struct Atom {
    token: u32,
    start: u32,
    end: u32,
    /// Known atoms that it may be, with the ending that then remains.
    readings: [(u32, Endings); 4],
    known: u8,
    opens: bool,
    closes: bool,
    hyphen: bool,
}

impl Atom {
    fn readings(&self) -> &[(u32, Endings)] {
        &self.readings[..self.known as usize]
    }
}

impl Knowledge {
    /// Appends every row that the text names: all candidates for all spans, sorted by start, longer before shorter. A
    /// person's surname gives all persons of that name; where a user's table claims a form, only the user's rows.
    pub fn matches(&self, reading: &Reading<'_>, out: &mut Vec<Match>) {
        let from = out.len();
        let mut line = Vec::new();
        for sentence in &reading.analysis.sentences {
            line.clear();
            for token in sentence.tokens() {
                self.read_token(reading.form(token), token, reading, &mut line);
            }
            for at in 0..line.len() {
                self.match_at(reading, &line, at, out);
            }
        }
        finish(&mut out[from..]);
    }

    /// The rows of which a name, variant or surname is exactly this (endings of case allowed).
    pub fn named(&self, name: &str) -> Vec<(RowId, MatchKind)> {
        let mut found = Vec::new();
        let mut nodes: Vec<(u32, Endings)> = vec![(0, Endings::BARE)];
        for (i, (_, atom)) in atoms(name).enumerate() {
            let mut next = Vec::new();
            for (form, ending) in readings(atom) {
                let id = self.trie.atom(form);
                if id > 0 {
                    let step = |&(n, e)| if i == 0 { self.trie.root(id) } else { self.trie.step(n, e, id) };
                    next.extend(nodes.iter().map(step).filter(|&n| n > 0).map(|n| (n, ending)));
                }
            }
            nodes = next;
        }
        for (node, ending) in nodes.into_iter().filter(|n| n.0 > 0) {
            for e in self.trie.entries(node).filter(|e| e.endings.allows(ending)) {
                if !found.contains(&(e.row, e.kind)) {
                    found.push((e.row, e.kind));
                }
            }
        }
        found
    }

    fn read_token(&self, form: &str, token: usize, reading: &Reading<'_>, line: &mut Vec<Atom>) {
        let offset = reading.analysis.tokens[token].start as usize;
        let first = line.len();
        for (start, atom) in atoms(form) {
            let mut a = Atom {
                token: token as u32,
                start: (offset + start) as u32,
                end: (offset + start + atom.len()) as u32,
                readings: [(0, Endings::BARE); 4],
                known: 0,
                opens: line.len() == first,
                closes: start + atom.len() == form.len(),
                hyphen: matches!(atom, "-" | "‐" | "‑" | "–"),
            };
            self.look_up(atom, &mut a);
            line.push(a);
        }
    }

    fn look_up(&self, atom: &str, a: &mut Atom) {
        for (form, ending) in readings(atom) {
            let id = self.trie.atom(form);
            if let (true, Some(slot)) = (id > 0, a.readings.get_mut(a.known as usize)) {
                *slot = (id, ending);
                a.known += 1;
            }
        }
        // Headlines in capitals: "RUSSLAND".
        if a.known == 0 && atom.len() > 4 && atom.chars().all(|c| c.is_uppercase()) {
            let mut title = String::with_capacity(atom.len());
            for (i, c) in atom.chars().enumerate() {
                if i == 0 { title.push(c) } else { title.extend(c.to_lowercase()) }
            }
            self.look_up(&title, a);
        }
    }

    /// All matches that begin with an atom.
    fn match_at(&self, reading: &Reading<'_>, line: &[Atom], at: usize, out: &mut Vec<Match>) {
        let opening = line[at];
        if !opening.opens && !line[at - 1].hyphen {
            return;
        }
        let mut alone = false;
        for &(id, ending) in opening.readings() {
            let node = self.trie.root(id);
            if node > 0 {
                alone |= self.walk(line, (at, at), (node, ending), out);
            }
        }
        if !alone {
            self.compound(reading, line, at, out);
        }
    }

    /// Emits the entries of a node and walks on; whether the first atom alone is a name or noun of a row.
    fn walk(&self, line: &[Atom], span: (usize, usize), at: (u32, Endings), out: &mut Vec<Match>) -> bool {
        let ((first, last), (node, ending)) = (span, at);
        let mut alone = false;
        let follows_hyphen = !line[last].closes && line.get(last + 1).is_some_and(|a| a.hyphen);
        if line[last].closes || follows_hyphen {
            let part = match (line[first].opens, line[last].closes) {
                (true, true) => Part::Whole,
                (true, false) => Part::Front,
                (false, true) => Part::Back,
                (false, false) => Part::Middle,
            };
            for e in self.trie.entries(node) {
                let bare_adjective = e.kind == MatchKind::Adjective && ending == Endings::BARE && follows_hyphen;
                if (e.endings.allows(ending) || bare_adjective)
                    && (part == Part::Whole || e.kind != MatchKind::Surname || part == Part::Front)
                {
                    alone |= first == last && e.kind != MatchKind::Surname;
                    self.emit(e, ending, (&line[first], &line[last]), part, out);
                }
            }
        }
        if self.trie.goes_on(node)
            && let Some(next) = line.get(last + 1)
        {
            for &(id, ending_of_next) in next.readings() {
                let child = self.trie.step(node, ending, id);
                if child > 0 {
                    self.walk(line, (first, last + 1), (child, ending_of_next), out);
                }
            }
        }
        alone
    }

    fn emit(&self, e: &Entry, ending: Endings, (first, last): (&Atom, &Atom), part: Part, out: &mut Vec<Match>) {
        let row = self.row(e.row);
        if row.office_kind() == Some(OfficeKind::None) {
            return;
        }
        let kind = match (e.kind, ending) {
            (MatchKind::Name, Endings::ER) if matches!(row.kind, Kind::Place | Kind::Capital) => MatchKind::Derived,
            (kind, _) => kind,
        };
        let noun = matches!(kind, MatchKind::Office | MatchKind::Agent);
        out.push(Match {
            row: e.row,
            kind,
            part,
            first: first.token as usize,
            last: last.token as usize,
            start: first.start as usize,
            end: last.end as usize,
            head: first.start as usize,
            feminine: e.feminine,
            status: None,
            sector: if noun { row.sector(None) } else { None },
            ordinary: e.ordinary,
            covered: false,
        });
    }

    /// Compounds in one word: "Außenminister", "Exminister", "Russlandsanktionen".
    fn compound(&self, reading: &Reading<'_>, line: &[Atom], at: usize, out: &mut Vec<Match>) {
        let atom = line[at];
        let word = &reading.text[atom.start as usize..atom.end as usize];
        let follows_hyphen = !atom.closes && line.get(at + 1).is_some_and(|a| a.hyphen);
        if word.len() < 6 || !word.starts_with(char::is_uppercase) || !(atom.closes || follows_hyphen) {
            return;
        }
        let part = match (atom.opens, atom.closes) {
            (true, true) => Part::Whole,
            (true, false) => Part::Front,
            (false, true) => Part::Back,
            (false, false) => Part::Middle,
        };
        let mut longest = None;
        for (split, head) in self.heads.find(word) {
            self.front(&word[..split], &atom, out);
            if head.row.is_some() {
                longest = Some((split, head));
            }
        }
        let Some((split, head)) = longest else { return };
        let Some(row) = head.row else { return };
        let mut domain = &word[..split];
        let mut start = atom.start as usize;
        let mut status = None;
        if let Some((length, held)) = self.status_prefix(domain) {
            (status, start, domain) = (Some(held), start + length, &domain[length..]);
        }
        let noun = self.row(row);
        out.push(Match {
            row,
            kind: if noun.kind == Kind::Office { MatchKind::Office } else { MatchKind::Agent },
            part,
            first: atom.token as usize,
            last: atom.token as usize,
            start,
            end: atom.end as usize,
            head: atom.start as usize + split,
            feminine: head.feminine,
            status,
            sector: self.domains.get(domain).map_or(noun.sector(None), |d| d.with(noun.sector(None))),
            ordinary: false,
            covered: false,
        });
    }

    /// The name that opens a compound, if there is one.
    fn front(&self, front: &str, atom: &Atom, out: &mut Vec<Match>) {
        for form in [Some(front), front.strip_suffix('s')].into_iter().flatten() {
            let node = self.trie.root(self.trie.atom(form));
            let names = self
                .trie
                .entries(node)
                .filter(|e| e.kind == MatchKind::Name && !e.ordinary && e.endings.allows(Endings::BARE) && node > 0);
            for e in names {
                out.push(Match {
                    row: e.row,
                    kind: MatchKind::Name,
                    part: Part::Front,
                    first: atom.token as usize,
                    last: atom.token as usize,
                    start: atom.start as usize,
                    end: atom.start as usize + form.len(),
                    head: atom.start as usize,
                    feminine: false,
                    status: None,
                    sector: None,
                    ordinary: false,
                    covered: false,
                });
            }
        }
    }

    /// "Ex", "Alt" and the like at the beginning of a compound, with their length.
    fn status_prefix(&self, domain: &str) -> Option<(usize, RoleStatus)> {
        self.prefixes.iter().find(|(p, _)| domain.starts_with(&**p)).map(|(p, status)| (p.len(), *status))
    }

    /// The base form of an office or agent as the text has it: "Außenministerin" for "Außenministerinnen".
    pub fn base_form(&self, text: &str, m: &Match) -> String {
        let row = self.row(m.row);
        let noun = if m.feminine { row.feminine().unwrap_or(&row.name) } else { &row.name };
        let front = text.get(m.start..m.head).unwrap_or_default();
        let mut letters = if front.is_empty() { noun.chars() } else { front.chars() };
        let mut base: String = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        base.push_str(letters.as_str());
        if !front.is_empty() {
            base.push_str(&noun.to_lowercase());
        }
        base
    }
}

/// Sorts the matches and marks those that a longer one spans.
fn finish(matches: &mut [Match]) {
    matches.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end), m.kind, m.row));
    let mut reach = 0; // furthest end of the matches that begin before this one, or here and are longer
    let mut i = 0;
    while i < matches.len() {
        let (start, end) = (matches[i].start, matches[i].end);
        let group = matches[i..].iter_mut().take_while(|m| (m.start, m.end) == (start, end));
        let mut n = 0;
        for m in group {
            m.covered = end <= reach;
            n += 1;
        }
        reach = reach.max(end);
        i += n;
    }
}
