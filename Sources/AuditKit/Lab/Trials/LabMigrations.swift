import GRDB

/// The schema of the lab's database; `schemas/lab.sql` holds what it adds up to.
enum LabMigrations {
  /// Marks a file as a lab's (`PRAGMA application_id`): "AuLb" in ASCII.
  static let applicationID = 0x4175_4C62

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 trials, measures, planted pairs, epochs, similarities") {
      database in
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      for statement in [trial, measure, planted, epoch, similarity] {
        try database.execute(sql: statement)
      }
      try database.execute(sql: "PRAGMA user_version = 1")
    }
    migrator.registerMigration("2 setups") { database in
      try database.execute(
        sql: "ALTER TABLE trial ADD COLUMN setup TEXT CHECK (setup IS NULL OR json_valid(setup))")
      try database.execute(sql: "PRAGMA user_version = 2")
    }
    return migrator
  }

  private static let trial = """
    CREATE TABLE trial (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      fingerprint TEXT NOT NULL UNIQUE,
      crawl TEXT NOT NULL,
      attack TEXT NOT NULL CHECK (json_valid(attack)),
      attackName TEXT NOT NULL,
      method TEXT NOT NULL,
      seed INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('running', 'failed', 'finished')),
      startedAt TEXT NOT NULL,
      finishedAt TEXT CHECK ((finishedAt IS NULL) = (state = 'running')),
      pairs INTEGER CHECK (pairs >= 0),
      seconds REAL CHECK (seconds >= 0),
      configuration TEXT CHECK (configuration IS NULL OR json_valid(configuration)),
      report TEXT,
      error TEXT CHECK (error IS NULL OR state = 'failed')
    ) STRICT
    """

  private static let measure = """
    CREATE TABLE measure (
      trialId INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      subject TEXT NOT NULL,
      value REAL NOT NULL,
      low REAL CHECK ((low IS NULL) = (high IS NULL)),
      high REAL,
      UNIQUE (trialId, name, subject)
    ) STRICT
    """

  private static let planted = """
    CREATE TABLE planted (
      trialId INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      change TEXT NOT NULL,
      target TEXT NOT NULL,
      className TEXT NOT NULL,
      rank INTEGER NOT NULL CHECK (rank >= 1),
      isSafe INTEGER NOT NULL CHECK (isSafe IN (0, 1)),
      PRIMARY KEY (trialId, key)
    ) STRICT, WITHOUT ROWID
    """

  private static let epoch = """
    CREATE TABLE epoch (
      trialId INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
      number INTEGER NOT NULL CHECK (number >= 0),
      stage TEXT NOT NULL,
      attackSuccess REAL,
      zeroShotAccuracy REAL,
      recallAt10 REAL,
      trainingSeconds REAL CHECK (trainingSeconds >= 0),
      scoringSeconds REAL CHECK (scoringSeconds >= 0),
      safeShare REAL,
      plantedInSafeSet REAL CHECK ((plantedInSafeSet IS NULL) = (safeShare IS NULL)),
      PRIMARY KEY (trialId, number)
    ) STRICT, WITHOUT ROWID
    """

  private static let similarity = """
    CREATE TABLE similarity (
      trialId INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
      number INTEGER NOT NULL CHECK (number >= 0),
      stage TEXT NOT NULL,
      bin INTEGER NOT NULL CHECK (bin >= 0),
      others INTEGER NOT NULL CHECK (others >= 0),
      planted INTEGER NOT NULL CHECK (planted >= 0),
      PRIMARY KEY (trialId, number, bin)
    ) STRICT, WITHOUT ROWID
    """
}
