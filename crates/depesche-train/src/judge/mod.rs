//! Trains the judge of the event layer: which candidates are events, of which type, mode and status, and who takes part.
//!
//! The articles of `events/train` are read by the engine as it is; each candidate becomes an example, right where a gold
//! trigger stands; our own further annotation ([`more`]) is learned from but not tuned on. Everything that is tuned (thresholds, calibration) is tuned on predictions of five-fold
//! cross-validation by document, never on predictions of a model that saw the document.

mod encoder;
mod gold;
mod more;
mod softmax;

use crate::corpora;
use anyhow::{Context, Result};
use depesche::actors::Actors;
use depesche::events::EventLayer;
use depesche::events::candidates::{Past, aspirants, candidates, frame_for, want};
use depesche::events::decide::SECOND;
use depesche::events::encoder as network;
use depesche::events::features;
use depesche::events::frames::Slot;
use depesche::events::judge::{Judge, Settings, mode_class};
use depesche::events::linear::Bag;
use depesche::events::plover::{self, Mode, TYPES};
use depesche::events::roles::{self, Aspirant};
use depesche::events::scene::{Scene, Standing};
use depesche::model::Model;
use depesche::morphology::Upos;
use depesche::{Engine, Input, Layers, Reading};
use encoder::{Lesson, Network};
use gold::{Article, Names};
use softmax::{Example, Plan};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Folds of cross-validation for the linear classifiers.
const FOLDS: usize = 5;
/// And for the encoder; only the corpus's own articles are left out.
const ENCODER_FOLDS: usize = 3;
/// Shares of the encoder in the scores that are tried.
const SHARES: [f32; 7] = [0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0];

const KIND: Plan =
    Plan { classes: TYPES.len() + 1, idle: Some(0), least: 5, least_active: 3, rounds: 9, rate: 0.025, penalty: 1e-2 };
const STATUS: Plan = Plan { classes: 4, least: 3, least_active: 2, rounds: 12, rate: 0.04, penalty: 3e-3, ..KIND };
const ROLE: Plan = Plan { classes: 3, least: 3, least_active: 2, rounds: 8, rate: 0.03, ..KIND };

/// Where a candidate stands, for scoring.
#[derive(Debug, Clone, Copy)]
struct Place {
    document: usize,
    sentence: usize,
}

/// Everything to learn from.
#[derive(Default)]
struct Lessons {
    /// How many documents are articles of the corpus; our own further ones follow.
    own: usize,
    kinds: Vec<Example>,
    /// Pieces of sentences with the same candidates, for the encoder.
    pieces: Vec<Lesson>,
    places: Vec<Place>,
    modes: Vec<Example>,
    statuses: Vec<Example>,
    roles: Vec<Example>,
    /// For each role example its event and whether it stands in the context.
    role_places: Vec<(usize, bool)>,
    role_slots: Vec<Option<Slot>>,
    gold: BTreeMap<(usize, usize, usize), usize>,
    gold_arguments: usize,
    /// Of these in the articles of the corpus, whose entities have all their aliases.
    own_arguments: usize,
    events: usize,
    lost: usize,
    reachable: usize,
    reachable_here: usize,
}

/// Trains the judge and puts it into the model.
pub fn train(model: &mut Model, folder: &Path) -> Result<()> {
    let mut articles: Vec<Article> = corpora::jsonl(&folder.join("events/train.jsonl"))?;
    let own = articles.len();
    articles.extend(more::articles(folder)?);
    let mut below = model.clone();
    below.remove(depesche::events::linear::SECTION);
    let engine = Engine::builder().model(below).build().context("the rooms below the events")?;
    let mut worker = engine.worker();
    let mut lessons = Lessons { own, ..Lessons::default() };
    for (document, article) in articles.iter().enumerate() {
        let mut input = Input::new(article.text.as_str()).id(article.id.as_str()).layers(Layers::ALL);
        if let Some(title) = &article.title {
            input = input.title(title.as_str());
        }
        if let Some(date) = &article.date {
            input = input.date(date.as_str());
        }
        worker.inspect(input, |layer, reading, knowledge, actors, _, statements| {
            let scene = Scene::new(reading, knowledge, actors, statements, layer.frames());
            learn_from(layer, &scene, reading, actors, article, document, &mut lessons);
        })?;
    }
    eprintln!(
        "{} candidates, {} gold events, {} without a candidate; {} mode, {} status, {} role examples",
        lessons.kinds.len(),
        lessons.events,
        lessons.lost,
        lessons.modes.len(),
        lessons.statuses.len(),
        lessons.roles.len()
    );
    eprintln!(
        "{} of {} gold arguments can be reached, {} in their sentence",
        lessons.reachable, lessons.gold_arguments, lessons.reachable_here
    );
    let mut settings = Settings::DEFAULT;
    let (kinds, encoded, network) = std::thread::scope(|threads| {
        let lessons = &lessons;
        let folds: Vec<_> = (0..ENCODER_FOLDS).map(|f| threads.spawn(move || unseen(lessons, f))).collect();
        let all = threads.spawn(move || Network::train(&lessons.pieces.iter().collect::<Vec<_>>()));
        let kinds = softmax::cross_validate(&lessons.kinds, &KIND, FOLDS);
        let encoded = folds.into_iter().map(|f| f.join());
        (kinds, encoded.collect::<Result<Vec<_>, _>>(), all.join())
    });
    let panicked = |_| anyhow::anyhow!("the training of the encoder broke off");
    let (encoded, network) = (encoded.map_err(panicked)?.concat(), network.map_err(panicked)?);
    tune_share(&lessons, &kinds, &encoded, &mut settings);
    let f = tune_events(&lessons, &mix(&kinds, &encoded, settings.encoder), &mut settings);
    eprintln!("types in cross-validation: F1 {f:.3} at {} / {}", settings.event, settings.repeated);
    let roles = softmax::cross_validate(&lessons.roles, &ROLE, FOLDS);
    tune_roles(&lessons, &roles, &mut settings);
    let mode_plan = Plan { classes: plover::row_count(), idle: None, least: 6, least_active: 1, ..STATUS };
    for (name, examples, plan) in [("mode", &lessons.modes, mode_plan), ("status", &lessons.statuses, STATUS)] {
        let p = softmax::cross_validate(examples, &plan, FOLDS);
        let right = p.iter().zip(examples).filter(|(p, e)| best(p) == e.label).count();
        eprintln!("{name}: accuracy {:.3} of {}", right as f32 / examples.len() as f32, examples.len());
    }
    let all = |e: &[Example], plan: &Plan| softmax::train(&e.iter().collect::<Vec<_>>(), plan);
    let classifiers = [
        all(&lessons.kinds, &KIND),
        all(&lessons.modes, &mode_plan),
        all(&lessons.statuses, &STATUS),
        all(&lessons.roles, &ROLE),
    ];
    eprintln!("{settings:?}");
    let bytes = Judge::to_bytes(settings, classifiers.each_ref());
    let section = network.section();
    eprintln!("judge: {} bytes, encoder: {} bytes", bytes.len(), section.len());
    model.set(depesche::events::linear::SECTION, bytes);
    model.set(depesche::events::encoder::SECTION, section);
    Ok(())
}

/// Reads the texts of a corpus and writes their records to the standard output.
pub fn read(model: Model, file: &Path) -> Result<()> {
    let texts: Vec<corpora::BareText> = corpora::jsonl(file)?;
    let engine = Engine::builder().model(model).build()?;
    let mut worker = engine.worker();
    for t in texts {
        let mut input = Input::new(t.text).id(t.id).layers(Layers::ALL);
        if let Some(title) = t.title {
            input = input.title(title);
        }
        if let Some(date) = t.date {
            input = input.date(date);
        }
        println!("{}", serde_json::to_string(&worker.read(input)?.record())?);
    }
    Ok(())
}

fn best(p: &[f32]) -> usize {
    (0..p.len()).max_by(|a, b| p[*a].total_cmp(&p[*b])).unwrap_or(0)
}

fn learn_from(
    layer: &EventLayer,
    scene: &Scene<'_>,
    reading: &Reading<'_>,
    actors: &Actors,
    article: &Article,
    document: usize,
    lessons: &mut Lessons,
) {
    let bytes = gold::byte_positions(&article.text);
    let all = candidates(scene, layer.status_words(), |_| true);
    let mut at_token: BTreeMap<usize, usize> = BTreeMap::new();
    let mut unmatched: Vec<(usize, Option<usize>)> = Vec::new();
    for (i, event) in article.events.iter().enumerate() {
        let kind = TYPES.iter().position(|t| t.1 == event.kind).unwrap_or(0);
        *lessons.gold.entry((document, event.s, kind)).or_default() += 1;
        lessons.events += 1;
        lessons.gold_arguments += event.actors.len() + event.recipients.len();
        if document < lessons.own {
            lessons.own_arguments += event.actors.len() + event.recipients.len();
        }
        // The noun of a light-verb construction stands for its verb.
        let carrier =
            gold::carrier(scene, article, &bytes, event).map(|t| scene.construction(t, kind_of(event)).unwrap_or(t));
        match carrier {
            Some(token) if !at_token.contains_key(&token) && all.iter().any(|c| c.token == token) => {
                at_token.insert(token, i);
            }
            token => unmatched.push((i, token)),
        }
    }
    lessons.lost += unmatched.len();
    let mut bag = Bag::default();
    let mut labels = Vec::new();
    let offset = lessons.kinds.len();
    for candidate in &all {
        bag.clear();
        features::of_candidate(scene, candidate, &mut bag);
        if article.written {
            let known = scene.matches[candidate.token].as_deref().map(|m| scene.frames.pattern(m.frames[0]).kind);
            written(known.map_or("-", plover::type_name), reading.analysis.tokens[candidate.token].upos, &mut bag);
        }
        let event = at_token.get(&candidate.token).map(|i| &article.events[*i]);
        let label = event.map_or(0, |e| TYPES.iter().position(|t| t.1 == e.kind).map_or(0, |k| k + 1));
        labels.push(label);
        let start = reading.analysis.tokens[candidate.token].start as usize;
        let sentence = article.sentences.iter().position(|(a, b)| (bytes[*a]..bytes[*b]).contains(&start));
        let sentence = sentence.map_or(0, |s| s + 1);
        lessons.places.push(Place { document, sentence });
        lessons.kinds.push(Example {
            features: bag.features.clone(),
            label,
            allowed: Vec::new(),
            offset: None,
            weight: 1.0,
            document,
        });
    }
    let tokens: Vec<usize> = all.iter().map(|c| c.token).collect();
    let pieces = network::pieces(scene, &tokens, |_| true);
    let taught = pieces.iter().map(|p| Lesson::new(scene, p, document, article.written, &labels, offset));
    lessons.pieces.extend(taught);
    // Modes, statuses and roles are learned at the gold events.
    let names = gold::system_names(reading, actors);
    let gold_names: BTreeMap<&str, Names> = article.entities.iter().map(|e| (e.id.as_str(), e.names())).collect();
    let entity_of = |id: &String| -> Option<usize> {
        let wanted = gold_names.get(id.as_str())?;
        names.iter().position(|n| gold::same_entity(n, wanted))
    };
    let mut past: Vec<Past> = Vec::new();
    for (token, i) in &at_token {
        let event = &article.events[*i];
        let Some(kind) = plover::event_type(&event.kind) else { continue };
        let Some(mut candidate) = all.iter().find(|c| c.token == *token).cloned() else { continue };
        let first = scene.matches[*token].as_deref().map(|m| m.frames[0]);
        let frame = frame_for(scene, &candidate, kind).or(first);
        want(scene, &mut candidate, frame);
        bag.clear();
        features::of_event(scene, &candidate, &event.kind, &mut bag);
        let own = frame.map(|f| scene.frames.pattern(f)).filter(|p| p.kind == kind).map_or(Mode::NONE, |p| p.mode);
        let mode = event.mode.as_deref().and_then(|m| plover::mode(kind, m)).unwrap_or(Mode::NONE);
        let example = Example {
            features: bag.features.clone(),
            label: 0,
            allowed: Vec::new(),
            offset: None,
            weight: 1.0,
            document,
        };
        let mut allowed = vec![mode_class(kind, Mode::NONE)];
        allowed.extend(plover::modes(kind).map(|m| mode_class(kind, m)));
        lessons.modes.push(Example {
            label: mode_class(kind, mode),
            allowed,
            offset: Some((mode_class(kind, own), Settings::DEFAULT.frame_mode)),
            ..example.clone()
        });
        let status = plover::status(&event.status).map_or(0, |s| s as usize);
        lessons.statuses.push(Example { label: status, ..example });
        let mode_name = mode.name().filter(|_| mode != Mode::NONE).unwrap_or("-");
        let entrants = aspirants(scene, &candidate, kind, frame, &past);
        for ids in [&event.actors, &event.recipients] {
            for id in ids {
                let Some(wanted) = gold_names.get(id.as_str()) else { continue };
                let met = |a: &Aspirant| means(scene, a, &names, wanted);
                lessons.reachable += usize::from(entrants.iter().any(met));
                lessons.reachable_here +=
                    usize::from(entrants.iter().any(|a| a.standing != Standing::Context && met(a)));
            }
        }
        let event_number = lessons.role_places.last().map_or(0, |p| p.0 + 1);
        for a in entrants {
            bag.clear();
            roles::of_aspirant(scene, &candidate, &event.kind, mode_name, &a, &mut bag);
            if article.written {
                let here = if a.standing == Standing::Context { "context" } else { "here" };
                written(here, reading.analysis.tokens[*token].upos, &mut bag);
            }
            let label = role_of(scene, &a, event, &names, &gold_names);
            lessons.roles.push(Example {
                features: bag.features.clone(),
                label,
                allowed: Vec::new(),
                offset: None,
                weight: 1.0,
                document,
            });
            lessons.role_slots.push(a.slot.clone());
            lessons.role_places.push((event_number, a.standing == Standing::Context));
        }
        past.push(Past {
            kind,
            sentence: reading.analysis.tokens[*token].sentence as usize,
            actors: event.actors.iter().filter_map(entity_of).collect(),
            recipients: event.recipients.iter().filter_map(entity_of).collect(),
        });
    }
}

/// Features of written articles, which report more than real ones: what is peculiar to them is learned apart and says
/// nothing when the engine reads (after Daumé 2007, "Frustratingly easy domain adaptation").
fn written(class: &str, upos: Upos, bag: &mut Bag) {
    bag.add(&["written"]);
    bag.add(&["written", class]);
    bag.add(&["written", upos.as_str()]);
}

/// Whether an aspirant is the gold entity with these names.
fn means(scene: &Scene<'_>, aspirant: &Aspirant, names: &[Names], wanted: &Names) -> bool {
    if !aspirant.entities.is_empty() {
        return aspirant.entities.iter().any(|e| gold::same_entity(&names[*e], wanted));
    }
    let Standing::Phrase(head) = aspirant.standing else { return false };
    let range = scene.clauses.noun_phrase(head);
    let tokens = &scene.reading.analysis.tokens;
    let text = &scene.reading.text[tokens[range.start].start as usize..tokens[range.end - 1].end as usize];
    // The head decides: "der Versuch der Regierung" ends like the government's name but is not the government.
    let (form, lemma) = (gold::norm(scene.reading.form(head)), gold::norm(scene.reading.lemma(head)));
    wanted.contains(&gold::norm(text)) || wanted.iter().map(|w| gold::head_word(w)).any(|w| w == form || w == lemma)
}

/// The role that the gold event gives an aspirant: 0 none, 1 actor, 2 recipient.
fn role_of(
    scene: &Scene<'_>,
    aspirant: &Aspirant,
    event: &gold::GoldEvent,
    names: &[Names],
    gold_names: &BTreeMap<&str, Names>,
) -> usize {
    let has = |ids: &[String]| {
        ids.iter().filter_map(|i| gold_names.get(i.as_str())).any(|g| means(scene, aspirant, names, g))
    };
    if has(&event.actors) {
        1
    } else if has(&event.recipients) {
        2
    } else {
        0
    }
}

fn kind_of(event: &gold::GoldEvent) -> Option<depesche::record::EventType> {
    plover::event_type(&event.kind)
}

/// Scores that the encoder gives to the candidates of one fold of the corpus's articles when it has not seen them:
/// number of the example and scores.
fn unseen(lessons: &Lessons, fold: usize) -> Vec<(usize, Vec<f32>)> {
    let inside = |l: &&Lesson| l.document < lessons.own && l.document % ENCODER_FOLDS == fold;
    let (held, seen): (Vec<&Lesson>, Vec<&Lesson>) = lessons.pieces.iter().partition(inside);
    let scores = Network::train(&seen).predict(&held);
    held.iter().flat_map(|l| l.candidates.iter().map(|c| c.example)).zip(scores).collect()
}

/// Probabilities with the encoder's share in the scores, where it gave any.
fn mix(kinds: &[Vec<f32>], encoded: &[(usize, Vec<f32>)], share: f32) -> Vec<Vec<f32>> {
    let mut out = kinds.to_vec();
    for (example, scores) in encoded {
        let mixed = &mut out[*example];
        for (p, s) in mixed.iter_mut().zip(scores) {
            *p = (1.0 - share) * p.max(1e-9).ln() + share * s;
        }
        depesche::events::linear::softmax(mixed);
    }
    out
}

/// Chooses how much the encoder counts: of shares that do nearly as well the largest, since the encoder that is kept
/// learns from more articles than those that are tried.
fn tune_share(lessons: &Lessons, kinds: &[Vec<f32>], encoded: &[(usize, Vec<f32>)], settings: &mut Settings) {
    const NEARLY: f32 = 0.002;
    let figures = SHARES.map(|share| {
        let f = tune_events(lessons, &mix(kinds, encoded, share), &mut settings.clone());
        eprintln!("types in cross-validation with a share of the encoder of {share}: F1 {f:.3}");
        (share, f)
    });
    let best = figures.iter().fold(0.0f32, |m, x| m.max(x.1));
    if let Some((share, _)) = figures.iter().rev().find(|x| x.1 >= best - NEARLY) {
        settings.encoder = *share;
    }
}

/// F1 of three counts.
fn f1(hit: usize, system: usize, gold: usize) -> f32 {
    if hit == 0 { 0.0 } else { 2.0 * hit as f32 / (system + gold) as f32 }
}

/// Of pairs of thresholds, behind their F1, that do nearly as well as the best the strictest: a wrong event or
/// participant costs an analyst more than none.
fn strictest(all: Vec<(f32, f32, f32)>) -> (f32, f32, f32) {
    const NEARLY: f32 = 0.004;
    let best = all.iter().fold(0.0f32, |m, x| m.max(x.0));
    let near = all.into_iter().filter(|x| x.0 >= best - NEARLY);
    near.max_by(|a, b| (a.1 + a.2).total_cmp(&(b.1 + b.2)).then(a.0.total_cmp(&b.0))).unwrap_or((0.0, 0.45, 0.45))
}

/// Chooses the thresholds of events and the calibration; gives the F1 of the types.
fn tune_events(lessons: &Lessons, predictions: &[Vec<f32>], settings: &mut Settings) -> f32 {
    // Articles that report few events are many in the training data and few where the engine is used for events.
    const EVENTFUL: usize = 4;
    let mut in_document: BTreeMap<usize, usize> = BTreeMap::new();
    lessons.gold.iter().for_each(|(key, n)| *in_document.entry(key.0).or_default() += n);
    let eventful: BTreeSet<usize> =
        in_document.into_iter().filter(|(d, n)| *d < lessons.own && *n >= EVENTFUL).map(|(d, _)| d).collect();
    let total: usize = lessons.gold.iter().filter(|(k, _)| eventful.contains(&k.0)).map(|(_, n)| n).sum();
    let score = |event: f32, repeated: f32| {
        let mut system: BTreeMap<(usize, usize, usize), Vec<f32>> = BTreeMap::new();
        for (p, place) in
            predictions.iter().zip(&lessons.places).filter(|(_, place)| eventful.contains(&place.document))
        {
            if 1.0 - p[0] >= event {
                let kind = best(&p[1..]);
                system.entry((place.document, place.sentence, kind)).or_default().push(1.0 - p[0]);
            }
        }
        let (mut hit, mut n) = (0, 0);
        for (key, mut ps) in system {
            ps.sort_by(|a, b| b.total_cmp(a));
            let count = ps.iter().enumerate().filter(|(i, p)| *i == 0 || **p >= repeated).count();
            n += count;
            hit += count.min(lessons.gold.get(&key).copied().unwrap_or(0));
        }
        f1(hit, n, total)
    };
    let mut all: Vec<(f32, f32, f32)> = Vec::new();
    for e in (14..60).step_by(2) {
        for r in (e..90).step_by(6) {
            let (event, repeated) = (e as f32 / 100.0, r as f32 / 100.0);
            all.push((score(event, repeated), event, repeated));
        }
    }
    let top = strictest(all);
    (settings.event, settings.repeated) = (top.1, top.2);
    calibrate(lessons, predictions, settings);
    top.0
}

/// Platt's calibration: probability that an accepted candidate is an event of its type.
fn calibrate(lessons: &Lessons, predictions: &[Vec<f32>], settings: &mut Settings) {
    let data: Vec<(f32, f32)> = predictions
        .iter()
        .zip(&lessons.kinds)
        .filter(|(p, e)| e.document < lessons.own && 1.0 - p[0] >= settings.event)
        .map(|(p, e)| {
            let x = (1.0 - p[0]).clamp(1e-4, 1.0 - 1e-4);
            ((x / (1.0 - x)).ln(), f32::from(u8::from(best(&p[1..]) + 1 == e.label)))
        })
        .collect();
    let (mut a, mut b) = (1.0f32, 0.0f32);
    for _ in 0..2000 {
        let (mut ga, mut gb) = (0.0, 0.0);
        for (x, y) in &data {
            let d = 1.0 / (1.0 + (-(a * x + b)).exp()) - y;
            ga += d * x;
            gb += d;
        }
        a -= 0.5 * ga / data.len() as f32;
        b -= 0.5 * gb / data.len() as f32;
    }
    (settings.slope, settings.offset) = (a, b);
}

/// Chooses the thresholds of roles, given the gold events.
fn tune_roles(lessons: &Lessons, predictions: &[Vec<f32>], settings: &mut Settings) {
    let predictions = &predictions[..lessons.roles.partition_point(|e| e.document < lessons.own)];
    let score = |role: f32, context: f32| {
        let (mut hit, mut n) = (0, 0);
        let mut i = 0;
        while i < predictions.len() {
            let event = lessons.role_places[i].0;
            let end = (i..predictions.len()).find(|j| lessons.role_places[*j].0 != event).unwrap_or(predictions.len());
            for r in [1, 2] {
                let other = 3 - r;
                let chosen = |j: &usize, context_too: bool, least: f32| {
                    lessons.role_places[*j].1 == context_too
                        && predictions[*j][r] >= least
                        && predictions[*j][r] > predictions[*j][other]
                };
                let mut here: Vec<usize> = (i..end).filter(|j| chosen(j, false, role)).collect();
                here.sort_by(|a, b| predictions[*b][r].total_cmp(&predictions[*a][r]));
                let any = !here.is_empty();
                let first = here.first().and_then(|j| lessons.role_slots[*j].clone());
                for (k, j) in here.into_iter().enumerate() {
                    let slot = &lessons.role_slots[j];
                    if k == 0 || (slot.is_some() && *slot == first) || predictions[j][r] >= role + SECOND {
                        n += 1;
                        hit += usize::from(lessons.roles[j].label == r);
                    }
                }
                if !any {
                    let last = (i..end)
                        .filter(|j| chosen(j, true, context))
                        .max_by(|a, b| predictions[*a][r].total_cmp(&predictions[*b][r]));
                    if let Some(j) = last {
                        n += 1;
                        hit += usize::from(lessons.roles[j].label == r);
                    }
                }
            }
            i = end;
        }
        (f1(hit, n, lessons.own_arguments), hit, n)
    };
    let mut all: Vec<(f32, f32, f32)> = Vec::new();
    for r in (8..60).step_by(4) {
        for c in (8..60).step_by(4) {
            let (role, context) = (r as f32 / 100.0, c as f32 / 100.0);
            all.push((score(role, context).0, role, context));
        }
    }
    let top = strictest(all);
    (settings.role, settings.context) = (top.1, top.2);
    let (f, hit, n) = score(top.1, top.2);
    eprintln!(
        "arguments in cross-validation, given gold events: F1 {f:.3} ({hit} of {n}, gold {})",
        lessons.own_arguments
    );
}
