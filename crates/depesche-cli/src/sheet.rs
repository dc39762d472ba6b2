//! The readable sheet of one document: who is who, who did what to whom, who said what, when.
//!
//! Styles are always written; the stream that prints the sheet drops them where there is no terminal. Characters that
//! could steer a terminal never reach it: whatever comes from the text passes [`plain`].

use anstyle::{AnsiColor, Style};
use depesche::Document;
use depesche::record::{Entity, EntityType, Event, Party, Range, RoleStatus, Stance, Statement, Status, Why};
use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

const HEAD: Style = Style::new().bold().underline();
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const COOPERATION: Style = AnsiColor::Green.on_default();
const CONFLICT: Style = AnsiColor::Red.on_default();
const PEOPLE: Style = AnsiColor::Cyan.on_default();

/// Width of the column that names the kind of thing a row is about.
const COLUMN: usize = 22;
/// Longest piece of text that is shown of a statement, in characters.
const EXCERPT: usize = 240;
/// How many of the judge's weights are shown.
const WEIGHTS: usize = 5;

/// Draws sheets of a certain width.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    width: usize,
}

impl Sheet {
    /// As wide as the terminal within what reads well; 100 columns for a file.
    pub fn for_terminal(terminal: bool) -> Sheet {
        let columns = terminal_size::terminal_size().filter(|_| terminal).map(|(w, _)| usize::from(w.0));
        Sheet { width: columns.unwrap_or(100).clamp(60, 120) }
    }

    /// The sheet of a document, ending in a blank line.
    pub fn render(&self, doc: &Document) -> String {
        let mut page = Page { out: String::new(), width: self.width };
        page.title(doc);
        page.people(doc);
        page.events(doc);
        page.statements(doc);
        page.times(doc);
        if doc.entities.is_empty() && doc.times.is_empty() {
            page.line(0, &format!("{DIM}Nothing was found in {} sentences.{DIM:#}", doc.sentences.len()));
        }
        page.out.push('\n');
        page.out
    }
}

struct Page {
    out: String,
    width: usize,
}

impl Page {
    fn title(&mut self, doc: &Document) {
        let name = doc.title.as_deref().filter(|t| !t.is_empty()).unwrap_or(&doc.id);
        let mut line = format!("{BOLD}{}{BOLD:#}", plain(name));
        if let Some(date) = &doc.date {
            let _ = write!(line, "  {DIM}{}{DIM:#}", plain(date));
        }
        self.line(0, &line);
    }

    fn section(&mut self, name: &str) {
        let _ = writeln!(self.out, "\n{HEAD}{name}{HEAD:#}");
    }

    /// Everybody who acts, speaks or holds an office; the other names in one line.
    fn people(&mut self, doc: &Document) {
        if doc.entities.is_empty() {
            return;
        }
        self.section("Who is who");
        let used = involved(doc);
        for entity in doc.entities.iter().filter(|e| used[e.id]) {
            let offices: Vec<String> =
                doc.roles.iter().filter(|r| r.person == entity.id).map(|r| office(doc, r)).collect();
            let kind = kind_of(entity.kind);
            let code = entity.code.as_deref().unwrap_or_default();
            let sector = entity.sector.map(code_of).unwrap_or_default();
            let label = [kind, code, &sector].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ");
            let mut line = format!("{PEOPLE}{}{PEOPLE:#}", plain(&entity.name));
            if !offices.is_empty() {
                let _ = write!(line, ", {}", offices.join(", "));
            }
            self.row(&label, DIM, &line);
        }
        let others: Vec<Cow<'_, str>> =
            doc.entities.iter().filter(|e| !used[e.id]).take(40).map(|e| plain(&e.name)).collect();
        if !others.is_empty() {
            self.row("also named", DIM, &format!("{DIM}{}{DIM:#}", others.join(", ")));
        }
    }

    fn events(&mut self, doc: &Document) {
        if doc.events.is_empty() {
            return;
        }
        self.section("Who did what to whom");
        for event in &doc.events {
            let style = if event.quad.ends_with("cooperation") { COOPERATION } else { CONFLICT };
            let label = match &event.mode {
                Some(mode) => format!("{} {mode}", code_of(event.kind)),
                None => code_of(event.kind),
            };
            self.row(&label, style, &happening(doc, event));
            if let Some(why) = &event.why {
                self.why(why, event.confidence);
            }
        }
    }

    /// Why an event was coded, in lines under it.
    fn why(&mut self, why: &Why, confidence: f64) {
        let indent = 2 + COLUMN;
        let mut lines = Vec::new();
        let frame = match (&why.frame, &why.origin) {
            (Some(frame), Some(origin)) => format!("frame “{}” ({})", plain(frame), plain(origin)),
            _ => "no frame".to_string(),
        };
        lines.push(format!("{frame}, decided by {}, confidence {confidence}", why.decided_by));
        if !why.cues.is_empty() {
            lines.push(format!("status: {}", why.cues.join(", ")));
        }
        lines.extend(why.participants.iter().map(|p| format!("{} {}: {}", p.part, plain(&p.name), plain(&p.way))));
        let weights = why.weights.iter().take(WEIGHTS);
        let weights: Vec<String> = weights.map(|w| format!("{} {:+.2}", plain(&w.feature), w.weight)).collect();
        if !weights.is_empty() {
            lines.push(format!("weights: {}", weights.join(", ")));
        }
        for line in lines {
            self.line(indent + 2, &format!("{}{DIM}{line}{DIM:#}", " ".repeat(indent)));
        }
    }

    fn statements(&mut self, doc: &Document) {
        if doc.statements.is_empty() {
            return;
        }
        self.section("Who said what");
        for statement in &doc.statements {
            let said: Vec<Cow<'_, str>> = statement.content.iter().map(|&r| plain(doc.slice(r))).collect();
            let mut line = format!("{PEOPLE}{}{PEOPLE:#}", speaker(doc, statement));
            if let Some(addressee) = &statement.addressee {
                let _ = write!(line, " to {}", party(doc, addressee));
            }
            let _ = write!(line, ": {}", excerpt(&said.join(" … ")));
            self.row(&manner(statement), DIM, &line);
        }
    }

    fn times(&mut self, doc: &Document) {
        if doc.times.is_empty() {
            return;
        }
        self.section("When");
        let mut seen: Vec<(&str, Vec<Cow<'_, str>>)> = Vec::new();
        for time in &doc.times {
            let words = plain(doc.slice(Range::new(time.start, time.end)));
            match seen.iter_mut().find(|(value, _)| *value == time.value) {
                Some((_, forms)) if forms.contains(&words) => {}
                Some((_, forms)) => forms.push(words),
                None => seen.push((&time.value, vec![words])),
            }
        }
        for (value, forms) in seen {
            self.row(value, DIM, &forms.iter().map(|w| format!("“{w}”")).collect::<Vec<_>>().join(", "));
        }
    }

    /// A label in its column and what it labels beside it.
    fn row(&mut self, label: &str, style: Style, text: &str) {
        let label = plain(label);
        let gap = " ".repeat(COLUMN.saturating_sub(label.width()).max(1));
        self.line(2 + COLUMN, &format!("  {style}{label}{style:#}{gap}{text}"));
    }

    /// A line that is broken at spaces where it is too long; `indent` is where it goes on.
    fn line(&mut self, indent: usize, text: &str) {
        let mut column = 0;
        for (i, word) in text.split(' ').enumerate() {
            let width = visible_width(word);
            if i > 0 {
                if column + 1 + width > self.width && column > indent {
                    self.out.push('\n');
                    self.out.push_str(&" ".repeat(indent));
                    column = indent;
                } else {
                    self.out.push(' ');
                    column += 1;
                }
            }
            self.out.push_str(word);
            column += width;
        }
        self.out.push('\n');
    }
}

/// Which entities act, are acted upon, speak, hold or lend an office.
fn involved(doc: &Document) -> Vec<bool> {
    let mut used = vec![false; doc.entities.len()];
    let events = doc.events.iter().flat_map(|e| e.actors.iter().chain(&e.recipients).chain(&e.place));
    let parties = doc.statements.iter().flat_map(|s| s.speaker.iter().chain(&s.addressee)).flat_map(|p| &p.entities);
    let roles = doc.roles.iter().flat_map(|r| std::iter::once(&r.person).chain(&r.of));
    for &id in events.chain(parties).chain(roles) {
        if let Some(slot) = used.get_mut(id) {
            *slot = true;
        }
    }
    used
}

fn happening(doc: &Document, event: &Event) -> String {
    let mut line = names(doc, &event.actors);
    if !event.recipients.is_empty() {
        let _ = write!(line, " → {}", names(doc, &event.recipients));
    }
    let mut details: Vec<String> = Vec::new();
    match event.status {
        Status::Actual => {}
        Status::Planned => details.push("planned".into()),
        Status::Possible => details.push("possible".into()),
        Status::Negated => details.push("did not happen".into()),
    }
    details.extend(event.place.map(|id| format!("in {}", name(doc, id))));
    details.extend(event.date.as_deref().map(|d| plain(d).into_owned()));
    let trigger: Vec<Cow<'_, str>> = event.trigger.iter().map(|&r| plain(doc.slice(r))).collect();
    details.push(format!("“{}”", trigger.join(" … ")));
    if let Some(statement) = event.statement.and_then(|s| doc.statements.get(s)) {
        details.push(format!("according to {}", speaker(doc, statement)));
    }
    if event.same_as.is_some() {
        details.push("reported above".into());
    }
    let _ = write!(line, "  {DIM}{}{DIM:#}", details.join(" · "));
    line
}

fn office(doc: &Document, role: &depesche::record::Role) -> String {
    let status = match role.status {
        RoleStatus::Current => "",
        RoleStatus::Former => "former ",
        RoleStatus::Designated => "designated ",
    };
    match role.of {
        Some(of) => format!("{status}{} ({})", plain(&role.role), name(doc, of)),
        None => format!("{status}{}", plain(&role.role)),
    }
}

fn name(doc: &Document, id: usize) -> Cow<'_, str> {
    doc.entities.get(id).map_or(Cow::Borrowed("?"), |e: &Entity| plain(&e.name))
}

/// Names joined by commas; a dash for nobody.
fn names(doc: &Document, ids: &[usize]) -> String {
    match ids {
        [] => "—".into(),
        ids => ids.iter().map(|&id| name(doc, id)).collect::<Vec<_>>().join(", "),
    }
}

fn party(doc: &Document, party: &Party) -> String {
    match party.entities.as_slice() {
        [] => plain(doc.slice(Range::new(party.start, party.end))).into_owned(),
        ids => names(doc, ids),
    }
}

fn speaker(doc: &Document, statement: &Statement) -> String {
    statement.speaker.as_ref().map_or_else(|| "—".into(), |p| party(doc, p))
}

/// The kind of statement, and the speaker's attitude where there is one.
fn manner(statement: &Statement) -> String {
    let mut label = code_of(statement.kind);
    if statement.stance != Stance::Neutral {
        let _ = write!(label, " {}", code_of(statement.stance));
    }
    label
}

fn kind_of(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "person",
        EntityType::State => "state",
        EntityType::Igo => "igo",
        EntityType::Org => "org",
        EntityType::Group => "group",
        EntityType::Place => "place",
        EntityType::Other => "other",
    }
}

/// A code as the record writes it.
fn code_of(code: impl serde::Serialize) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(s)) => s,
        _ => String::new(),
    }
}

fn excerpt(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(EXCERPT) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let end = text[..end].rfind(' ').unwrap_or(end);
            Cow::Owned(format!("{} …", &text[..end]))
        }
    }
}

/// Text in one line and without control characters.
fn plain(text: &str) -> Cow<'_, str> {
    if text.contains(|c: char| c.is_control()) {
        Cow::Owned(text.replace(|c: char| c.is_control(), " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// Columns that a word takes on the screen; its styles take none.
fn visible_width(word: &str) -> usize {
    anstream::adapter::strip_str(word).to_string().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_go_on_under_their_column() {
        let mut page = Page { out: String::new(), width: 12 };
        page.line(2, "ab cdefg hijk lmno");
        assert_eq!(page.out, "ab cdefg\n  hijk lmno\n");
    }

    #[test]
    fn styles_take_no_room() {
        let mut page = Page { out: String::new(), width: 8 };
        page.line(0, &format!("{BOLD}ab{BOLD:#} {DIM}cdefg{DIM:#}"));
        assert_eq!(page.out.lines().count(), 1);
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\nc"), "a [2Jb c");
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        let text = "wort ".repeat(100);
        let cut = excerpt(&text);
        assert!(cut.ends_with("wort …") && cut.chars().count() <= EXCERPT + 2);
    }
}
