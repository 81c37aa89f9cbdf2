import AuditReport
import Foundation
import Testing

struct ExportTests {
  private func fixture() throws -> (ReportFixture, Int64) {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    var plain = PairRecord(key: "plain", caption: "a cat", sourcePath: "cats/1.png")
    plain.imageWidth = 640
    plain.imageHeight = 480
    plain.imageSHA256 = [0x0F, 0xA0] + [UInt8](repeating: 0, count: 30)
    plain.url = "https://example.com/?a=1,2"
    plain.uid = "0123456789abcdef0123456789abcdef"
    let hard = PairRecord(
      key: "k,1", caption: "say \"hi\",\r\nthen\u{1} leave\t\\", sourcePath: "a b.tar",
      sourceMember: "ü.jpg")
    try fixture.store.replacePairs(of: run, with: [plain, hard])
    try fixture.store.finishRun(
      run,
      scores: PairScores(similarities: [0.3, -0.1], posteriors: [1, 0.1], risks: [1e-20, 0.9]),
      safeSet: SafeSetBitmap([true, false]))
    return (fixture, run)
  }

  private func lines(
    _ export: PairExport, _ fixture: ReportFixture, _ run: Int64
  ) throws -> [String] {
    var lines: [String] = []
    let count = try fixture.read { try $0.export(export, of: run) { lines.append($0) } }
    #expect(count == lines.count - (export.format == .csv ? 1 : 0))
    return lines
  }

  @Test func csvKeepsItsContract() throws {
    let (fixture, run) = try fixture()
    let lines = try lines(PairExport(PairChoice(.all), format: .csv), fixture, run)
    #expect(
      lines == [
        "key,source,risk,similarity,posterior,safe,caption,width,height,sha256,rank,url,uid\n",
        "\"k,1\",a b.tar!ü.jpg,0.9,-0.1,0.1,0,\"say \"\"hi\"\",\r\nthen\u{1} leave\t\\\",,,,1,,\n",
        "plain,cats/1.png,1e-20,0.3,1.0,1,a cat,640,480,0fa0\(String(repeating: "00", count: 30)),2,"
          + "\"https://example.com/?a=1,2\",0123456789abcdef0123456789abcdef\n",
      ])
  }

  @Test func jsonLinesHoldTheSameColumns() throws {
    let (fixture, run) = try fixture()
    let lines = try lines(PairExport(PairChoice(.all), format: .jsonl), fixture, run)
    #expect(lines.count == 2)
    for line in lines {
      #expect(line.hasSuffix("}\n") && line.count { $0 == "\n" } == 1)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(Set(object.keys) == Set(PairExport.columns))
    }
    let first = try JSONDecoder().decode(Line.self, from: Data(lines[0].utf8))
    #expect(
      first
        == Line(
          key: "k,1", risk: 0.9, safe: 0, caption: "say \"hi\",\r\nthen\u{1} leave\t\\", width: nil)
    )
  }

  private struct Line: Codable, Equatable {
    let key: String
    let risk: Double
    let safe: Int
    let caption: String
    let width: Int?
  }

  @Test func textIsTheKeysOfTheSelection() throws {
    let (fixture, run) = try fixture()
    #expect(
      try lines(PairExport(PairChoice(.risky), format: .txt), fixture, run) == ["k,1\n"])
    #expect(try lines(PairExport(PairChoice(.safe), format: .txt), fixture, run) == ["plain\n"])
    #expect(
      try lines(PairExport(PairChoice(.all, order: .ordinal), format: .txt), fixture, run)
        == ["plain\n", "k,1\n"])
    #expect(
      try lines(PairExport(PairChoice(.all, limit: 1), format: .txt), fixture, run) == ["k,1\n"])
    #expect(
      try lines(PairExport(PairChoice(.all, minimumRisk: 0.95), format: .txt), fixture, run) == [])
  }

  @Test func risksReadBackExactlyAndRankAsStored() throws {
    let fixture = try ReportFixture()
    let count = 3000
    let run = try fixture.run(pairs: count)
    // Neighbouring doubles: any rounding in print would tie them.
    var risk = 0.9
    let risks = (0..<count).map { _ in
      risk = risk.nextDown
      return risk
    }
    let scores = PairScores(
      similarities: (0..<count).map { Float($0) / Float(count) }, posteriors: risks.map { 1 - $0 },
      risks: risks)
    try fixture.store.finishRun(run, scores: scores, safeSet: SafeSetBitmap(pairCount: count))
    let lines = try lines(PairExport(PairChoice(.all), format: .csv), fixture, run)
    let printed = lines.dropFirst().map { Double($0.split(separator: ",")[2]) }
    #expect(printed == risks.map(Optional.some))
  }

  @Test func exportBeforeTheSplitIsRefused() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 2)
    for scores in [nil, PairScores(similarities: [0, 1])] {
      try fixture.store.recordEpoch(.make(0), of: run, scores: scores)
      #expect(throws: ReportError.notScored(run: run, phase: "starting")) {
        try fixture.read { try $0.export(.init(PairChoice(.all), format: .txt), of: run) { _ in } }
      }
    }
  }

  @Test func errorOfTheSinkComesThrough() throws {
    struct Full: Error, Equatable {}
    let (fixture, run) = try fixture()
    #expect(throws: Full()) {
      try fixture.read { (report) throws in
        try report.export(.init(PairChoice(.all), format: .csv), of: run) { _ in throw Full() }
      }
    }
    #expect(try lines(.init(PairChoice(.all), format: .csv), fixture, run).count == 3)
  }
}
