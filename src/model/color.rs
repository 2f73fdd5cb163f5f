//! Colours of labels and types of relations, and those that are proposed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A colour as `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

/// Colours that can be told apart with every kind of colour blindness, and seen on paper and on the dark page: the first six of
/// Okabe and Ito's set (<https://jfly.uni-koeln.de/color/>), and three that a search found to be farthest from them.
const PALETTE: [(u8, u8, u8); 9] = [
    (0x00, 0x72, 0xb2),
    (0xd5, 0x5e, 0x00),
    (0x00, 0x9e, 0x73),
    (0xcc, 0x79, 0xa7),
    (0xe6, 0x9f, 0x00),
    (0x56, 0xb4, 0xe9),
    (0x90, 0x48, 0x30),
    (0x90, 0x30, 0xf0),
    (0x60, 0x48, 0x60),
];

impl Color {
    /// How many colours the palette has.
    pub const PALETTE_LEN: usize = PALETTE.len();

    /// The n-th colour of the palette, round and round.
    #[must_use]
    pub fn from_palette(n: usize) -> Self {
        let (red, green, blue) = PALETTE.get(n % PALETTE.len()).copied().unwrap_or_default();
        Self { red, green, blue }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl fmt::Debug for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Color {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || format!("`{}` is not a colour; write #rrggbb", text.chars().take(40).collect::<String>());
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit())).ok_or_else(error)?;
        let part = |i: usize| digits.get(i..i + 2).and_then(|d| u8::from_str_radix(d, 16).ok()).ok_or_else(error);
        Ok(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }
}

impl TryFrom<String> for Color {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Light = [f64; 3];

    /// How people with full and with the three kinds of missing cones see, in linear light: Machado, Oliveira and Fernandes
    /// 2009 (<https://doi.org/10.1109/TVCG.2009.113>), table 1, severity 1.
    const EYES: [[Light; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ];

    fn linear(color: Color) -> Light {
        [color.red, color.green, color.blue].map(|byte| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn dot(row: Light, light: Light) -> f64 {
        row.iter().zip(light).map(|(a, b)| a * b).sum()
    }

    /// CIE L*a*b*, D65.
    fn lab(light: Light) -> Light {
        let f = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = f(dot([0.4124, 0.3576, 0.1805], light) / 0.95047);
        let y = f(dot([0.2126, 0.7152, 0.0722], light));
        let z = f(dot([0.0193, 0.1192, 0.9505], light) / 1.08883);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn seen(color: Color, eyes: &[Light; 3]) -> Light {
        lab(eyes.map(|row| dot(row, linear(color)).clamp(0.0, 1.0)))
    }

    #[test]
    fn every_eye_tells_the_proposed_colours_apart() {
        let colors: Vec<Color> = (0..Color::PALETTE_LEN).map(Color::from_palette).collect();
        for eyes in &EYES {
            for (n, one) in colors.iter().enumerate() {
                for other in &colors[..n] {
                    let (a, b) = (seen(*one, eyes), seen(*other, eyes));
                    let distance = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                    // Two and a half is the least that a trained eye sees side by side.
                    assert!(distance >= 14.0, "{one} and {other}: {distance:.1}");
                }
            }
        }
    }

    #[test]
    fn the_proposed_colours_are_seen_on_both_pages() {
        let luminance = |color: Color| dot([0.2126, 0.7152, 0.0722], linear(color));
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        for page in ["#fffffd", "#17181a"] {
            let page = luminance(page.parse().unwrap());
            for color in (0..Color::PALETTE_LEN).map(Color::from_palette) {
                assert!(contrast(luminance(color), page) >= 2.0, "{color}");
            }
        }
    }
}
