import AuditReport
import Testing

struct SubsetTests {
  /// A finished run of pairs with these uids, riskiest first, the second half in the safe set.
  private func run(_ uids: [String?]) throws -> (ReportFixture, Int64) {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    let pairs = uids.enumerated().map { place, uid in
      PairRecord(key: "\(place)", caption: "c", sourcePath: "s", uid: uid)
    }
    try fixture.store.replacePairs(of: run, with: pairs)
    let count = uids.count
    let risks = (0..<count).map { 1 - Double($0) / Double(max(1, count)) }
    try fixture.store.finishRun(
      run,
      scores: PairScores(
        similarities: risks.map { Float(1 - $0) }, posteriors: risks.map { 1 - $0 }, risks: risks),
      safeSet: SafeSetBitmap((0..<count).map { $0 >= count / 2 }))
    return (fixture, run)
  }

  private func written(
    _ export: SubsetExport, _ fixture: ReportFixture, _ run: Int64
  ) throws -> (bytes: [UInt8], summary: SubsetExport.Summary) {
    var bytes: [UInt8] = []
    let summary = try fixture.read { try $0.exportSubset(export, of: run) { bytes += $0 } }
    return (bytes, summary)
  }

  private static let uids = [
    "ffffffffffffffff0000000000000001", "00000000000000000000000000000002",
    "0123456789abcdeffedcba9876543210", "0000000000000001ffffffffffffffff",
  ]

  /// What `numpy.save` of NumPy 2.4 writes for the sorted array.
  private static let golden: [UInt8] =
    [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    + Array("{'descr': [('f0', '<u8'), ('f1', '<u8')], 'fortran_order': False, ".utf8)
    + Array("'shape': (4,), }".utf8) + [UInt8](repeating: 0x20, count: 35) + [0x0A]
    + [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]
    + [1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
    + [0xEF, 0xCD, 0xAB, 0x89, 0x67, 0x45, 0x23, 0x01]
    + [0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE]
    + [UInt8](repeating: 0xFF, count: 8) + [1, 0, 0, 0, 0, 0, 0, 0]

  @Test func fileIsWhatNumPyWrites() throws {
    let (fixture, run) = try run(Self.uids)
    let file = try written(SubsetExport(PairChoice(.all)), fixture, run)
    #expect(file.bytes == Self.golden)
    #expect(file.summary == SubsetExport.Summary(uids: 4))
  }

  @Test(arguments: [0, 1, 9, 10, 99_999, 123_456_789_012_345_678])
  func numbersBeginAtAMultipleOf64(count: Int) {
    let header = SubsetFile.header(count: count)
    #expect(header.count == 128 && header.last == 0x0A && header[8] == 118)
    #expect(String(decoding: header, as: UTF8.self).contains("'shape': (\(count),), }"))
  }

  @Test func selectionRiskAndLimitChoose() throws {
    let (fixture, run) = try run(Self.uids)
    func halves(_ choice: PairChoice) throws -> [UInt8] {
      let bytes = try written(SubsetExport(choice), fixture, run).bytes.dropFirst(128)
      return stride(from: bytes.startIndex, to: bytes.endIndex, by: 16).map { bytes[$0] }
    }
    #expect(try halves(PairChoice(.safe)) == [1, 0xEF])
    #expect(try halves(PairChoice(.risky)) == [0, 0xFF])
    #expect(try halves(PairChoice(.all, limit: 1)) == [0xFF])
    #expect(try halves(PairChoice(.all, order: .ordinal, limit: 3)) == [0, 0xEF, 0xFF])
    #expect(try halves(PairChoice(.all, minimumRisk: 0.7)) == [0, 0xFF])
    #expect(try halves(PairChoice(.safe, minimumRisk: 0.9)) == [])
  }

  @Test func pairsWithoutAUidAreAnErrorUnlessTheyMayBeLeftOut() throws {
    let (fixture, run) = try run([Self.uids[0], nil, nil, Self.uids[1]])
    let expected = ReportError.missingUIDs(run: run, missing: 2, of: 4)
    #expect(throws: expected) { try written(SubsetExport(PairChoice(.all)), fixture, run) }
    #expect("\(expected)".contains("2 of the 4") && "\(expected)".contains("--allow-missing-uid"))
    let file = try written(SubsetExport(PairChoice(.all), allowsMissing: true), fixture, run)
    #expect(file.summary == SubsetExport.Summary(uids: 2, missing: 2))
    #expect(file.bytes.count == 128 + 32)
  }

  @Test func uidOfTwoPairsStandsOnce() throws {
    let (fixture, run) = try run([Self.uids[2], Self.uids[0], Self.uids[2], Self.uids[2]])
    let file = try written(SubsetExport(PairChoice(.all)), fixture, run)
    #expect(file.summary == SubsetExport.Summary(uids: 2, repeated: 2))
    #expect(file.bytes.count == 128 + 32)
  }

  @Test func runWithoutRisksIsRefused() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 2)
    #expect(throws: ReportError.notScored(run: run, phase: "starting")) {
      try written(SubsetExport(PairChoice(.all), allowsMissing: true), fixture, run)
    }
  }
}
