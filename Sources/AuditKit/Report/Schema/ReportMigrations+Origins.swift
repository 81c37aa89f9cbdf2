extension ReportMigrations {
  /// What version 3 adds: where a pair's image came from, as the crawl's metadata tell.
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
  ]
}
