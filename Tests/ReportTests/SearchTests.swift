import AuditReport
import Foundation
import GRDB
import Testing
import TestSupport

/// The search through captions and keys, and lists that are filtered.
struct SearchTests {
  private static let captions = [
    "A red dog on the beach", "Red cars, and a DOG-house", "un café rouge", "redwood forest",
    "汽车在路上", "a \"quoted\" dog's life", "<script>alert('x')</script>", "dog red",
  ]

  private func run(finished: Bool) throws -> (ReportFixture, Int64) {
    let fixture = try ReportFixture()
    _ = try fixture.run(pairs: 3)
    let run = try fixture.store.beginRun(.make())
    var pairs = [PairRecord].make(Self.captions.count)
    for (ordinal, caption) in Self.captions.enumerated() {
      pairs[ordinal].caption = caption
      pairs[ordinal].key = "folder/\(ordinal).png"
    }
    try fixture.store.replacePairs(of: run, with: pairs)
    let safeSet = SafeSetBitmap((0..<pairs.count).map { $0 % 2 == 0 })
    if finished {
      try fixture.store.finishRun(run, scores: .make(pairs.count), safeSet: safeSet)
    } else {
      try fixture.store.recordEpoch(
        .make(0), of: run, scores: .make(pairs.count), safeSet: safeSet)
    }
    return (fixture, run)
  }

  @Test(
    arguments: [
      ("dog", [0, 1, 5, 7]), ("DOG red", [0, 1, 7]), ("red", [0, 1, 3, 7]), ("red ", [0, 1, 7]),
      ("\"red dog\"", [0]), ("cafe", [2]), ("汽车", [4]), ("quoted", [5]), ("script", [6]),
      ("3 png", [3]), ("dog OR cat", []), ("NOT dog", []), ("\"", nil), ("*", nil), ("  ", nil),
      ("red* -dog", [0, 1, 7]), ("dog\"", [0, 1, 5, 7]), ("caption:dog", []),
      ("(dog)", [0, 1, 5, 7]),
    ] as [(String, [Int]?)], [true, false])
  func findsWhatHasAllWords(_ example: (text: String, found: [Int]?), finished: Bool) throws {
    let (fixture, run) = try run(finished: finished)
    guard let search = CaptionSearch(example.text) else {
      #expect(example.found == nil)
      return
    }
    for order in PairQuery.Order.allCases {
      var query = PairQuery(order: order)
      query.search = search
      let page = try fixture.read { try $0.pairs(of: run, query) }
      #expect(page.pairs.map(\.ordinal).sorted() == example.found, "\(example.text) by \(order)")
      query.limit = 1
      var paged: [Int] = []
      repeat {
        let page = try fixture.read { try $0.pairs(of: run, query) }
        paged += page.pairs.map(\.ordinal)
        query.after = page.next
      } while query.after != nil
      #expect(paged == page.pairs.map(\.ordinal))
    }
  }

  @Test(arguments: [true, false])
  func filtersGoTogether(finished: Bool) throws {
    let (fixture, run) = try run(finished: finished)
    for ordinal in [0, 1, 2] {
      try fixture.store.setVerdict(
        VerdictRecord(verdict: ordinal == 1 ? .clean : .poison), of: run, ordinal: ordinal)
    }
    let scores = PairScores.make(Self.captions.count)
    let risks = try #require(scores.risks)
    for order in PairQuery.Order.allCases {
      for (minimum, maximum) in [(nil, nil), (0.5, nil), (nil, 0.5), (0.25, 0.75), (1, 0)] {
        for isSafe in [nil, true, false] {
          for verdict in [nil, .any, PairQuery.VerdictFilter.none, .only(.poison)] {
            var query = PairQuery(order: order, minimumRisk: minimum, isSafe: isSafe)
            query.maximumRisk = maximum
            query.verdict = verdict
            let found = try fixture.read { try $0.pairs(of: run, query) }.pairs.map(\.ordinal)
            let expected = (0..<Self.captions.count).filter { ordinal in
              risks[ordinal] >= minimum ?? 0 && risks[ordinal] <= maximum ?? 1
                && (isSafe ?? (ordinal % 2 == 0)) == (ordinal % 2 == 0)
                && Self.matches(verdict, ordinal)
            }
            #expect(found.sorted() == expected, "\(order) \(minimum as Any) \(maximum as Any)")
          }
        }
      }
    }
  }

  private static func matches(_ filter: PairQuery.VerdictFilter?, _ ordinal: Int) -> Bool {
    switch filter {
    case nil: true
    case .any?: ordinal <= 2
    case PairQuery.VerdictFilter.none?: ordinal > 2
    case .only?: ordinal == 0 || ordinal == 2
    }
  }

  @Test func beforeThereAreScoresNothingCanBeSearched() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 5)
    var query = PairQuery(order: .ordinal)
    #expect(try fixture.read { try $0.pairs(of: run, query) }.pairs.count == 5)
    query.search = CaptionSearch("caption")
    let phase = try fixture.read { try $0.run(run) }.phase
    #expect(throws: ReportError.notScored(run: run, phase: phase)) {
      try fixture.read { try $0.pairs(of: run, query) }
    }
  }

  @Test func textsAreIndexedOnceWhateverTheNumberOfPairsAndForgottenWithThem() throws {
    let fixture = try ReportFixture()
    let other = try fixture.run(pairs: 3)
    let count = 2 * 16_384
    let run = try fixture.run(pairs: count)
    func found(_ text: String) throws -> [Int] {
      var query = PairQuery(order: .ordinal)
      query.search = CaptionSearch(text)
      return try fixture.read { try $0.pairs(of: run, query) }.pairs.map(\.ordinal)
    }
    func integrity() throws -> [String] {
      let queue = try DatabaseQueue(path: fixture.path)
      defer { try? queue.close() }
      return try queue.write { database in
        try database.execute(sql: "INSERT INTO pairText(pairText) VALUES ('integrity-check')")
        return try String.fetchAll(database, sql: "SELECT count(*) FROM pairText_docsize")
      }
    }
    for epoch in 0..<2 {
      try fixture.store.recordEpoch(.make(epoch), of: run, scores: .make(count))
      #expect(try integrity() == ["\(count)"])
    }
    let pairs = [PairRecord].make(count)
    for ordinal in [0, 16_383, 16_384, count - 1] {
      #expect(try found("\"\(pairs[ordinal].key)\"").contains(ordinal))
    }
    // Another crawl, of which some texts are never indexed.
    try fixture.store.replacePairs(of: run, with: pairs.prefix(100))
    #expect(try integrity() == ["0"])
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(100))
    #expect(try integrity() == ["100"])
    try fixture.store.removeRun(other)
    try fixture.store.removeRun(run)
    #expect(try integrity() == ["0"])
  }

  @Test func rankingInMemoryGivesTheSamePages() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 50)
    #expect(try fixture.read { try $0.ranking(of: run) } == nil)
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(50))
    let ranking = try #require(try fixture.read { try $0.ranking(of: run) })
    var (after, pages) = (PairCursor?.none, 0)
    repeat {
      let page = try fixture.read { try $0.pairs(by: ranking, limit: 7, after: after) }
      let expected = try fixture.read {
        try $0.pairs(of: run, PairQuery(limit: 7, after: after))
      }
      #expect(page == expected)
      after = page.next
      pages += 1
    } while after != nil
    #expect(pages == 8)
    #expect(throws: ReportError.self) {
      try fixture.read {
        let other = try $0.pairs(of: run, PairQuery(order: .key, limit: 1)).next
        return try $0.pairs(by: ranking, limit: 1, after: other)
      }
    }
  }

  @Test func rankBeyondThePairsIsRefusedInMemory() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 5)
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(5))
    try fixture.store.close()
    let queue = try DatabaseQueue(path: fixture.path)
    try queue.write { try $0.execute(sql: "UPDATE score SET rank = 99 WHERE ordinal = 3") }
    try queue.close()
    let reader = try ReportReader(path: fixture.path)
    #expect(throws: ReportError.invalidValue(what: "rank", ordinal: 3, value: "99")) {
      try reader.read { try $0.ranking(of: run) }
    }
  }

  @Test func reportOfTheFirstVersionIsBroughtUpToDate() throws {
    let (fixture, run) = try run(finished: true)
    try fixture.store.close()
    let queue = try DatabaseQueue(path: fixture.path)
    try queue.write { database in
      try database.execute(
        sql: """
          DROP TRIGGER pairTextDeletion; DROP TABLE pairText;
          DROP TABLE verdict; DROP INDEX pairByImage; DROP INDEX scoreBySafety;
          UPDATE pair SET id = rowid % 1000 + 1000 * runId;
          ALTER TABLE pair DROP COLUMN url; ALTER TABLE pair DROP COLUMN uid;
          ALTER TABLE pair DROP COLUMN originalWidth; ALTER TABLE pair DROP COLUMN originalHeight;
          ALTER TABLE pair DROP COLUMN promisedSHA256;
          DELETE FROM grdb_migrations WHERE identifier >= '2';
          PRAGMA user_version = 1;
          """)
    }
    try queue.close()
    #expect(
      throws: ReportError.olderSchema(path: fixture.path, found: 1, supported: 3)
    ) { try ReportReader(path: fixture.path) }
    let store = try ReportStore(path: fixture.path)
    var query = PairQuery()
    query.search = CaptionSearch("dog")
    #expect(try store.reader.read { try $0.pairs(of: run, query) }.pairs.count == 4)
    try store.removeRun(run)
    try store.close()
    let check = try DatabaseQueue(path: fixture.path).write { database in
      try database.execute(sql: "INSERT INTO pairText(pairText) VALUES ('integrity-check')")
      return try String.fetchAll(database, sql: "PRAGMA integrity_check")
    }
    #expect(check == ["ok"])
  }
}
