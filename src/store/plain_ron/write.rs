//! The writer.

use std::fmt::Write as _;

use serde::Serialize;
use serde::ser::{
    self, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
};

use super::NotPlain;

/// Whether there are blanks behind commas and colons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Blanks {
    None,
    Some,
}

/// Appends values to a text.
pub(super) struct Writer<'o> {
    out: &'o mut String,
    blanks: Blanks,
}

impl<'o> Writer<'o> {
    pub(super) fn new(out: &'o mut String, blanks: Blanks) -> Self {
        Self { out, blanks }
    }

    fn push_after(&mut self, mark: char) {
        self.out.push(mark);
        if self.blanks == Blanks::Some {
            self.out.push(' ');
        }
    }

    pub(super) fn push_str(&mut self, value: &str) {
        self.out.push('"');
        let mut rest = value;
        while let Some(at) = rest.bytes().position(|byte| !is_itself(byte)) {
            let (plain, tail) = rest.split_at(at);
            self.out.push_str(plain);
            let Some(other) = tail.chars().next() else { break };
            if is_usual(other) {
                self.out.push(other);
            } else {
                self.out.extend(other.escape_debug());
            }
            rest = tail.get(other.len_utf8()..).unwrap_or_default();
        }
        self.out.push_str(rest);
        self.out.push('"');
    }

    fn push_name(&mut self, name: &str) -> Result<(), NotPlain> {
        if !super::read::is_name(name) {
            return Err(NotPlain);
        }
        self.out.push_str(name);
        Ok(())
    }

    fn push_integer(&mut self, value: impl itoa::Integer) {
        self.out.push_str(itoa::Buffer::new().format(value));
    }
}

/// True for what a string holds as it is. Others are looked at one by one.
fn is_itself(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'\'')
}

/// True for letters and signs beyond ASCII that need no look into tables: a string holds them as they are.
pub(super) fn is_usual(c: char) -> bool {
    matches!(c, '\u{a1}'..='\u{24f}' | '\u{2010}'..='\u{2027}' | '€') && c != '\u{ad}'
}

/// What is inside brackets.
pub(super) struct Inside<'w, 'o> {
    writer: &'w mut Writer<'o>,
    is_first: bool,
    close: char,
}

impl<'w, 'o> Inside<'w, 'o> {
    fn new(writer: &'w mut Writer<'o>, open: char, close: char) -> Self {
        writer.out.push(open);
        Self { writer, is_first: true, close }
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.writer.push_after(',');
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotPlain> {
        self.separate();
        value.serialize(&mut *self.writer)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), NotPlain> {
        self.separate();
        self.writer.push_name(name)?;
        self.writer.push_after(':');
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.out.push(self.close);
    }
}

macro_rules! integers {
    ($($method:ident: $kind:ty,)*) => {$(
        fn $method(self, value: $kind) -> Result<(), NotPlain> {
            self.push_integer(value);
            Ok(())
        }
    )*};
}

impl<'w, 'o> ser::Serializer for &'w mut Writer<'o> {
    type Ok = ();
    type Error = NotPlain;
    type SerializeSeq = Inside<'w, 'o>;
    type SerializeTuple = Inside<'w, 'o>;
    type SerializeTupleStruct = Inside<'w, 'o>;
    type SerializeTupleVariant = Inside<'w, 'o>;
    type SerializeMap = Inside<'w, 'o>;
    type SerializeStruct = Inside<'w, 'o>;
    type SerializeStructVariant = Inside<'w, 'o>;

    integers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    fn serialize_bool(self, value: bool) -> Result<(), NotPlain> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), NotPlain> {
        Err(NotPlain)
    }

    fn serialize_f64(self, value: f64) -> Result<(), NotPlain> {
        if !value.is_finite() {
            return Err(NotPlain);
        }
        write!(self.out, "{value:?}").map_err(|_| NotPlain)
    }

    fn serialize_char(self, value: char) -> Result<(), NotPlain> {
        if value == '\\' || value == '\'' {
            return Err(NotPlain);
        }
        self.out.extend(['\'', value, '\'']);
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), NotPlain> {
        self.push_str(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), NotPlain> {
        Err(NotPlain)
    }

    fn serialize_none(self) -> Result<(), NotPlain> {
        self.out.push_str("None");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotPlain> {
        self.out.push_str("Some(");
        value.serialize(&mut *self)?;
        self.out.push(')');
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), NotPlain> {
        self.out.push_str("()");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NotPlain> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), NotPlain> {
        self.push_name(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Result<(), NotPlain> {
        Err(NotPlain)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, variant: &'static str, value: &T) -> Result<(), NotPlain> {
        self.push_name(variant)?;
        self.out.push('(');
        value.serialize(&mut *self)?;
        self.out.push(')');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside<'w, 'o>, NotPlain> {
        Ok(Inside::new(self, '[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside<'w, 'o>, NotPlain> {
        Ok(Inside::new(self, '(', ')'))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Inside<'w, 'o>, NotPlain> {
        Ok(Inside::new(self, '(', ')'))
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Inside<'w, 'o>, NotPlain> {
        self.push_name(variant)?;
        Ok(Inside::new(self, '(', ')'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside<'w, 'o>, NotPlain> {
        Ok(Inside::new(self, '{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Inside<'w, 'o>, NotPlain> {
        Ok(Inside::new(self, '(', ')'))
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Inside<'w, 'o>, NotPlain> {
        self.push_name(variant)?;
        Ok(Inside::new(self, '(', ')'))
    }
}

macro_rules! elements {
    ($($list:ident $method:ident,)*) => {$(
        impl $list for Inside<'_, '_> {
            type Ok = ();
            type Error = NotPlain;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotPlain> {
                self.element(value)
            }

            fn end(self) -> Result<(), NotPlain> {
                self.close();
                Ok(())
            }
        }
    )*};
}

elements! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! fields {
    ($($list:ident,)*) => {$(
        impl $list for Inside<'_, '_> {
            type Ok = ();
            type Error = NotPlain;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), NotPlain> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), NotPlain> {
                self.close();
                Ok(())
            }
        }
    )*};
}

fields! {
    SerializeStruct,
    SerializeStructVariant,
}

impl SerializeMap for Inside<'_, '_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotPlain> {
        self.element(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotPlain> {
        self.writer.push_after(':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), NotPlain> {
        self.close();
        Ok(())
    }
}
