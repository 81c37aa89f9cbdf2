import AuditReport
import Foundation
import GRDB
import Testing

struct SafeSetHistoryTests {
  @Test(arguments: [1, 3, 7, 8, 9, 17, 63, 64, 65, 1000])
  func bitmapsFormsAgree(count: Int) {
    let members = (0..<count).map { ($0 * $0) % 3 == 1 }
    let bitmap = SafeSetBitmap(members)
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for (ordinal, isMember) in members.enumerated() where isMember {
      words[ordinal / 64] |= 1 << UInt64(ordinal % 64)
    }
    #expect((0..<count).map(bitmap.contains) == members)
    #expect(bitmap.count == members.count { $0 })
    #expect(SafeSetBitmap(pairCount: count, words: words) == bitmap)
    // Bits beyond the last pair say nothing.
    if count % 64 > 0 { words[words.count - 1] |= ~0 << UInt64(count % 64) }
    #expect(SafeSetBitmap(pairCount: count, words: words) == bitmap)
  }

  /// 64 pairs of an epoch's set, without a pattern in bytes, chunks or epochs.
  private static func word(_ index: Int, _ epoch: Int) -> UInt64 {
    var mixed = UInt64(index) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(epoch) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 29) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 32
  }

  private static func isSafe(_ ordinal: Int, _ epoch: Int) -> Bool {
    word(ordinal / 64, epoch) >> UInt64(ordinal % 64) & 1 == 1
  }

  @Test func historyOfAMillionPairsIsSmallAndRight() throws {
    let (pairCount, epochs) = (1_000_003, 64)
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 0)
    for epoch in 0..<epochs { try fixture.store.recordEpoch(.make(epoch), of: run) }
    let sets = (0..<epochs).map { epoch in
      SafeSetBitmap(
        pairCount: pairCount,
        words: (0..<(pairCount + 63) / 64).lazy.map { Self.word($0, epoch) })
    }
    // A million rows of pairs and scores would only take time here.
    let queue = try DatabaseQueue(path: fixture.path)
    try queue.write { database in
      try database.execute(sql: "UPDATE run SET pairCount = ?", arguments: [pairCount])
      for (epoch, set) in sets.enumerated() {
        try ReportStore.insertHistory(set, epoch, run, database)
      }
    }
    try queue.close()
    try fixture.store.close()
    let size = try FileManager.default.attributesOfItem(atPath: fixture.path)[.size] as? Int
    #expect(try #require(size) < 20_000_000)
    try ReportReader(path: fixture.path).read { (report) throws in
      for ordinal in [0, 1, 7, 8, 65_535, 65_536, 524_287, 999_999, 1_000_002] {
        let history = try report.safeSetHistory(of: run, ordinal: ordinal)
        #expect(
          history
            == (0..<epochs).map { epoch in
              SafeSetMembership(epoch: epoch, isSafe: Self.isSafe(ordinal, epoch))
            }, "pair \(ordinal)")
      }
      #expect(try report.safeSetHistory(of: run, ordinal: pairCount).isEmpty)
      #expect(try report.safeSet(of: run, epoch: 63) == sets[63])
      #expect(sets[63].count > 490_000 && sets[63].count < 510_000)
    }
  }
}
