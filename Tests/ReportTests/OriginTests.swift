import AuditReport
import GRDB
import Testing

/// Where a pair's image came from, through the report and out again.
struct OriginTests {
  private static let uid = "0123456789abcdef0123456789abcdef"

  private static func pair(_ key: String = "a") -> PairRecord {
    PairRecord(
      key: key, caption: "a cat", sourcePath: "00000.tar", sourceMember: "a.jpg",
      imageSHA256: [UInt8](repeating: 7, count: 32), url: "https://example.com/a,b.jpg", uid: uid,
      originalWidth: 640, originalHeight: 480, promisedSHA256: [UInt8](repeating: 7, count: 32))
  }

  private func stored(_ pairs: PairRecord...) throws -> (ReportFixture, Int64) {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    try fixture.store.replacePairs(of: run, with: pairs)
    return (fixture, run)
  }

  @Test func originsComeBackWithAndWithoutScores() throws {
    var plain = Self.pair("b")
    (plain.url, plain.uid, plain.promisedSHA256) = (nil, nil, nil)
    (plain.originalWidth, plain.originalHeight) = (nil, nil)
    let (fixture, run) = try stored(Self.pair(), plain)
    #expect(try !fixture.store.replacePairs(of: run, with: [Self.pair(), plain]))
    #expect(try fixture.read { try $0.pairs(of: run) }.pairs.map(\.pair) == [Self.pair(), plain])
    try fixture.store.finishRun(
      run, scores: PairScores(similarities: [0.1, 0.2], posteriors: [0, 1], risks: [1, 0]),
      safeSet: SafeSetBitmap([false, true]))
    let scored = try fixture.read { try $0.pairs(of: run) }.pairs
    #expect(scored.map(\.pair) == [Self.pair(), plain])
    #expect(scored.map { $0.score?.rank } == [1, 2])
    #expect(scored.map { $0.score?.isSafe } == [false, true])
    #expect(scored.map { $0.score?.similarity } == [0.1, 0.2])
  }

  @Test func whatACrawlMakesUpIsLeftOut() throws {
    var odd = Self.pair()
    odd.url = "a\0b"
    (odd.originalWidth, odd.originalHeight) = (0, -1)
    odd.promisedSHA256 = [1, 2, 3]
    for uid in [
      "", "0123", Self.uid.uppercased(), Self.uid + "0", "0123456789abcdef0123456789abcdeg",
    ] {
      odd.uid = uid
      let (fixture, run) = try stored(odd)
      let pair = try #require(try fixture.read { try $0.pair(of: run, ordinal: 0) }).pair
      #expect(pair.url == "a\u{FFFD}b" && pair.uid == nil && pair.promisedSHA256 == nil)
      #expect(pair.originalWidth == nil && pair.originalHeight == nil)
      #expect(try !fixture.store.replacePairs(of: run, with: [odd]))
    }
  }

  @Test func promiseIsComparedWhereThereIsOne() {
    var pair = Self.pair()
    #expect(pair.sha256Matches == true)
    pair.promisedSHA256 = [UInt8](repeating: 8, count: 32)
    #expect(pair.sha256Matches == false)
    pair.imageSHA256 = nil
    #expect(pair.sha256Matches == nil)
    pair = Self.pair()
    pair.promisedSHA256 = nil
    #expect(pair.sha256Matches == nil)
  }

  @Test func reportOfTheSecondVersionIsBroughtUpToDate() throws {
    let (fixture, run) = try stored(Self.pair())
    try fixture.store.close()
    let queue = try DatabaseQueue(path: fixture.path)
    try queue.write { database in
      for column in ["url", "uid", "originalWidth", "originalHeight", "promisedSHA256"] {
        try database.execute(sql: "ALTER TABLE pair DROP COLUMN \(column)")
      }
      // Of that version, texts were indexed as they came.
      try database.execute(
        sql: """
          CREATE TRIGGER pairTextInsertion AFTER INSERT ON pair BEGIN
            INSERT INTO pairText(rowid, key, caption) VALUES (new.id, new.key, new.caption);
          END;
          INSERT INTO pairText(pairText) VALUES ('rebuild');
          """)
      try database.execute(
        sql: "DELETE FROM grdb_migrations WHERE identifier LIKE '3 %'; PRAGMA user_version = 2")
    }
    try queue.close()
    #expect(throws: ReportError.olderSchema(path: fixture.path, found: 2, supported: 3)) {
      try ReportReader(path: fixture.path)
    }
    let store = try ReportStore(path: fixture.path)
    let pair = try #require(try store.reader.read { try $0.pair(of: run, ordinal: 0) }).pair
    #expect(pair.key == "a" && pair.url == nil && pair.uid == nil && pair.originalWidth == nil)
    #expect(try store.replacePairs(of: run, with: [Self.pair()]))
    #expect(try store.reader.read { try $0.pair(of: run, ordinal: 0) }?.pair == Self.pair())
  }
}
