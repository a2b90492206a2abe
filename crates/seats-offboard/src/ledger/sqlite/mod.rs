//! A ledger in a SQLite file.

mod columns;
mod schema;
mod writer;

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params, params_from_iter, types::Value};

use self::columns::{of_sql, time};
use self::writer::Writer;
use super::{
    Entry, Ledger, LedgerError, LedgerPlan, LedgerRow, Load, RowId, RowQuery, RowState, Session,
};
use crate::plan::row::Row;
use crate::vendor::{Product, VendorName};

pub use schema::SCHEMA;

/// How many prepared statements are kept.
const STATEMENTS: usize = 16;

/// A ledger in a SQLite file, for one process at a time to write; others can read it meanwhile.
///
/// The file opens with the command `sqlite3`; [`SCHEMA`] has its tables.
#[derive(Debug)]
pub struct SqliteLedger {
    writer: Writer,
    connection: Arc<Mutex<Connection>>,
    session: Arc<AtomicI64>,
    /// Held as long as the ledger is open to write.
    _lock: Option<File>,
}

impl SqliteLedger {
    /// Opens the ledger to write, or creates it.
    ///
    /// # Errors
    /// Another process has opened it to write, the file cannot be created, or it is no ledger.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        let lock = lock(path)?;
        let connection = Connection::open(path).map_err(|error| open_error(path, &error))?;
        prepare(&connection, path)?;
        Ok(Self::of(connection, Some(lock)))
    }

    /// Opens an existing ledger to read, also while another process writes it.
    ///
    /// # Errors
    /// The file cannot be opened, or is no ledger.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|error| open_error(path, &error))?;
        check(&connection, path)?;
        Ok(Self::of(connection, None))
    }

    fn of(connection: Connection, lock: Option<File>) -> Self {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let connection = Arc::new(Mutex::new(connection));
        let session = Arc::new(AtomicI64::new(0));
        Self {
            writer: Writer::start(Arc::clone(&connection), Arc::clone(&session)),
            connection,
            session,
            _lock: lock,
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Limits the size of the file to so many pages, so that a test can fill it.
    #[doc(hidden)]
    pub fn limit_pages(&self, pages: u32) -> Result<(), LedgerError> {
        let connection = self.connection();
        connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .map_err(of_sql)
    }

    /// Returns how many pages the file has.
    #[doc(hidden)]
    pub fn pages(&self) -> Result<u32, LedgerError> {
        let connection = self.connection();
        connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .map_err(of_sql)
    }
}

impl Drop for SqliteLedger {
    /// Leaves one file, which can be read in a folder that cannot be written.
    fn drop(&mut self) {
        self.writer.close();
        if self._lock.is_some() {
            let connection = self.connection();
            // If another process reads the ledger, the WAL files stay; nothing is lost.
            let _ = connection.pragma_update(None, "journal_mode", "delete");
        }
    }
}

/// Locks a file beside the ledger. SQLite's own locks would keep others from reading it.
fn lock(path: &Path) -> Result<File, LedgerError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::create(PathBuf::from(name)).map_err(|error| open_error(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::InUse {
            path: path.display().to_string(),
        }),
        Err(TryLockError::Error(error)) => Err(open_error(path, &error)),
    }
}

fn open_error(path: &Path, error: &dyn std::error::Error) -> LedgerError {
    LedgerError::Open {
        path: path.display().to_string(),
        message: error.to_string(),
    }
}

/// Sets the connection up to be durable, and creates the tables of a new ledger.
fn prepare(connection: &Connection, path: &Path) -> Result<(), LedgerError> {
    let failed = |error: rusqlite::Error| open_error(path, &error);
    let is_new: bool = connection
        .query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)",
            [],
            |row| row.get(0),
        )
        .map_err(|error| not_a_ledger(path, error.to_string()))?;
    if !is_new {
        check(connection, path)?;
    }
    // FULL: a commit is on the disk before it returns, also in the write-ahead log.
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 4194304;",
        )
        .map_err(failed)?;
    if is_new {
        let marks = format!(
            "PRAGMA application_id = {}; PRAGMA user_version = {};",
            schema::APPLICATION,
            schema::VERSION
        );
        connection
            .execute_batch(&format!("BEGIN; {SCHEMA} {marks} COMMIT;"))
            .map_err(failed)?;
    }
    Ok(())
}

fn check(connection: &Connection, path: &Path) -> Result<(), LedgerError> {
    let pragma = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i32>(0))
            .map_err(|error| not_a_ledger(path, error.to_string()))
    };
    if pragma("application_id")? != schema::APPLICATION {
        return Err(not_a_ledger(
            path,
            "it is another kind of database".to_owned(),
        ));
    }
    match pragma("user_version")? {
        schema::VERSION => Ok(()),
        version => Err(not_a_ledger(
            path,
            format!("its tables have version {version}, not {}", schema::VERSION),
        )),
    }
}

fn not_a_ledger(path: &Path, message: String) -> LedgerError {
    LedgerError::NotALedger {
        path: path.display().to_string(),
        message,
    }
}

fn of_write(error: rusqlite::Error) -> LedgerError {
    LedgerError::Write(error.to_string())
}

/// A transaction that takes the rows of a plan.
struct SqliteLoad<'a> {
    connection: MutexGuard<'a, Connection>,
    is_committed: bool,
}

impl Load for SqliteLoad<'_> {
    fn row(&mut self, row: &Row) -> Result<(), LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached(columns::INSERT)
            .map_err(of_write)?;
        columns::insert(&mut statement, row)
    }

    fn commit(mut self: Box<Self>, plan: &LedgerPlan) -> Result<(), LedgerError> {
        let head = serde_json::to_string(&plan.head)
            .map_err(|error| LedgerError::Write(error.to_string()))?;
        let values = params![
            plan.hash,
            plan.head.action.as_str(),
            time(plan.head.made),
            head
        ];
        self.connection
            .execute(
                "INSERT INTO plan (id, hash, action, made, head) VALUES (1, ?1, ?2, ?3, ?4)",
                values,
            )
            .map_err(of_write)?;
        for account in &plan.head.accounts {
            let values = params![account.vendor.as_str(), account.url, account.tenant];
            self.connection
                .execute(
                    "INSERT INTO account (vendor, url, tenant) VALUES (?1, ?2, ?3)",
                    values,
                )
                .map_err(of_write)?;
        }
        self.connection.execute_batch("COMMIT").map_err(of_write)?;
        self.is_committed = true;
        Ok(())
    }
}

impl Drop for SqliteLoad<'_> {
    fn drop(&mut self) {
        if !self.is_committed {
            // If it fails, the transaction ends with the connection.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

impl Ledger for SqliteLedger {
    fn plan(&self) -> Result<Option<LedgerPlan>, LedgerError> {
        let connection = self.connection();
        let plan: Option<(String, String)> = connection
            .query_row("SELECT hash, head FROM plan", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(of_sql)?;
        plan.map(|(hash, head)| {
            let head = serde_json::from_str(&head)
                .map_err(|error| LedgerError::Read(error.to_string()))?;
            Ok(LedgerPlan { head, hash })
        })
        .transpose()
    }

    fn load(&self) -> Result<Box<dyn Load + '_>, LedgerError> {
        if self.plan()?.is_some() {
            return Err(LedgerError::HasPlan);
        }
        let connection = self.connection();
        connection
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(of_write)?;
        Ok(Box::new(SqliteLoad {
            connection,
            is_committed: false,
        }))
    }

    fn begin_session(&self, session: &Session) -> Result<(), LedgerError> {
        let connection = self.connection();
        let values = params![session.operator, session.program, time(session.began)];
        connection
            .execute(
                "INSERT INTO session (operator, program, began) VALUES (?1, ?2, ?3)",
                values,
            )
            .map_err(of_write)?;
        self.session
            .store(connection.last_insert_rowid(), Ordering::Relaxed);
        Ok(())
    }

    fn end_session(&self, at: DateTime<Utc>, end: &str) -> Result<(), LedgerError> {
        let values = params![self.session.load(Ordering::Relaxed), time(at), end];
        self.connection()
            .execute(
                "UPDATE session SET ended = ?2, outcome = ?3 WHERE id = ?1",
                values,
            )
            .map_err(of_write)?;
        Ok(())
    }

    fn write(&self, entries: Vec<Entry>) -> BoxFuture<'static, Result<(), LedgerError>> {
        self.writer.write(entries)
    }

    fn products(&self) -> Result<BTreeMap<Product, BTreeMap<RowState, u64>>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached(
                "SELECT vendor, product, sku, state, count(*) FROM row WHERE state IS NOT NULL \
                 GROUP BY vendor, product, sku, state",
            )
            .map_err(of_sql)?;
        let mut rows = statement.query([]).map_err(of_sql)?;
        let mut products: BTreeMap<Product, BTreeMap<RowState, u64>> = BTreeMap::new();
        while let Some(row) = rows.next().map_err(of_sql)? {
            let product = Product {
                vendor: VendorName::from(row.get::<_, String>(0).map_err(of_sql)?),
                id: row.get(1).map_err(of_sql)?,
                sku: row.get(2).map_err(of_sql)?,
            };
            let word: String = row.get(3).map_err(of_sql)?;
            let count: i64 = row.get(4).map_err(of_sql)?;
            let state = RowState::of_word(&word)
                .ok_or_else(|| LedgerError::Read(format!("unknown state {word:?}")))?;
            let count = u64::try_from(count).unwrap_or(0);
            products.entry(product).or_default().insert(state, count);
        }
        Ok(products)
    }

    fn rows(
        &self,
        query: &RowQuery,
        after: RowId,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let connection = self.connection();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (condition, mut values) = condition(query);
        values.splice(0..0, [Value::from(after.0), Value::from(limit)]);
        let sql = format!(
            "SELECT {} FROM row LEFT JOIN session ON session.id = row.session \
             WHERE row.id > ?1{condition} ORDER BY row.id LIMIT ?2",
            columns::COLUMNS
        );
        let mut statement = connection.prepare_cached(&sql).map_err(of_sql)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(of_sql)?;
        let mut read = Vec::new();
        while let Some(row) = rows.next().map_err(of_sql)? {
            read.push(columns::read(row)?);
        }
        Ok(read)
    }

    fn others(&self) -> Result<BTreeMap<String, u64>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached(
                "SELECT decision, count(*) FROM row WHERE state IS NULL GROUP BY decision",
            )
            .map_err(of_sql)?;
        let counts = statement
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))
            .map_err(of_sql)?;
        counts
            .map(|count| {
                let (decision, count) = count.map_err(of_sql)?;
                Ok((decision, u64::try_from(count).unwrap_or(0)))
            })
            .collect()
    }
}

/// The part of a query's condition after the id, and its values, numbered from 3.
fn condition(query: &RowQuery) -> (String, Vec<Value>) {
    let mut sql = String::new();
    let mut values = Vec::new();
    if let Some(product) = &query.product {
        sql.push_str(" AND vendor = ?3 AND product = ?4 AND sku IS ?5");
        values.push(Value::from(product.vendor.as_str().to_owned()));
        values.push(Value::from(product.id.clone()));
        values.push(Value::from(product.sku.clone()));
    }
    if !query.states.is_empty() {
        // The words are constants of this crate.
        let words: Vec<String> = query
            .states
            .iter()
            .map(|state| format!("'{}'", state.as_str()))
            .collect();
        let others = if query.with_others {
            " OR state IS NULL"
        } else {
            ""
        };
        sql.push_str(&format!(" AND (state IN ({}){others})", words.join(", ")));
    }
    (sql, values)
}
