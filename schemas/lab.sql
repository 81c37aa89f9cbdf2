-- The lab's schema, as its migrations leave it. Written by the tests with RECORD=1.

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
, setup TEXT CHECK (setup IS NULL OR json_valid(setup))) STRICT;

CREATE TABLE measure (
  trialId INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  subject TEXT NOT NULL,
  value REAL NOT NULL,
  low REAL CHECK ((low IS NULL) = (high IS NULL)),
  high REAL,
  UNIQUE (trialId, name, subject)
) STRICT;

CREATE TABLE planted (
  trialId INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  change TEXT NOT NULL,
  target TEXT NOT NULL,
  className TEXT NOT NULL,
  rank INTEGER NOT NULL CHECK (rank >= 1),
  isSafe INTEGER NOT NULL CHECK (isSafe IN (0, 1)),
  PRIMARY KEY (trialId, key)
) STRICT, WITHOUT ROWID;

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
) STRICT, WITHOUT ROWID;

CREATE TABLE similarity (
  trialId INTEGER NOT NULL REFERENCES trial(id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 0),
  stage TEXT NOT NULL,
  bin INTEGER NOT NULL CHECK (bin >= 0),
  others INTEGER NOT NULL CHECK (others >= 0),
  planted INTEGER NOT NULL CHECK (planted >= 0),
  PRIMARY KEY (trialId, number, bin)
) STRICT, WITHOUT ROWID;
