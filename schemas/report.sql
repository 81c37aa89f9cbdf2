-- The report's schema, as its migrations leave it. Written by the tests with RECORD=1.

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  crawlPath TEXT NOT NULL,
  crawlFormat TEXT NOT NULL,
  method TEXT NOT NULL,
  preset TEXT NOT NULL,
  configuration TEXT NOT NULL CHECK (json_valid(configuration)),
  seed INTEGER NOT NULL,
  threads INTEGER NOT NULL CHECK (threads >= 1),
  versions TEXT NOT NULL CHECK (json_valid(versions)),
  host TEXT NOT NULL CHECK (json_valid(host)),
  state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'failed', 'finished')),
  phase TEXT NOT NULL,
  startedAt TEXT NOT NULL,
  updatedAt TEXT NOT NULL,
  finishedAt TEXT CHECK ((finishedAt IS NULL) = (state = 'running')),
  pairCount INTEGER NOT NULL DEFAULT 0 CHECK (pairCount >= 0),
  scoredEpoch INTEGER CHECK (scoredEpoch >= 0),
  error TEXT CHECK (error IS NULL OR state = 'failed'),
  modelPath TEXT,
  summary TEXT CHECK (summary IS NULL OR json_valid(summary))
) STRICT;

CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  runId INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('adaptation', 'fallback', 'warning')),
  message TEXT NOT NULL,
  createdAt TEXT NOT NULL,
  UNIQUE (runId, kind, message)
) STRICT;

CREATE TABLE pair (
  id INTEGER PRIMARY KEY,
  runId INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  key TEXT NOT NULL,
  caption TEXT NOT NULL,
  sourcePath TEXT NOT NULL,
  sourceMember TEXT,
  sourceOffset INTEGER NOT NULL CHECK (sourceOffset >= 0),
  sourceLength INTEGER CHECK (sourceLength >= 0),
  imageWidth INTEGER CHECK (imageWidth > 0),
  imageHeight INTEGER CHECK (imageHeight > 0),
  imageSHA256 BLOB CHECK (length(imageSHA256) = 32), url TEXT, uid TEXT CHECK (length(uid) = 32 AND uid NOT GLOB '*[^0-9a-f]*'), originalWidth INTEGER CHECK (originalWidth > 0), originalHeight INTEGER CHECK (originalHeight > 0), promisedSHA256 BLOB CHECK (length(promisedSHA256) = 32),
  UNIQUE (runId, ordinal)
) STRICT;

CREATE INDEX pairByKey ON pair(runId, key, ordinal);

CREATE TABLE rejected (
  id INTEGER PRIMARY KEY,
  runId INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  source TEXT NOT NULL,
  offset INTEGER CHECK (offset >= 0),
  reason TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;

CREATE INDEX rejectedByReason ON rejected(runId, reason);

CREATE TABLE epoch (
  runId INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 0),
  stage TEXT NOT NULL,
  steps INTEGER NOT NULL CHECK (steps >= 0),
  seconds REAL NOT NULL CHECK (seconds >= 0),
  loss REAL NOT NULL,
  clipLoss REAL,
  unimodalLoss REAL,
  learningRate REAL NOT NULL CHECK (learningRate >= 0),
  logitScale REAL NOT NULL CHECK (logitScale > 0),
  alignment REAL CHECK (alignment BETWEEN 0 AND 1),
  lowerWeight REAL CHECK (lowerWeight BETWEEN 0 AND 1),
  lowerMean REAL,
  lowerVariance REAL CHECK (lowerVariance >= 0),
  upperWeight REAL CHECK (upperWeight BETWEEN 0 AND 1),
  upperMean REAL,
  upperVariance REAL CHECK (upperVariance >= 0),
  histogramLower REAL,
  histogramUpper REAL CHECK (histogramUpper > histogramLower),
  similarityHistogram BLOB CHECK (length(similarityHistogram) % 4 = 0),
  shuffledHistogram BLOB CHECK (length(shuffledHistogram) = length(similarityHistogram)),
  safeCount INTEGER CHECK (safeCount >= 0),
  safeShare REAL CHECK (safeShare BETWEEN 0 AND 1),
  decisionReason TEXT,
  PRIMARY KEY (runId, number),
  CHECK ((lowerMean IS NULL) = (upperMean IS NULL)),
  CHECK ((lowerMean IS NULL) = (lowerWeight IS NULL)),
  CHECK ((lowerMean IS NULL) = (lowerVariance IS NULL)),
  CHECK ((upperMean IS NULL) = (upperWeight IS NULL)),
  CHECK ((upperMean IS NULL) = (upperVariance IS NULL)),
  CHECK ((similarityHistogram IS NULL) = (histogramLower IS NULL)),
  CHECK ((similarityHistogram IS NULL) = (histogramUpper IS NULL)),
  CHECK (similarityHistogram IS NOT NULL OR shuffledHistogram IS NULL),
  CHECK ((safeCount IS NULL) = (safeShare IS NULL))
) STRICT;

CREATE TABLE estimate (
  id INTEGER PRIMARY KEY,
  runId INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  epoch INTEGER,
  name TEXT NOT NULL,
  subject TEXT NOT NULL CHECK (subject IN ('crawl', 'safeSet')),
  value REAL NOT NULL,
  low REAL,
  high REAL CHECK (high >= low),
  FOREIGN KEY (runId, epoch) REFERENCES epoch(runId, number) ON DELETE CASCADE,
  CHECK ((low IS NULL) = (high IS NULL))
) STRICT;

CREATE UNIQUE INDEX estimateIdentity ON estimate(runId, ifnull(epoch, -1), name, subject);

CREATE TABLE measure (
  runId INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  subject TEXT NOT NULL,
  value REAL NOT NULL,
  low REAL,
  high REAL CHECK (high >= low),
  PRIMARY KEY (runId, name, subject),
  CHECK ((low IS NULL) = (high IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE safeSet (
  runId INTEGER NOT NULL,
  chunk INTEGER NOT NULL CHECK (chunk >= 0),
  epoch INTEGER NOT NULL,
  bits BLOB NOT NULL CHECK (length(bits) BETWEEN 1 AND 8192),
  PRIMARY KEY (runId, chunk, epoch),
  FOREIGN KEY (runId, epoch) REFERENCES epoch(runId, number) ON DELETE CASCADE
) STRICT;

CREATE TABLE score (
  runId INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  similarity REAL NOT NULL CHECK (similarity BETWEEN -1 AND 1),
  posterior REAL CHECK (posterior BETWEEN 0 AND 1),
  risk REAL CHECK (risk BETWEEN 0 AND 1),
  isSafe INTEGER NOT NULL CHECK (isSafe IN (0, 1)),
  rank INTEGER NOT NULL CHECK (rank >= 1),
  isFinal INTEGER NOT NULL CHECK (isFinal IN (0, 1)),
  PRIMARY KEY (runId, ordinal),
  FOREIGN KEY (runId, ordinal) REFERENCES pair(runId, ordinal) ON DELETE CASCADE,
  CHECK ((risk IS NULL) = (posterior IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX scoreByRank ON score(runId, rank) WHERE isFinal = 1;

CREATE TABLE verdict (
  runId INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('poison', 'clean', 'unsure')),
  note TEXT,
  reviewer TEXT,
  decidedAt TEXT NOT NULL,
  PRIMARY KEY (runId, ordinal),
  FOREIGN KEY (runId, ordinal) REFERENCES pair(runId, ordinal) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX pairByImage ON pair(runId, imageSHA256);

CREATE INDEX scoreBySafety ON score(runId, isSafe, rank) WHERE isFinal = 1;

CREATE VIRTUAL TABLE pairText USING fts5(
  key, caption, content = 'pair', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER pairTextDeletion AFTER DELETE ON pair
WHEN EXISTS (SELECT 1 FROM pairText_docsize WHERE id = old.id) BEGIN
  INSERT INTO pairText(pairText, rowid, key, caption)
  VALUES ('delete', old.id, old.key, old.caption);
END;
