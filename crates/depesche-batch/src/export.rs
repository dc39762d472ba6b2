//! Events in two layouts that existing scripts read: PLOVER's POLECAT data set and GDELT 1.0.
//!
//! Both have one row for each event, actor and recipient. `docs/layouts.md` says column by column what stands in them and
//! what stays empty.

use crate::codes::{code, pairs};
use depesche::record::{Entity, EntityType, Event, Record};
use std::collections::BTreeSet;

/// A layout of a table of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// POLECAT (Halterman et al. 2023), tab-separated, with a header.
    Polecat,
    /// GDELT 1.0, tab-separated, 58 columns, without a header as the original.
    Gdelt,
}

const POLECAT: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

impl Layout {
    /// The header line, if the layout has one.
    pub fn header(self) -> Option<String> {
        (self == Layout::Polecat).then(|| POLECAT.join("\t") + "\n")
    }

    /// The rows of a document, each ending in a line break.
    pub fn rows(self, record: &Record) -> String {
        let mut out = String::new();
        for (number, event) in record.events.iter().enumerate() {
            for (pair, (actor, recipient)) in pairs(&event.actors, &event.recipients).into_iter().enumerate() {
                let entity = |id: Option<usize>| id.and_then(|id| record.entities.get(id));
                let row = Row { record, event, number, pair, actor: entity(actor), recipient: entity(recipient) };
                let cells = match self {
                    Layout::Polecat => row.polecat(),
                    Layout::Gdelt => row.gdelt(),
                };
                let clean = |cell: String| cell.replace(['\t', '\n', '\r'], " ");
                out.push_str(&cells.into_iter().map(clean).collect::<Vec<_>>().join("\t"));
                out.push('\n');
            }
        }
        out
    }
}

/// An event with one actor and one recipient.
struct Row<'r> {
    record: &'r Record,
    event: &'r Event,
    number: usize,
    pair: usize,
    actor: Option<&'r Entity>,
    recipient: Option<&'r Entity>,
}

impl Row<'_> {
    fn date(&self) -> &str {
        self.event.date.as_deref().or(self.record.date.as_deref()).unwrap_or_default()
    }

    fn place(&self) -> Option<&Entity> {
        self.event.place.and_then(|id| self.record.entities.get(id))
    }

    /// Unique in a data set whose documents have unique identifiers.
    fn id(&self) -> String {
        format!("{}-{}-{}", self.record.id, self.number, self.pair)
    }

    fn polecat(&self) -> Vec<String> {
        let event = self.event;
        let mut cells = vec![
            self.id(),
            self.date().to_string(),
            code(event.kind),
            event.mode.clone().unwrap_or_default(),
            event.score.to_string(),
            event.quad.to_uppercase(),
            event.contexts.join("; "),
        ];
        for who in [self.actor, self.recipient] {
            let sector = who.and_then(|e| e.sector).map(code).unwrap_or_default();
            let title = who.and_then(|e| self.record.roles.iter().find(|r| r.person == e.id)).map(|r| r.role.clone());
            let name = who.map(|e| e.name.clone()).unwrap_or_default();
            let country = who.and_then(country).unwrap_or_default().to_string();
            cells.extend([
                name.clone(),
                country,
                String::new(),
                sector.clone(),
                sector,
                title.unwrap_or_default(),
                name,
            ]);
            cells.push(String::new());
        }
        let place = self.place();
        let name = place.map(|p| p.name.clone()).unwrap_or_default();
        let city = place.filter(|p| p.kind == EntityType::Place).map(|p| p.name.clone()).unwrap_or_default();
        let degrees = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
        cells.extend([name.clone(), city, String::new(), String::new()]);
        cells.push(place.and_then(country).unwrap_or_default().to_string());
        cells.extend([degrees(place.and_then(|p| p.lat)), degrees(place.and_then(|p| p.lon)), String::new(), name]);
        cells.extend([String::new(), self.record.source.clone().unwrap_or_default()]);
        cells.push(self.record.date.clone().unwrap_or_default());
        for kinds in
            [&[EntityType::Person][..], &[EntityType::Igo, EntityType::Org], &[EntityType::Place, EntityType::State]]
        {
            let named = self.record.entities.iter().filter(|e| kinds.contains(&e.kind)).map(|e| e.name.as_str());
            cells.push(named.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("; "));
        }
        cells.extend([self.record.lang.clone(), format!("depesche {}", env!("CARGO_PKG_VERSION"))]);
        cells
    }

    fn gdelt(&self) -> Vec<String> {
        let event = self.event;
        let day: String = self.date().chars().filter(char::is_ascii_digit).take(8).collect();
        let mut cells = vec![self.id(), day.clone()];
        cells.extend([day.get(..6), day.get(..4)].map(|part| part.unwrap_or_default().to_string()));
        cells.push(fraction(&day));
        for who in [self.actor, self.recipient] {
            let country = who.and_then(country).unwrap_or_default();
            let group = who.filter(|e| e.kind == EntityType::Igo).and_then(|e| e.code.clone()).unwrap_or_default();
            let sector = who.and_then(|e| e.sector).map(code).unwrap_or_default();
            let main = if country.is_empty() { group.as_str() } else { country };
            cells.extend([format!("{main}{sector}"), who.map(|e| e.name.to_uppercase()).unwrap_or_default()]);
            cells.extend([country.to_string(), group, String::new(), String::new(), String::new(), sector]);
            cells.extend([String::new(), String::new()]);
        }
        let cameo = event.cameo.clone().unwrap_or_default();
        let prefix = |n: usize| cameo.get(..n).unwrap_or(&cameo).to_string();
        let quad = match event.quad.as_str() {
            "verbal cooperation" => "1",
            "material cooperation" => "2",
            "verbal conflict" => "3",
            _ => "4",
        };
        cells.extend([String::from("1"), cameo.clone(), prefix(3), prefix(2), quad.into(), event.score.to_string()]);
        cells.extend([String::from("1"), "1".into(), "1".into(), String::new()]);
        for place in [self.actor, self.recipient, self.place()] {
            let place = place.filter(|p| p.lat.is_some());
            let kind = place.map_or("0", |p| if p.kind == EntityType::State { "1" } else { "4" });
            let degrees = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
            cells.extend([kind.to_string(), place.map(|p| p.name.clone()).unwrap_or_default()]);
            cells.extend([place.and_then(country).unwrap_or_default().to_string(), String::new()]);
            cells.extend([degrees(place.and_then(|p| p.lat)), degrees(place.and_then(|p| p.lon)), String::new()]);
        }
        cells.extend([day_of(self.record.date.as_deref()), self.record.url.clone().unwrap_or_default()]);
        cells
    }
}

/// The code of a country; organisations have none.
fn country(entity: &Entity) -> Option<&str> {
    entity.code.as_deref().filter(|code| entity.kind != EntityType::Igo && code.len() == 3)
}

fn day_of(date: Option<&str>) -> String {
    date.unwrap_or_default().chars().filter(char::is_ascii_digit).take(8).collect()
}

/// GDELT's FractionDate: the year and the part of it that has passed, with months of thirty days.
fn fraction(day: &str) -> String {
    let number = |range| day.get(range).and_then(|part: &str| part.parse::<f64>().ok());
    match (number(0..4), number(4..6), number(6..8)) {
        (Some(year), Some(month), Some(day)) => format!("{:.4}", year + (month * 30.0 + day) / 365.0),
        (Some(year), ..) => format!("{year:.4}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use depesche::record::{EventType, Sector, Status};
    use depesche::{Engine, Input};

    fn record() -> Record {
        let mut record = Engine::german().unwrap().read(Input::new("").id("a").date("2025-04-08")).unwrap().record();
        let state = |id, name: &str, code: &str| Entity {
            id,
            kind: EntityType::State,
            name: name.into(),
            code: Some(code.into()),
            sector: Some(Sector::Gov),
            lat: Some(1.5),
            lon: Some(2.0),
            mentions: Vec::new(),
        };
        record.entities = vec![state(0, "Polen", "POL"), state(1, "Ungarn", "HUN"), state(2, "Estland", "EST")];
        record.events = vec![Event {
            kind: EventType::Consult,
            mode: Some("visit".into()),
            status: Status::Actual,
            contexts: vec!["military".into(), "cyber".into()],
            actors: vec![0, 2],
            recipients: vec![1],
            place: Some(1),
            date: None,
            trigger: Vec::new(),
            sentence: 0,
            statement: None,
            quad: "verbal cooperation".into(),
            score: 4.0,
            cameo: Some("042".into()),
            same_as: None,
            confidence: 1.0,
            label: None,
            why: None,
        }];
        record
    }

    #[test]
    fn every_row_has_the_columns_of_its_layout() {
        for (layout, columns) in [(Layout::Polecat, 40), (Layout::Gdelt, 58)] {
            let rows = layout.rows(&record());
            assert_eq!(rows.lines().count(), 2);
            assert!(rows.lines().all(|row| row.split('\t').count() == columns), "{rows}");
        }
    }

    #[test]
    fn cells_stand_in_their_columns() {
        let rows = Layout::Gdelt.rows(&record());
        let cells: Vec<&str> = rows.lines().next().unwrap().split('\t').collect();
        assert_eq!(cells[1..7], ["20250408", "202504", "2025", "2025.3507", "POLGOV", "POLEN"]);
        assert_eq!((cells[15], cells[26], cells[29], cells[30]), ("HUNGOV", "042", "1", "4"));
        let rows = Layout::Polecat.rows(&record());
        let cells: Vec<&str> = rows.lines().nth(1).unwrap().split('\t').collect();
        assert_eq!(
            cells[..8],
            ["a-0-1", "2025-04-08", "CONSULT", "visit", "4", "VERBAL COOPERATION", "military; cyber", "Estland"]
        );
        assert_eq!((cells[15], cells[27], cells[28]), ("Ungarn", "HUN", "1.5"));
    }

    #[test]
    fn separators_in_names_do_no_harm() {
        let mut record = record();
        record.entities[0].name = "Po\tlen\n".into();
        assert!(Layout::Gdelt.rows(&record).lines().all(|row| row.split('\t').count() == 58));
    }
}
