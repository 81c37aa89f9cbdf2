extension ReportMigrations {
  /// What version 3 adds: where a pair's image came from, as the crawl's metadata tell; and texts that are looked up only
  /// once pairs are scored, since indexing them takes twice as long as writing the pairs.
  ///
  /// The new columns stand behind the captions, and pages of pairs read whole rows anyway.
  static let originStatements = [
    "ALTER TABLE pair ADD COLUMN url TEXT",
    """
    ALTER TABLE pair ADD COLUMN uid TEXT CHECK (length(uid) = 32 AND uid NOT GLOB '*[^0-9a-f]*')
    """,
    "ALTER TABLE pair ADD COLUMN originalWidth INTEGER CHECK (originalWidth > 0)",
    "ALTER TABLE pair ADD COLUMN originalHeight INTEGER CHECK (originalHeight > 0)",
    "ALTER TABLE pair ADD COLUMN promisedSHA256 BLOB CHECK (length(promisedSHA256) = 32)",
    "DROP TRIGGER pairTextInsertion",
    "DROP TRIGGER pairTextDeletion",
    // FTS5 must not be told to forget what it does not have.
    """
    CREATE TRIGGER pairTextDeletion AFTER DELETE ON pair
    WHEN EXISTS (SELECT 1 FROM pairText_docsize WHERE id = old.id) BEGIN
      INSERT INTO pairText(pairText, rowid, key, caption)
      VALUES ('delete', old.id, old.key, old.caption);
    END
    """,
  ]
}
