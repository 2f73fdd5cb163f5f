//! Every script is right: what is dragged over is what is stored, and an offset, its place and back are the same offset.

use eframe::egui::{Key, Modifiers, Pos2, pos2};
use manicule::text::segment::floor_grapheme;
use unicode_segmentation::UnicodeSegmentation;

use crate::desk::Desk;

/// A paragraph and words of it that can be told from their surroundings.
const PARAGRAPHS: [(&str, &[&str]); 8] = [
    ("The first official filed five affidavits, Auflage fflush.", &["first", "official", "affidavits", "fflush"]),
    ("قالت الوزيرة إن الضرائب «سترتفع» في عام 2016.", &["الوزيرة", "الضرائب", "سترتفع", "2016"]),
    ("שר החוץ אמר: \"לא ננהל משא ומתן\" (שוב) ב-3.5 מיליון.", &["החוץ", "ננהל", "שוב", "מיליון"]),
    ("abc العربية def, then 12 العدد 34.", &["abc", "العربية", "then", "العدد"]),
    ("รัฐมนตรีกล่าวว่าน้ำใจของประชาชนสำคัญมาก", &["รัฐมนตรี", "น้ำใจ", "ประชาชน", "มาก"]),
    ("मंत्री ने कहा कि कर नहीं बढ़ेंगे।", &["मंत्री", "कहा", "नहीं"]),
    ("Zoe\u{301} met 👩‍👩‍👧‍👦 family and 🇩🇪 fans in S\u{323}\u{307}ofia.", &["Zoe\u{301}", "👩‍👩‍👧‍👦", "🇩🇪", "S\u{323}\u{307}ofia"]),
    ("東京の市長は橋が安全だと述べた。", &["東京", "市長", "安全"]),
];

/// One sentence, in twenty-three languages.
const SENTENCES: [(&str, &str); 23] = [
    ("English", "The mayor said on Monday that the bridge is safe."),
    ("German", "Die Bürgermeisterin sagte am Montag, die Brücke sei sicher."),
    ("French", "La maire a déclaré lundi que le pont était « sûr »."),
    ("Polish", "Burmistrz powiedziała w poniedziałek, że most jest bezpieczny."),
    ("Czech", "Starostka v pondělí řekla, že most je bezpečný."),
    ("Turkish", "Belediye başkanı pazartesi günü köprünün güvenli olduğunu söyledi."),
    ("Vietnamese", "Thị trưởng nói hôm thứ Hai rằng cây cầu an toàn."),
    ("Greek", "Η δήμαρχος είπε τη Δευτέρα ότι η γέφυρα είναι ασφαλής."),
    ("Russian", "Мэр заявила в понедельник, что мост безопасен."),
    ("Ukrainian", "Мерка сказала в понеділок, що міст безпечний."),
    ("Armenian", "Քաղաքապետն ասաց, որ կամուրջն անվտանգ է։"),
    ("Georgian", "მერმა თქვა, რომ ხიდი უსაფრთხოა."),
    ("Arabic", "قالت رئيسة البلدية يوم الاثنين إن الجسر آمن."),
    ("Hebrew", "ראשת העיר אמרה ביום שני כי הגשר בטוח."),
    ("Persian", "شهردار روز دوشنبه گفت که پل ایمن است."),
    ("Hindi", "महापौर ने सोमवार को कहा कि पुल सुरक्षित है।"),
    ("Bengali", "মেয়র সোমবার বলেছেন যে সেতুটি নিরাপদ।"),
    ("Tamil", "பாலம் பாதுகாப்பானது என்று மேயர் திங்களன்று கூறினார்."),
    ("Thai", "นายกเทศมนตรีกล่าวเมื่อวันจันทร์ว่าสะพานปลอดภัย"),
    ("Chinese", "市长周一表示，这座桥是安全的。"),
    ("Japanese", "市長は月曜日、橋は安全だと述べた。"),
    ("Korean", "시장은 월요일에 다리가 안전하다고 말했다."),
    ("Amharic", "ከንቲባዋ ድልድዩ ደህንነቱ የተጠበቀ ነው ብለዋል።"),
];

/// A place inside the first, or last, grapheme of a range, near the edge where it begins, or ends, in reading order.
fn edge(desk: &Desk, start: usize, end: usize, side: Side) -> Pos2 {
    let text = desk.app().shown_text().unwrap();
    let graphemes: Vec<(usize, usize)> = text[start..end].grapheme_indices(true).map(|(i, g)| (start + i, start + i + g.len())).collect();
    let (from, to) = if side == Side::Start { graphemes[0] } else { *graphemes.last().unwrap() };
    let rect = desk.app().place_on_screen(from, to).expect("it is in view");
    let is_rtl = text[from..to].chars().any(|c| ('\u{590}'..='\u{8ff}').contains(&c));
    let left = (side == Side::Start) != is_rtl;
    let x = if left { rect.left() + rect.width() * 0.15 } else { rect.right() - rect.width() * 0.15 };
    pos2(x, rect.center().y)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    End,
}

#[test]
fn a_dragged_word_is_stored_exactly() {
    for (paragraph, words) in PARAGRAPHS {
        let mut desk = Desk::open_text(paragraph);
        desk.click("Snap");
        desk.click("Trim");
        for word in words {
            let place = desk.find(word);
            let (from, to) = (edge(&desk, place.start, place.end, Side::Start), edge(&desk, place.start, place.end, Side::End));
            desk.drag(from, to, Modifiers::NONE);
            assert_eq!(desk.app().selected_bytes(), Some(place), "{word:?} in {paragraph:?}");
            desk.keys(&[Key::P, Key::Escape]);
        }
        let stored: Vec<String> = words.iter().map(|word| format!("PER: {word}")).collect();
        assert_eq!(desk.marks(), stored, "{paragraph:?}");
    }
}

#[test]
fn with_snapping_a_dragged_word_is_stored_exactly_too() {
    for (paragraph, words) in PARAGRAPHS {
        let mut desk = Desk::open_text(paragraph);
        for word in words {
            let place = desk.find(word);
            let (from, to) = (edge(&desk, place.start, place.end, Side::Start), edge(&desk, place.start, place.end, Side::End));
            desk.drag(from, to, Modifiers::NONE);
            desk.keys(&[Key::P, Key::Escape]);
        }
        let stored: Vec<String> = words.iter().map(|word| format!("PER: {word}")).collect();
        assert_eq!(desk.marks(), stored, "{paragraph:?}");
    }
}

#[test]
fn from_offset_to_place_and_back() {
    for paragraph in PARAGRAPHS.iter().map(|(paragraph, _)| paragraph).chain(SENTENCES.iter().map(|(_, sentence)| sentence)) {
        let mut desk = Desk::open_text(paragraph);
        for (offset, grapheme) in paragraph.grapheme_indices(true) {
            let end = offset + grapheme.len();
            let rect = desk.app().place_on_screen(offset, end).unwrap();
            let mut halves = [0.2, 0.8].map(|part| {
                desk.click_at(pos2(rect.left() + rect.width() * part, rect.center().y));
                desk.app().caret_offset().unwrap()
            });
            halves.sort_unstable();
            assert_eq!(halves, [offset, end], "{grapheme:?} at {offset} in {paragraph:?}");
        }
    }
}

#[test]
fn letters_that_share_a_glyph_are_told_apart() {
    let mut desk = Desk::open_text("Five officials sniff.");
    desk.click("Snap");
    desk.drag_over("icials");
    assert_eq!(desk.app().selected_bytes(), Some(8..14));
    desk.keys(&[Key::L, Key::Escape]);
    assert_eq!(desk.marks(), ["LOC: icials"]);
}

#[test]
fn no_click_ever_splits_a_grapheme() {
    let text = "e\u{301}e\u{301}e\u{301} 👩‍👩‍👧‍👦👩🏽‍🚀🏳️‍🌈 각 ก็ที่ क्षि x";
    let mut desk = Desk::open_text(text);
    let row = desk.app().place_on_screen(0, text.len()).unwrap();
    let mut x = row.left();
    while x < row.right() {
        desk.click_at(pos2(x, row.center().y));
        let caret = desk.app().caret_offset().unwrap();
        assert_eq!(floor_grapheme(text, caret), caret, "{caret} at {x}");
        x += 3.0;
    }
}

#[test]
fn arrows_walk_graphemes() {
    let text = "e\u{301}👩‍👩‍👧‍👦🇩🇪x";
    let mut desk = Desk::open_text(text);
    desk.ctrl(Key::Home);
    desk.click("Snap");
    for (i, grapheme) in text.grapheme_indices(true) {
        assert_eq!(desk.app().caret_offset(), Some(i));
        desk.key(Key::ArrowRight, Modifiers::SHIFT);
        assert_eq!(desk.app().selected_bytes(), Some(i..i + grapheme.len()));
        desk.key(Key::ArrowRight, Modifiers::NONE);
    }
}

#[test]
fn control_characters_are_shown_and_kept() {
    let text = "A NUL \0 here, a bell \u{7}, an escape \u{1b}[0m and a vertical \u{b} tab.\r\nSecond line \u{202e}turned\u{202c}.\r\n";
    let mut desk = Desk::empty();
    let path = desk.file("odd.txt", text);
    desk.drop_files(&[path]);
    assert_eq!(desk.app().shown_text().unwrap(), text);
    assert!(desk.shows("NUL ␀ here"), "a symbol stands for it");
    desk.click("Snap");
    desk.drag_over("NUL \0 here");
    desk.keys(&[Key::P]);
    assert_eq!(desk.marks(), ["PER: NUL \0 here"]);
    desk.ctrl(Key::S);
    let dir = desk.app().workspace().unwrap().dir().to_owned();
    let stored = files(&dir).into_iter().find(|path| path.extension().is_some_and(|extension| extension == "txt")).unwrap();
    assert_eq!(std::fs::read_to_string(stored).unwrap(), text, "the file holds it as it was");
    let sheet = files(&dir.join("annotations")).pop().unwrap();
    assert!(std::fs::read_to_string(sheet).unwrap().contains("NUL "));
}

fn files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found
}
