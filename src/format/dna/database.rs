//! Tables of a database in memory. Only tables are read, no views, and nothing that the file says is run.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};

/// What every database begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
/// Rows of a table; nobody codes so much.
const MAX_ROWS: usize = 5_000_000;

/// A value of a table.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Cell {
    Nothing,
    Integer(i64),
    Real(f64),
    Text(String),
}

impl Cell {
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(*number as i64),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(super) fn into_text(self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Integer(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// An open database.
pub(super) struct Database(Connection);

impl Database {
    /// # Errors
    /// When it is no database.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, String> {
        if !bytes.starts_with(MAGIC) {
            return Err("it is no SQLite database".to_owned());
        }
        let open = || {
            let mut connection = Connection::open_in_memory()?;
            connection.deserialize_read_exact("main", bytes, bytes.len(), true)?;
            connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON;")?;
            connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0))?;
            Ok(Self(connection))
        };
        open().map_err(|error: rusqlite::Error| error.to_string())
    }

    /// The table's columns in small letters; none where there is no such table.
    fn columns(&self, table: &str) -> rusqlite::Result<Vec<String>> {
        let sql = "SELECT sql FROM sqlite_master WHERE type = 'table' AND UPPER(name) = ?1";
        let made: Option<String> = self.0.query_row(sql, [table], |row| row.get(0)).optional()?;
        if made.is_none_or(|made| made.trim_start().to_uppercase().starts_with("CREATE VIRTUAL")) {
            return Ok(Vec::new());
        }
        let mut columns = self.0.prepare(&format!("PRAGMA table_info(\"{table}\")"))?;
        let names = columns.query_map([], |row| row.get::<_, String>(1))?;
        names.map(|name| name.map(|name| name.to_lowercase())).collect()
    }

    /// True where a table has a column.
    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.columns(table).is_ok_and(|columns| columns.contains(&column.to_lowercase()))
    }

    /// How many rows a table has: 0 for one that is not there, none for one that is damaged.
    pub(super) fn count(&self, table: &str) -> Option<usize> {
        if self.columns(table).ok()?.is_empty() {
            return Some(0);
        }
        let count = self.0.query_row(&format!("SELECT COUNT(*) FROM \"{table}\""), [], |row| row.get::<_, i64>(0));
        count.ok().and_then(|count| usize::try_from(count).ok())
    }

    /// Calls `each` for every row, in the order of the ids, with these columns; those that are not there hold nothing.
    ///
    /// # Errors
    /// When the file is damaged; rows before were given.
    pub(super) fn for_each<const N: usize>(&self, table: &str, wanted: [&str; N], mut each: impl FnMut([Cell; N])) -> Result<(), String> {
        let mut read = || -> rusqlite::Result<()> {
            let columns = self.columns(table)?;
            if columns.is_empty() {
                return Ok(());
            }
            let selected = wanted.map(|name| if columns.contains(&name.to_lowercase()) { format!("\"{name}\"") } else { "NULL".to_owned() });
            let order = if columns.iter().any(|column| column == "id") { " ORDER BY \"ID\"" } else { "" };
            let mut statement = self.0.prepare(&format!("SELECT {} FROM \"{table}\"{order} LIMIT {MAX_ROWS}", selected.join(", ")))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let mut cells = [const { Cell::Nothing }; N];
                for (at, cell) in cells.iter_mut().enumerate() {
                    *cell = match row.get_ref(at)? {
                        ValueRef::Null | ValueRef::Blob(_) => Cell::Nothing,
                        ValueRef::Integer(number) => Cell::Integer(number),
                        ValueRef::Real(number) => Cell::Real(number),
                        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                    };
                }
                each(cells);
            }
            Ok(())
        };
        read().map_err(|error| format!("the table {table} cannot be read to its end: {error}"))
    }
}
