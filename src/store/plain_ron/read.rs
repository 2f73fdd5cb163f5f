//! The reader.

use serde::de::{self, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::NotPlain;

/// No value of ours is deeper; the crate has a limit of its own.
const MAX_DEPTH: u8 = 64;

/// True for the name of a field or variant that stands for itself.
pub(super) fn is_name(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_') && name.bytes().all(is_inner) && !has_other_meaning(name)
}

/// Names with a meaning of their own, and the beginning of a raw string.
fn has_other_meaning(name: &str) -> bool {
    matches!(name, "true" | "false" | "Some" | "None" | "inf" | "inff32" | "inff64" | "NaN" | "NaNf32" | "NaNf64" | "r")
}

/// Reads a text from its beginning.
pub(super) struct Reader<'d> {
    text: &'d str,
    /// Up to here it is read.
    at: usize,
    depth: u8,
}

impl<'d> Reader<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    pub(super) fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.at == self.text.len()
    }

    /// What is left, byte by byte.
    fn bytes(&self) -> &'d [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn rest(&self) -> &'d str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        // There is none or one, as a rule.
        while matches!(self.next_byte(), Some(b' ' | b'\n')) {
            self.at += 1;
        }
    }

    fn next_byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, bytes: usize) -> Result<&'d str, NotPlain> {
        let end = self.at + bytes;
        let skipped = self.text.get(self.at..end).ok_or(NotPlain)?;
        self.at = end;
        Ok(skipped)
    }

    fn takes(&mut self, mark: u8) -> bool {
        self.skip_blanks();
        let is_there = self.next_byte() == Some(mark);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, mark: u8) -> Result<(), NotPlain> {
        if self.takes(mark) { Ok(()) } else { Err(NotPlain) }
    }

    fn name(&mut self) -> Result<&'d str, NotPlain> {
        self.skip_blanks();
        let bytes = self.bytes();
        self.skip(bytes.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(bytes.len()))
    }

    fn plain_name(&mut self) -> Result<&'d str, NotPlain> {
        // Behind a name there is a mark of ours; `#`, `-` or a letter that is not ASCII would be part of it for the crate.
        self.name()
            .ok()
            .filter(|name| is_name(name) && matches!(self.next_byte(), Some(b':' | b'(' | b',' | b')' | b']' | b'}' | b' ' | b'\n')))
            .ok_or(NotPlain)
    }

    /// What stands before the next mark.
    fn number(&mut self) -> Result<&'d str, NotPlain> {
        self.skip_blanks();
        let bytes = self.bytes();
        self.skip(bytes.iter().position(|byte| matches!(byte, b',' | b')' | b']' | b'}' | b':' | b' ' | b'\n')).unwrap_or(bytes.len()))
    }

    fn integer<N: std::str::FromStr>(&mut self) -> Result<N, NotPlain> {
        let text = self.number()?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
        if is_plain { text.parse().map_err(|_| NotPlain) } else { Err(NotPlain) }
    }

    fn float(&mut self) -> Result<f64, NotPlain> {
        let text = self.number()?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let is_plain = digits(whole) && digits(part) && digits(exponent.strip_prefix('-').unwrap_or(exponent));
        if is_plain { text.parse().map_err(|_| NotPlain) } else { Err(NotPlain) }
    }

    /// A string, borrowed where nothing in it is escaped.
    fn string(&mut self) -> Result<Result<&'d str, String>, NotPlain> {
        self.expect(b'"')?;
        let end = string_end(self.bytes()).ok_or(NotPlain)?;
        let plain = self.skip(end)?;
        if self.next_byte() == Some(b'"') {
            self.skip(1)?;
            return Ok(Ok(plain));
        }
        let mut text = plain.to_owned();
        loop {
            // A backslash, or the end.
            if self.next_byte() == Some(b'"') {
                self.skip(1)?;
                return Ok(Err(text));
            }
            self.skip(1)?;
            text.push(self.escaped()?);
            let end = string_end(self.bytes()).ok_or(NotPlain)?;
            text.push_str(self.skip(end)?);
        }
    }

    fn escaped(&mut self) -> Result<char, NotPlain> {
        let kind = self.skip(1)?;
        Ok(match kind {
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "0" => '\0',
            "\\" => '\\',
            "\"" => '"',
            "'" => '\'',
            "u" => {
                let (digits, rest) = self.rest().strip_prefix('{').and_then(|rest| rest.split_once('}')).ok_or(NotPlain)?;
                self.at = self.text.len() - rest.len();
                let is_plain = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_plain).ok_or(NotPlain)?;
                char::from_u32(code).ok_or(NotPlain)?
            }
            _ => return Err(NotPlain),
        })
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, NotPlain>) -> Result<T, NotPlain> {
        if self.depth == MAX_DEPTH {
            return Err(NotPlain);
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn list<V: Visitor<'d>>(&mut self, close: u8, visitor: V) -> Result<V::Value, NotPlain> {
        self.deeper(|reader| {
            let mut is_ended = false;
            let value = visitor.visit_seq(Elements { reader, close, is_first: true, is_ended: &mut is_ended })?;
            // Who knows how many there are does not ask for one more.
            if !is_ended {
                reader.takes(b',');
            }
            reader.expect(close)?;
            Ok(value)
        })
    }

    fn fields<V: Visitor<'d>>(&mut self, visitor: V) -> Result<V::Value, NotPlain> {
        self.deeper(|reader| {
            let value = visitor.visit_map(Fields { reader, close: b')', is_first: true })?;
            reader.expect(b')')?;
            Ok(value)
        })
    }
}

/// Where the next quotation mark or backslash stands.
fn string_end(text: &[u8]) -> Option<usize> {
    text.iter().position(|byte| matches!(byte, b'"' | b'\\'))
}

/// Elements with commas between them.
struct Elements<'r, 'd> {
    reader: &'r mut Reader<'d>,
    close: u8,
    is_first: bool,
    is_ended: &'r mut bool,
}

/// True when there is another element before the bracket closes. Behind the last one there may be a comma.
fn has_next(reader: &mut Reader<'_>, close: u8, is_first: &mut bool) -> Result<bool, NotPlain> {
    let is_separated = std::mem::take(is_first) || reader.takes(b',');
    reader.skip_blanks();
    match reader.next_byte() {
        Some(byte) if byte == close => Ok(false),
        Some(_) if is_separated => Ok(true),
        _ => Err(NotPlain),
    }
}

impl<'d> SeqAccess<'d> for Elements<'_, 'd> {
    type Error = NotPlain;

    fn next_element_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<Option<S::Value>, NotPlain> {
        if !has_next(self.reader, self.close, &mut self.is_first)? {
            *self.is_ended = true;
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

/// Fields of a struct, or entries of a map.
struct Fields<'r, 'd> {
    reader: &'r mut Reader<'d>,
    close: u8,
    is_first: bool,
}

impl<'d> MapAccess<'d> for Fields<'_, 'd> {
    type Error = NotPlain;

    fn next_key_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<Option<S::Value>, NotPlain> {
        if !has_next(self.reader, self.close, &mut self.is_first)? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<S::Value, NotPlain> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident: $kind:ty,)*) => {$(
        fn $method<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
            visitor.$visit(self.integer::<$kind>()?)
        }
    )*};
}

macro_rules! never_plain {
    ($($method:ident($($argument:ty),*),)*) => {$(
        fn $method<V: Visitor<'d>>(self, $(_: $argument,)* _: V) -> Result<V::Value, NotPlain> {
            Err(NotPlain)
        }
    )*};
}

impl<'d> de::Deserializer<'d> for &mut Reader<'d> {
    type Error = NotPlain;

    integers! {
        deserialize_i8 visit_i8: i8,
        deserialize_i16 visit_i16: i16,
        deserialize_i32 visit_i32: i32,
        deserialize_i64 visit_i64: i64,
        deserialize_u8 visit_u8: u8,
        deserialize_u16 visit_u16: u16,
        deserialize_u32 visit_u32: u32,
        deserialize_u64 visit_u64: u64,
    }

    never_plain! {
        deserialize_any(),
        deserialize_f32(),
        deserialize_bytes(),
        deserialize_byte_buf(),
        deserialize_newtype_struct(&'static str),
        deserialize_ignored_any(),
    }

    fn deserialize_bool<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.number()? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(NotPlain),
        }
    }

    fn deserialize_f64<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_char<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.expect(b'\'')?;
        let letter = self.rest().chars().next().filter(|letter| !matches!(letter, '\\' | '\'')).ok_or(NotPlain)?;
        self.skip(letter.len_utf8())?;
        // A blank before the second mark would be another letter.
        if self.next_byte() != Some(b'\'') {
            return Err(NotPlain);
        }
        self.skip(1)?;
        visitor.visit_char(letter)
    }

    fn deserialize_str<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.string()? {
            Ok(text) => visitor.visit_borrowed_str(text),
            Err(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.name()? {
            "None" => visitor.visit_none(),
            "Some" => {
                self.expect(b'(')?;
                let value = self.deeper(|reader| visitor.visit_some(reader))?;
                self.expect(b')')?;
                Ok(value)
            }
            _ => Err(NotPlain),
        }
    }

    fn deserialize_unit<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.skip_blanks();
        // For the crate it is one mark, with no blank in it.
        if self.skip(2)? != "()" {
            return Err(NotPlain);
        }
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'d>>(self, _: &'static str, visitor: V) -> Result<V::Value, NotPlain> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_seq<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.expect(b'[')?;
        self.list(b']', visitor)
    }

    fn deserialize_tuple<V: Visitor<'d>>(self, _: usize, visitor: V) -> Result<V::Value, NotPlain> {
        self.expect(b'(')?;
        self.list(b')', visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'d>>(self, _: &'static str, len: usize, visitor: V) -> Result<V::Value, NotPlain> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.expect(b'{')?;
        self.deeper(|reader| {
            let value = visitor.visit_map(Fields { reader, close: b'}', is_first: true })?;
            reader.expect(b'}')?;
            Ok(value)
        })
    }

    fn deserialize_struct<V: Visitor<'d>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, NotPlain> {
        self.expect(b'(')?;
        self.fields(visitor)
    }

    fn deserialize_enum<V: Visitor<'d>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, NotPlain> {
        self.deeper(|reader| visitor.visit_enum(Variant { reader }))
    }

    fn deserialize_identifier<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        visitor.visit_borrowed_str(self.plain_name()?)
    }
}

/// A variant of an enum, whose name comes first.
struct Variant<'r, 'd> {
    reader: &'r mut Reader<'d>,
}

impl<'d> EnumAccess<'d> for Variant<'_, 'd> {
    type Error = NotPlain;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'d>>(self, seed: S) -> Result<(S::Value, Self), NotPlain> {
        let name = self.reader.plain_name()?;
        let variant = seed.deserialize(IntoDeserializer::<NotPlain>::into_deserializer(name))?;
        Ok((variant, self))
    }
}

impl<'d> VariantAccess<'d> for Variant<'_, 'd> {
    type Error = NotPlain;

    fn unit_variant(self) -> Result<(), NotPlain> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'d>>(self, seed: S) -> Result<S::Value, NotPlain> {
        self.reader.expect(b'(')?;
        let value = self.reader.deeper(|reader| seed.deserialize(reader))?;
        self.reader.expect(b')')?;
        Ok(value)
    }

    fn tuple_variant<V: Visitor<'d>>(self, _: usize, visitor: V) -> Result<V::Value, NotPlain> {
        self.reader.expect(b'(')?;
        self.reader.list(b')', visitor)
    }

    fn struct_variant<V: Visitor<'d>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, NotPlain> {
        self.reader.expect(b'(')?;
        self.reader.fields(visitor)
    }
}
