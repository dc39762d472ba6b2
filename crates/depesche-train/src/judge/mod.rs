//! Trains the judge of the event layer: which candidates are events, of which type, mode and status, and who takes part.
//!
//! The articles of `events/train` are read by the engine as it is; each candidate becomes an example, right where a gold
//! trigger stands; our own further annotation ([`more`]) is learned from but not tuned on. Everything that is tuned
//! ([`tune`]) is tuned on predictions in cross-validation by document, never on those of a model that saw the document.

mod encoder;
mod gold;
mod more;
mod softmax;
mod tune;

use crate::corpora;
use anyhow::{Context, Result};
use depesche::actors::Actors;
use depesche::events::EventLayer;
use depesche::events::candidates::{Past, aspirants, candidates, frame_for, want};
use depesche::events::encoder::layout::Shape;
use depesche::events::encoder::{self as network, Piece, Question};
use depesche::events::features;
use depesche::events::frames::Slot;
use depesche::events::judge::{Judge, Settings, mode_class};
use depesche::events::linear::{Bag, hash};
use depesche::events::plover::{self, Mode, TYPES};
use depesche::events::roles::{self, Aspirant};
use depesche::events::scene::{Scene, Standing};
use depesche::model::Model;
use depesche::morphology::Upos;
use depesche::{Engine, Input, Layers, Reading};
use encoder::{Labelled, Lesson, Network, OF_ROLES, OF_TYPES};
use gold::{Article, Names};
use softmax::{Example, Plan};
use std::collections::BTreeMap;
use std::path::Path;
use tune::{lean, mix, share, tune_events, tune_roles};

/// Folds of cross-validation for the linear classifiers.
const FOLDS: usize = 5;
/// And for the encoder; only the corpus's own articles are left out.
const ENCODER_FOLDS: usize = 3;

const KIND: Plan =
    Plan { classes: TYPES.len() + 1, idle: Some(0), least: 8, least_active: 4, rounds: 9, rate: 0.025, penalty: 1e-2 };
const STATUS: Plan = Plan { classes: 4, least: 3, least_active: 2, rounds: 12, rate: 0.04, penalty: 2e-2, ..KIND };
const ROLE: Plan = Plan { classes: 3, least: 8, least_active: 4, rounds: 8, rate: 0.03, ..KIND };

/// Where an example is from.
#[derive(Debug, Clone, Copy)]
struct Source {
    document: usize,
    /// The document with which it is left out in cross-validation: itself, or the one that it was modelled on.
    group: usize,
    written: bool,
}

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
    /// Sentences of events with the same aspirants, for the other one.
    role_pieces: Vec<Lesson>,
    places: Vec<Place>,
    modes: Vec<Example>,
    statuses: Vec<Example>,
    roles: Vec<Example>,
    /// For each role example its event and whether it stands in the context.
    role_places: Vec<(usize, bool)>,
    role_slots: Vec<Option<Slot>>,
    /// For each event with role examples the number of its actors and recipients.
    role_gold: Vec<[usize; 2]>,
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
    let numbers: BTreeMap<&str, usize> = articles.iter().enumerate().map(|(i, a)| (a.id.as_str(), i)).collect();
    for (document, article) in articles.iter().enumerate() {
        let group = match &article.model {
            None => document,
            Some(id) => *numbers.get(id.as_str()).with_context(|| format!("{}: no article {id}", article.id))?,
        };
        let source = Source { document, group, written: article.written };
        let mut input = Input::new(article.text.as_str()).id(article.id.as_str()).layers(Layers::ALL);
        if let Some(title) = &article.title {
            input = input.title(title.as_str());
        }
        if let Some(date) = &article.date {
            input = input.date(date.as_str());
        }
        worker.inspect(input, |layer, reading, knowledge, actors, _, statements| {
            let scene = Scene::new(reading, knowledge, actors, statements, layer.frames());
            learn_from(layer, &scene, reading, actors, article, source, &mut lessons);
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
    let (kinds, encoded, network) = learn(&lessons, &lessons.kinds, &KIND, OF_TYPES, &lessons.pieces)?;
    settings.encoder = share(|share| {
        let f = tune_events(&lessons, &mix(&kinds, &encoded, share), &mut settings.clone());
        eprintln!("types in cross-validation with a share of the encoder of {share}: F1 {f:.3}");
        f
    });
    let f = tune_events(&lessons, &mix(&kinds, &encoded, settings.encoder), &mut settings);
    eprintln!("types in cross-validation: F1 {f:.3} at {} / {}", settings.event, settings.repeated);
    let (roles, encoded, role_network) = learn(&lessons, &lessons.roles, &ROLE, OF_ROLES, &lessons.role_pieces)?;
    settings.role_encoder = share(|share| {
        let (f, pairs) = tune_roles(&lessons, &mix(&roles, &encoded, share), &mut settings.clone());
        eprintln!("arguments and pairs of them with a share of the encoder of {share}: F1 {f:.3} and {pairs:.3}");
        (f + pairs) / 2.0
    });
    let (f, pairs) = tune_roles(&lessons, &mix(&roles, &encoded, settings.role_encoder), &mut settings);
    eprintln!("arguments and pairs of them in cross-validation, given the right events: F1 {f:.3} and {pairs:.3}");
    let mode_plan = Plan { classes: plover::row_count(), idle: None, least: 6, least_active: 1, ..STATUS };
    let modes = softmax::cross_validate(&lessons.modes, &mode_plan, FOLDS);
    let own = || modes.iter().zip(&lessons.modes).filter(|(_, e)| e.document < lessons.own);
    let right = own().filter(|(p, e)| best(p) == e.label).count();
    eprintln!("mode in cross-validation: accuracy {:.3} of {}", right as f32 / own().count() as f32, own().count());
    let statuses = softmax::cross_validate(&lessons.statuses, &STATUS, FOLDS);
    let (accuracy, raised) = lean(&statuses, &lessons.statuses, lessons.own);
    eprintln!("status in cross-validation: accuracy {accuracy:.3} with all but actual raised by {raised}");
    let all = |e: &[Example], plan: &Plan| softmax::train(&e.iter().collect::<Vec<_>>(), plan);
    let mut classifiers = [
        all(&lessons.kinds, &KIND),
        all(&lessons.modes, &mode_plan),
        all(&lessons.statuses, &STATUS),
        all(&lessons.roles, &ROLE),
    ];
    for class in 1..STATUS.classes {
        classifiers[2].raise(hash(&["bias"]), class, raised);
    }
    eprintln!("{settings:?}");
    let bytes = Judge::to_bytes(settings, classifiers.each_ref());
    eprintln!("judge: {} bytes", bytes.len());
    model.set(depesche::events::linear::SECTION, bytes);
    for (name, network) in [(network::TYPES_SECTION, network), (network::ROLES_SECTION, role_network)] {
        let section = network.section();
        eprintln!("{name}: {} bytes", section.len());
        model.set(name, section);
    }
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
    source: Source,
    lessons: &mut Lessons,
) {
    let Source { document, group, .. } = source;
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
            group,
        });
    }
    let tokens: Vec<usize> = all.iter().map(|c| c.token).collect();
    let pieces = network::pieces(scene, &tokens, |_| true);
    for piece in &pieces {
        let asked = piece.candidates.iter().map(|(number, token)| Labelled {
            question: Question {
                piece: 0,
                own: Some(token - piece.first),
                head: piece.head(scene, *token),
                keys: Vec::new(),
            },
            label: labels[*number],
            example: offset + number,
        });
        lessons.pieces.push(Lesson::new(scene, piece, source, asked.collect()));
    }
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
            group,
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
        features::of_status(scene, &candidate, &event.kind, &mut bag);
        lessons.statuses.push(Example { label: status, features: bag.features.clone(), ..example });
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
        if !entrants.is_empty() {
            lessons.role_gold.push([event.actors.len(), event.recipients.len()]);
        }
        let piece = Piece::of_event(scene, *token, &event.kind);
        let mut asked = Vec::new();
        for a in entrants {
            bag.clear();
            roles::of_aspirant(scene, &candidate, &event.kind, mode_name, &a, &mut bag);
            if article.written {
                let here = if a.standing == Standing::Context { "context" } else { "here" };
                written(here, reading.analysis.tokens[*token].upos, &mut bag);
            }
            let label = role_of(scene, &a, event, &names, &gold_names);
            asked.push(Labelled {
                question: piece.question(scene, 0, *token, &event.kind, &a),
                label,
                example: lessons.roles.len(),
            });
            lessons.roles.push(Example {
                features: bag.features.clone(),
                label,
                allowed: Vec::new(),
                offset: None,
                weight: 1.0,
                document,
                group,
            });
            lessons.role_slots.push(a.slot.clone());
            lessons.role_places.push((event_number, a.standing == Standing::Context));
        }
        lessons.role_pieces.push(Lesson::new(scene, &piece, source, asked));
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

/// What a linear classifier and an encoder say of each example that they have not seen (the encoder only of the corpus's
/// articles: number of the example and scores), and the encoder that has seen all.
type Learned = (Vec<Vec<f32>>, Vec<(usize, Vec<f32>)>, Network);

/// Trains both in cross-validation, and the encoder on everything.
fn learn(lessons: &Lessons, examples: &[Example], plan: &Plan, shape: Shape, pieces: &[Lesson]) -> Result<Learned> {
    let (linear, encoded, network) = std::thread::scope(|threads| {
        let folds: Vec<_> =
            (0..ENCODER_FOLDS).map(|f| threads.spawn(move || unseen(pieces, lessons.own, f, shape))).collect();
        let all = threads.spawn(move || Network::train(shape, &pieces.iter().collect::<Vec<_>>()));
        let linear = softmax::cross_validate(examples, plan, FOLDS);
        let encoded = folds.into_iter().map(|f| f.join());
        (linear, encoded.collect::<Result<Vec<_>, _>>(), all.join())
    });
    let panicked = |_| anyhow::anyhow!("the training of the encoder broke off");
    Ok((linear, encoded.map_err(panicked)?.concat(), network.map_err(panicked)?))
}

/// Scores that the encoder gives to the examples of one fold of the corpus's articles (the first `own` documents) when it
/// has not seen them: number of the example and scores.
fn unseen(pieces: &[Lesson], own: usize, fold: usize, shape: Shape) -> Vec<(usize, Vec<f32>)> {
    let left_out = |l: &&Lesson| l.group < own && l.group % ENCODER_FOLDS == fold;
    let (mut held, seen): (Vec<&Lesson>, Vec<&Lesson>) = pieces.iter().partition(left_out);
    held.retain(|l| l.document < own);
    let scores = Network::train(shape, &seen).predict(&held);
    held.iter().flat_map(|l| l.asked.iter().map(|a| a.example)).zip(scores).collect()
}
