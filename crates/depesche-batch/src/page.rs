//! From a web page to the article on it: text, title and date, without navigation and adverts.
//!
//! The article is found with dom_smoothie, an implementation of Mozilla's Readability.

use crate::{Fault, Fields};
use dom_smoothie::{Config, Readability, TextMode};
use encoding_rs::Encoding;

/// Pages with more elements than this are no articles.
const MAX_ELEMENTS: usize = 50_000;

/// A web page as it was fetched.
#[derive(Debug, Default)]
pub struct Page {
    /// The page.
    pub bytes: Vec<u8>,
    /// The encoding that the server named.
    pub charset: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// When it was fetched (ISO 8601): the article's date where the page does not tell it.
    pub fetched: Option<String>,
}

impl Page {
    /// The article on the page.
    ///
    /// # Errors
    /// If there is none.
    pub fn article(self) -> Result<Fields, Fault> {
        let html = self.decode();
        let config =
            Config { text_mode: TextMode::Formatted, max_elements_to_parse: MAX_ELEMENTS, ..Config::default() };
        let article = Readability::new(html, None, Some(config))
            .and_then(|mut page| page.parse())
            .map_err(|error| Fault::new("html", format!("no article was found on the page: {error}")))?;
        let text = paragraphs(&article.text_content);
        if text.is_empty() {
            return Err(Fault::new("html", "no article was found on the page"));
        }
        let date = article.published_time.as_deref().and_then(day).or_else(|| self.fetched.as_deref().and_then(day));
        let title = Some(article.title.trim().to_string()).filter(|title| !title.is_empty());
        Ok(Fields { text, id: None, title, date, source: article.site_name, url: self.url.or(article.url) })
    }

    /// By the byte order mark, the server's word, the page's own, or as UTF-8; what does not fit becomes U+FFFD.
    fn decode(&self) -> String {
        let named = self.charset.clone().or_else(|| charset_in_page(&self.bytes));
        let encoding = named.and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(encoding_rs::UTF_8);
        encoding.decode(&self.bytes).0.into_owned()
    }
}

/// The encoding in a page's `<meta>`.
fn charset_in_page(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let rest = head.split_once("charset=")?.1.trim_start_matches(['"', '\'', ' ']);
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c)).collect();
    (!name.is_empty()).then_some(name)
}

/// The day of an ISO 8601 time.
fn day(time: &str) -> Option<String> {
    let day = time.trim().get(..10)?;
    depesche::times::parse_date(day).map(|_| day.to_string())
}

/// Paragraphs apart by one blank line, without white space around and double spaces within.
fn paragraphs(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "Der Minister ist am Montag nach Bonn gereist, um dort mit seinem Amtskollegen über die Lage zu \
        beraten. Beide wollen nach eigenen Angaben in den kommenden Wochen weitere Gespräche führen, berichtete ein \
        Sprecher der Regierung am Abend vor Journalisten in der Hauptstadt.";

    fn page(head: &str, extra: &str) -> String {
        format!(
            "<!doctype html><html lang=de><head><title>Treffen in Bonn</title>{head}</head><body>\
             <nav><ul><li><a href=/>Startseite</a><li><a href=/sport>Sport</a></ul></nav>\
             <div class=advert>Jetzt Abo bestellen!</div><article><h1>Treffen in Bonn</h1><p>{BODY}</p><p>{BODY} Ende.</p>\
             {extra}</article><script>var tracker = 'böse';</script><footer>Impressum</footer></body></html>"
        )
    }

    fn read(html: &str) -> Fields {
        Page { bytes: html.as_bytes().to_vec(), ..Page::default() }.article().unwrap()
    }

    #[test]
    fn the_article_is_found_and_nothing_else() {
        let fields = read(&page("<meta property='article:published_time' content='2025-04-08T06:30:00+02:00'>", ""));
        assert!(fields.text.starts_with("Der Minister") || fields.text.starts_with("Treffen"));
        assert!(fields.text.ends_with("Ende."));
        for word in ["Startseite", "Abo", "tracker", "Impressum"] {
            assert!(!fields.text.contains(word), "{word}");
        }
        assert_eq!(fields.title.as_deref(), Some("Treffen in Bonn"));
        assert_eq!(fields.date.as_deref(), Some("2025-04-08"));
    }

    #[test]
    fn paragraphs_stay_apart() {
        assert!(read(&page("", "")).text.contains("Hauptstadt.\n\nDer Minister"));
    }

    #[test]
    fn broken_markup_is_read_as_browsers_do() {
        let html = page("", "").replace("</p>", "").replace("</nav>", "</nav></b></div>").replace("</article>", "");
        assert!(read(&html).text.contains("nach Bonn gereist"));
    }

    #[test]
    fn old_encodings_are_decoded() {
        let html = page("<meta charset='iso-8859-1'>", "");
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&html);
        let fields = Page { bytes: bytes.into_owned(), ..Page::default() }.article().unwrap();
        assert!(fields.text.contains("über die Lage"));
    }

    #[test]
    fn the_day_of_fetching_stands_in_for_a_missing_date() {
        let page =
            Page { bytes: page("", "").into_bytes(), fetched: Some("2025-04-09T00:00:01Z".into()), ..Page::default() };
        assert_eq!(page.article().unwrap().date.as_deref(), Some("2025-04-09"));
    }

    #[test]
    fn a_page_without_an_article_is_a_fault() {
        let empty = Page { bytes: b"<html><body></body></html>".to_vec(), ..Page::default() };
        assert_eq!(empty.article().unwrap_err().kind, "html");
    }
}
