//! What a run has, item by item, from its start until its bundle takes their place; and what is known of items afterwards.

use mesh_proto::v1 as pb;
use prost::Message as _;
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{
    INTERRUPTED, Judged, Loose, Note, Noted, Pieces, RUNNING, Row, UNKNOWN_TARGET,
    sqlite::{COLUMNS, Durable, DurableError, row},
};
use crate::once::Origin;

/// What version 2 of the tables adds.
pub(super) const ADDED: &str = "
    CREATE TABLE starts (
        id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE, record BLOB NOT NULL
    ) STRICT;
    CREATE TABLE askers (
        run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, vantage TEXT NOT NULL, prober TEXT NOT NULL,
        PRIMARY KEY (run, vantage)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE rounds (
        run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL, record BLOB NOT NULL,
        PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE items (
        run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, asked_by TEXT NOT NULL, round INTEGER NOT NULL,
        vantage TEXT NOT NULL, task TEXT NOT NULL, at_us INTEGER NOT NULL, sha256 TEXT NOT NULL, item BLOB NOT NULL,
        PRIMARY KEY (run, asked_by, round, vantage, task)
    ) STRICT;
    CREATE TABLE marks (
        prober TEXT NOT NULL, spool TEXT NOT NULL, number INTEGER NOT NULL, sha256 TEXT NOT NULL,
        run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        PRIMARY KEY (prober, spool, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX marks_run ON marks (run);
    CREATE TABLE alarms (
        run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, text TEXT NOT NULL, PRIMARY KEY (run, text)
    ) STRICT, WITHOUT ROWID;
";

/// A number as the database holds it; one beyond is held as none, and so never acknowledged.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(0)
}

impl Durable {
    /// A run starts: from here on it is never forgotten that there was one, what it asks and from where. `askers` are
    /// vantages and their probers. The record's attachments hold their contents.
    pub fn start(&self, record: &pb::RunRecord, askers: &[(String, String)]) -> Result<(), DurableError> {
        let target = record.request.as_ref().and_then(|request| request.target.as_ref());
        let target = target.map(|target| target.input.as_str()).unwrap_or_default();
        self.begin(&record.run, record.started_us, target)?;
        self.all("write down what a run asks", |tx| {
            let sql = "INSERT INTO starts (id, record) VALUES (?1, ?2)";
            tx.execute(sql, params![record.run, record.encode_to_vec()])?;
            name(tx, &record.run, askers)
        })
    }

    /// Writes notes of runs that go on, all in one transaction; on disk when it returns. What became of each, in order.
    pub fn note(&self, notes: &[Note]) -> Result<Vec<Noted>, DurableError> {
        self.all("keep items", |tx| notes.iter().map(|note| one(tx, note)).collect())
    }

    /// A run has its bundle, in place of its loose items.
    pub fn judged(&self, judged: &Judged<'_>) -> Result<(), DurableError> {
        let Judged { row, bundle, marks, askers, alarms, again } = *judged;
        let bytes = i64::try_from(bundle.len()).unwrap_or(i64::MAX);
        let digest = mesh_proto::bundle::sha256(bundle);
        let kept = self.all("keep a run", |tx| {
            if !again && tx.prepare("SELECT 1 FROM bundles WHERE id = ?1")?.exists([&row.id])? {
                return Ok(false);
            }
            let Row { id, started_us, target, status, location, cause, .. } = row;
            // A start that could not be written down, as on a disk that was full then, is no reason to lose the end.
            let ended = "INSERT INTO runs (id, started_us, target, status, location, cause, bytes)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                         ON CONFLICT (id) DO UPDATE SET status = ?4, location = ?5, cause = ?6, bytes = ?7";
            tx.execute(ended, params![id, started_us, target, status, location, cause, bytes])?;
            let kept = "INSERT INTO bundles (id, sha256, bundle) VALUES (?1, ?2, ?3)
                        ON CONFLICT (id) DO UPDATE SET sha256 = ?2, bundle = ?3";
            tx.execute(kept, params![id, digest, bundle])?;
            for (origin, digest) in marks {
                mark(tx, id, origin, digest)?;
            }
            for text in alarms {
                alarm(tx, id, text)?;
            }
            name(tx, id, askers)?;
            for table in ["items", "rounds"] {
                tx.execute(&format!("DELETE FROM {table} WHERE run = ?1"), [id])?;
            }
            tx.execute("DELETE FROM starts WHERE id = ?1", [id]).map(|_| true)
        })?;
        if kept { Ok(()) } else { Err(DurableError::Ended { path: self.path().to_owned(), id: row.id.clone() }) }
    }

    /// Runs that ended without their bundle and of which it is known what they asked.
    pub fn cut_short(&self) -> Result<Vec<String>, DurableError> {
        let sql = "SELECT r.id FROM runs r JOIN starts s ON s.id = r.id
                   WHERE r.status = ?1 AND NOT EXISTS (SELECT 1 FROM bundles b WHERE b.id = r.id)";
        let database = self.database()?;
        let ids =
            database.prepare(sql).and_then(|mut asked| asked.query_map([INTERRUPTED], |row| row.get(0))?.collect());
        ids.map_err(|e| self.at().database("list interrupted runs", e))
    }

    /// What is known of one run.
    pub fn row(&self, id: &str) -> Result<Option<Row>, DurableError> {
        let sql = format!("SELECT {COLUMNS} FROM runs WHERE id = ?1");
        let found = self.database()?.query_row(&sql, [id], row).optional();
        found.map_err(|e| self.at().database("read a run", e))
    }

    /// Runs whose id begins with this; at most two, which is one too many.
    pub fn beginning(&self, with: &str) -> Result<Vec<String>, DurableError> {
        let sql = "SELECT id FROM runs WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id = ?1 DESC, id LIMIT 2";
        let database = self.database()?;
        let ids = database.prepare(sql).and_then(|mut asked| asked.query_map([with], |row| row.get(0))?.collect());
        ids.map_err(|e| self.at().database("find a run", e))
    }

    /// Interrupted runs of which nothing but items is known, that came from this prober.
    pub fn unknown_of(&self, prober: &str) -> Result<usize, DurableError> {
        let sql = "SELECT count(DISTINCT r.id) FROM runs r JOIN askers a ON a.run = r.id
                   WHERE a.prober = ?1 AND r.target = ?2";
        let count = self.database()?.query_row(sql, [prober, UNKNOWN_TARGET], |row| row.get::<_, i64>(0));
        count.map(|count| usize::try_from(count).unwrap_or(0)).map_err(|e| self.at().database("count runs", e))
    }

    /// Everything that is kept of a run beside its bundle.
    pub fn pieces(&self, id: &str) -> Result<Pieces, DurableError> {
        self.all("read what is kept of a run", |tx| pieces(tx, id))
    }
}

fn blobs(tx: &Transaction<'_>, sql: &str, id: &str) -> rusqlite::Result<Vec<Vec<u8>>> {
    tx.prepare(sql)?.query_map([id], |row| row.get(0))?.collect()
}

/// What does not decode is not ours: the database was checked when it was opened.
fn decoded<M: prost::Message + Default>(bytes: &[u8]) -> rusqlite::Result<M> {
    M::decode(bytes).map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, Box::new(e)))
}

fn pieces(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Pieces> {
    let start = blobs(tx, "SELECT record FROM starts WHERE id = ?1", id)?;
    let rounds = blobs(tx, "SELECT record FROM rounds WHERE run = ?1 ORDER BY number", id)?;
    let items = blobs(tx, "SELECT item FROM items WHERE run = ?1 ORDER BY rowid", id)?;
    let last = "SELECT max(at_us) FROM items WHERE run = ?1";
    let mut asked = tx.prepare("SELECT prober, spool, number, sha256 FROM marks WHERE run = ?1")?;
    let marks = asked.query_map([id], |row| {
        let number = u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0);
        Ok((Origin { prober: row.get(0)?, spool: row.get(1)?, number }, row.get(3)?))
    })?;
    let mut named = tx.prepare("SELECT vantage, prober FROM askers WHERE run = ?1")?;
    let mut alarms = tx.prepare("SELECT text FROM alarms WHERE run = ?1 ORDER BY text")?;
    Ok(Pieces {
        start: start.first().map(|bytes| decoded(bytes)).transpose()?,
        rounds: rounds.iter().map(|bytes| decoded(bytes)).collect::<Result<_, _>>()?,
        items: items.iter().map(|bytes| decoded(bytes)).collect::<Result<_, _>>()?,
        last_us: tx.query_row(last, [id], |row| row.get(0))?,
        marks: marks.collect::<Result<_, _>>()?,
        askers: named.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?,
        alarms: alarms.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?,
    })
}

fn name(tx: &Transaction<'_>, run: &str, askers: &[(String, String)]) -> rusqlite::Result<()> {
    let mut sql = tx.prepare("INSERT OR IGNORE INTO askers (run, vantage, prober) VALUES (?1, ?2, ?3)")?;
    askers.iter().try_for_each(|(vantage, prober)| sql.execute([run, vantage, prober]).map(drop))
}

fn alarm(tx: &Transaction<'_>, run: &str, text: &str) -> rusqlite::Result<()> {
    tx.execute("INSERT OR IGNORE INTO alarms (run, text) VALUES (?1, ?2)", [run, text]).map(drop)
}

fn mark(tx: &Transaction<'_>, run: &str, origin: &Origin, digest: &str) -> rusqlite::Result<()> {
    let number = signed(origin.number);
    if !origin.is_spooled() || number == 0 {
        return Ok(());
    }
    let sql = "INSERT OR IGNORE INTO marks (prober, spool, number, sha256, run) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.prepare(sql)?.execute(params![origin.prober, origin.spool, number, digest, run]).map(drop)
}

fn one(tx: &Transaction<'_>, note: &Note) -> rusqlite::Result<Noted> {
    let run = match note {
        Note::Round { run, .. } | Note::Alarm { run, .. } => run,
        Note::Item(loose) => &loose.run,
    };
    let mut asked = tx.prepare("SELECT 1 FROM runs WHERE id = ?1 AND status = ?2")?;
    if !asked.exists([run.as_str(), RUNNING])? {
        return Ok(Noted::Ended);
    }
    match note {
        Note::Round { run, record } => {
            let sql = "INSERT INTO rounds (run, number, record) VALUES (?1, ?2, ?3)
                       ON CONFLICT (run, number) DO UPDATE SET record = ?3";
            tx.execute(sql, params![run, record.round, record.encode_to_vec()])?;
            Ok(Noted::Kept)
        }
        Note::Alarm { run, text, origin, digest } => {
            alarm(tx, run, text)?;
            mark(tx, run, origin, digest)?;
            Ok(Noted::Kept)
        }
        Note::Item(loose) => item(tx, loose),
    }
}

fn item(tx: &Transaction<'_>, loose: &Loose) -> rusqlite::Result<Noted> {
    let Loose { run, key, origin, digest, at_us, item } = loose;
    let sql = "INSERT INTO items (run, asked_by, round, vantage, task, at_us, sha256, item)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (run, asked_by, round, vantage, task) DO NOTHING";
    let values = params![run, key.run, key.round, key.vantage, key.task, at_us, digest, item.encode_to_vec()];
    let had = tx.prepare(sql)?.execute(values)? == 0;
    if had {
        let sql = "SELECT sha256 = ?6 FROM items
                   WHERE run = ?1 AND asked_by = ?2 AND round = ?3 AND vantage = ?4 AND task = ?5";
        let values = params![run, key.run, key.round, key.vantage, key.task, digest];
        if !tx.prepare(sql)?.query_row(values, |row| row.get::<_, bool>(0))? {
            return Ok(Noted::Differs);
        }
    }
    mark(tx, run, origin, digest)?;
    Ok(Noted::Kept)
}
