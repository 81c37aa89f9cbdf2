extension ReportMigrations {
  /// What version 2 adds: verdicts, a search through captions, and indices for the questions of a review.
  ///
  /// Rows of `pair` are renumbered by run and place, so that what the full-text index finds tells both
  /// without a look at the row.
  static let reviewStatements = [
    "UPDATE pair SET id = runId * \(pairsPerRun) + ordinal",
    verdict, pairByImage, scoreBySafety, pairText, pairTextInsertion, pairTextDeletion,
    "INSERT INTO pairText(pairText) VALUES ('rebuild')",
  ]

  /// Room for the pairs of one run among the row numbers of `pair`.
  static let pairsPerRun: Int64 = 1 << 32

  private static let verdict = """
    CREATE TABLE verdict (
      runId INTEGER NOT NULL,
      ordinal INTEGER NOT NULL,
      verdict TEXT NOT NULL CHECK (verdict IN ('poison', 'clean', 'unsure')),
      note TEXT,
      reviewer TEXT,
      decidedAt TEXT NOT NULL,
      PRIMARY KEY (runId, ordinal),
      FOREIGN KEY (runId, ordinal) REFERENCES pair(runId, ordinal) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID
    """

  private static let pairByImage = "CREATE INDEX pairByImage ON pair(runId, imageSHA256)"

  private static let scoreBySafety = """
    CREATE INDEX scoreBySafety ON score(runId, isSafe, rank) WHERE isFinal = 1
    """

  // The texts stay in `pair`; the index alone is about as large as they are.
  private static let pairText = """
    CREATE VIRTUAL TABLE pairText USING fts5(
      key, caption, content = 'pair', content_rowid = 'id',
      tokenize = 'unicode61 remove_diacritics 2'
    )
    """

  private static let pairTextInsertion = """
    CREATE TRIGGER pairTextInsertion AFTER INSERT ON pair BEGIN
      INSERT INTO pairText(rowid, key, caption) VALUES (new.id, new.key, new.caption);
    END
    """

  private static let pairTextDeletion = """
    CREATE TRIGGER pairTextDeletion AFTER DELETE ON pair BEGIN
      INSERT INTO pairText(pairText, rowid, key, caption)
      VALUES ('delete', old.id, old.key, old.caption);
    END
    """
}
