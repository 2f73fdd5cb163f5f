//! Mutations of inputs: bytes, pieces, and what breaks readers.

use fastrand::Rng;

/// Longer ones find nothing that shorter ones do not.
const MAX_LEN: usize = 16 << 10;

/// What readers stumble over.
const PIECES: [&[u8]; 56] = [
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud83d",
    b"\\\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b",",
    b":",
    b";",
    b"|",
    b"=",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    b" ",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc3\xa9",
    b"\xf0\x9f\x8e\x89",
    b"e\xcc\x81",
    b"\xe2\x80\xa8",
    b"\xc2\x85",
    b"\xe2\x80\xae",
    b"\xe6\x9d\xb1",
    b"0",
    b"1",
    b"-1",
    b"4294967295",
    b"4294967296",
    b"18446744073709551615",
    b"1e999",
    b"NaN",
    b"inf",
    b"null",
    b"true",
    b"Some(",
    b"r#\"",
    b"/*",
    b"*/",
    b"//",
    b"T1\t",
    b"..",
    b"../",
    b"/",
    b"\n=====\n",
    b"<<<<<<< ours\n",
    b"#",
    b"%",
];

/// The input of a number: one of the corpus with a few changes.
pub(super) fn mutation(seed: u64, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed);
    let mut input = rng.choice(corpus).cloned().unwrap_or_default();
    for _ in 0..1 << rng.u32(0..5) {
        change(&mut rng, &mut input, corpus);
    }
    input.truncate(MAX_LEN);
    input
}

fn change(rng: &mut Rng, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
    let at = rng.usize(0..=input.len());
    let end = (at + piece_len(rng)).min(input.len());
    match rng.u8(0..9) {
        0 if at < input.len() => input[at] ^= 1 << rng.u32(0..8),
        1 if at < input.len() => input[at] = rng.u8(..),
        2 => drop(input.drain(at..end)),
        3 => {
            let piece = input[at..end].to_vec();
            let to = rng.usize(0..=input.len());
            drop(input.splice(to..to, piece));
        }
        4 => {
            let piece = input[at..end].to_vec();
            let times = rng.usize(2..40);
            drop(input.splice(at..at, piece.repeat(times)));
        }
        5 => {
            let other = rng.choice(corpus).cloned().unwrap_or_default();
            let from = rng.usize(0..=other.len());
            let to = (from + piece_len(rng)).min(other.len());
            drop(input.splice(at..end, other[from..to].iter().copied()));
        }
        6 => number(rng, input, at),
        7 => input.truncate(at.max(1)),
        _ => drop(input.splice(at..at, rng.choice(PIECES).unwrap_or_default().iter().copied())),
    }
    input.truncate(2 * MAX_LEN);
}

/// Mostly short.
fn piece_len(rng: &mut Rng) -> usize {
    let most = 1 << rng.u32(1..9);
    rng.usize(0..most)
}

/// Replaces the number behind a place.
fn number(rng: &mut Rng, input: &mut Vec<u8>, at: usize) {
    let Some(start) = input[at..].iter().position(u8::is_ascii_digit).map(|start| at + start) else { return };
    let len = input[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let other = match rng.u8(0..3) {
        0 => rng.u8(..).to_string(),
        1 => rng.u64(..).to_string(),
        _ => std::str::from_utf8(&input[start..start + len])
            .ok()
            .and_then(|n| n.parse::<u64>().ok())
            .map_or_else(|| "7".to_owned(), |n| n.wrapping_add(1).to_string()),
    };
    drop(input.splice(start..start + len, other.into_bytes()));
}
