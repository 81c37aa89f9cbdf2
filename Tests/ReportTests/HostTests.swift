import AuditDump
import AuditReport
import Testing

struct HostTests {
  @Test(arguments: [
    ("https://Images.Example.COM/a.jpg", "images.example.com"),
    ("http://example.com:8080/a.jpg?x=http://other.com/", "example.com"),
    ("https://user:pass@example.com:443", "example.com"),
    ("//cdn.example.com/a", "cdn.example.com"),
    ("https://example.com.?x", "example.com"), ("https://example.com#x", "example.com"),
    ("http://[2001:DB8::1]:80/a", "[2001:db8::1]"), ("https://BÜCHER.example/", "bücher.example"),
    ("https://good.example\\@evil.example/a", "good.example"),
    ("https://a@b@example.com/", "example.com"), ("ftp://10.0.0.1/", "10.0.0.1"),
  ])
  func hostOfAURL(url: String, host: String) {
    #expect(URLHost.host(of: url) == host)
  }

  @Test(arguments: [
    "", "example.com/a.jpg", "data:image/png;base64,//x", "https://", "https:///a", "://x",
    "a/b//c",
    "https://:80/", "https://@/", "https:/x", "https",
  ])
  func textWithoutAHost(url: String) {
    #expect(URLHost.host(of: url) == nil)
  }

  /// Sums of binomial coefficients in Python's whole numbers.
  @Test(arguments: [
    (3, 10, 40, 100, 0.7356872113168477), (0, 5, 3, 20, 0.5394736842105263),
    (9, 10, 400, 1000, 0.0016008396690582371), (1, 1, 30, 100, 0.3), (40, 100, 400, 1000, 1),
    (300, 500, 4000, 10000, 3.317036485742633e-20), (0, 30, 700, 1000, 7.128442631497277e-17),
    (5, 5, 5, 5, 1), (0, 4, 0, 9, 1), (2, 8, 4, 16, 1),
    (1200, 2000, 15000, 50000, 6.7924333975601525e-177),
    (60, 100, 2000, 10000, 1.5262413620562985e-18),
  ])
  func fishersTestIsExact(marked: Int, size: Int, allMarked: Int, count: Int, expected: Double) {
    let found = FisherTest.pValue(marked: marked, of: size, among: allMarked, of: count)
    #expect(abs(found - expected) <= 1e-9 * expected)
  }

  @Test func whatNoDoubleHoldsIsZero() {
    #expect(FisherTest.pValue(marked: 100_000, of: 100_000, among: 100_000, of: 10_000_000) == 0)
  }

  /// Pairs of a URL, so many of them outside the safe set.
  private func report(
    _ hosts: [(url: String?, pairs: Int, risky: Int)]
  ) throws -> (ReportFixture, Int64) {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    var (pairs, isSafe) = ([PairRecord](), [Bool]())
    for host in hosts {
      for place in 0..<host.pairs {
        pairs.append(
          PairRecord(key: "\(pairs.count)", caption: "c", sourcePath: "s", url: host.url))
        isSafe.append(place >= host.risky)
      }
    }
    try fixture.store.replacePairs(of: run, with: pairs)
    let risks = isSafe.map { $0 ? 0.25 : 0.75 }
    try fixture.store.finishRun(
      run,
      scores: PairScores(
        similarities: risks.map { Float(1 - $0) }, posteriors: risks.map { 1 - $0 }, risks: risks),
      safeSet: SafeSetBitmap(isSafe))
    return (fixture, run)
  }

  @Test func hostsAreCountedAndTheRiskierOnesAreNamed() throws {
    let (fixture, run) = try report([
      ("https://large.example/a", 300, 60), ("HTTPS://Large.example:443/b", 100, 20),
      ("https://bad.example/a", 30, 25), ("https://worse.example/", 60, 55),
      ("https://good.example/", 50, 0), ("https://one.example/", 1, 1), (nil, 40, 8),
      ("no url", 2, 0),
    ])
    let list = try fixture.read { try $0.hosts(of: run) }
    #expect(list.pairCount == 541 && list.hostCount == 5 && list.riskierCount == 2)
    #expect(
      list.largest.map(\.host) == [
        "large.example", "worse.example", "good.example", "bad.example", "one.example",
      ])
    #expect(list.riskier.map(\.host) == ["worse.example", "bad.example"])
    let large = list.largest[0]
    #expect(large.pairCount == 400 && large.riskyCount == 80 && large.riskyShare == 0.2)
    #expect(large.riskyShareOfOthers == 89.0 / 183.0)
    #expect(abs(large.meanRisk - 0.35) < 1e-12)
    let bad = list.riskier[1]
    let chance = FisherTest.pValue(marked: 25, of: 30, among: 169, of: 583)
    #expect(bad.pValue == 5 * chance && bad.isRiskier)
    // Less risk than the rest is no finding, however sure; nor is one pair.
    #expect(list.largest[2].pValue < 0.05 && !list.largest[2].isRiskier)
    #expect(list.largest[4].pValue == 1 && !list.largest[4].isRiskier)
    let short = try fixture.read { try $0.hosts(of: run, limit: 1) }
    #expect(short.largest == [large] && short.riskier == [list.riskier[0]])
    #expect(short.hostCount == 5 && short.riskierCount == 2)
  }

  @Test func moreHostsAskForMoreEvidence() throws {
    let suspect: (url: String?, pairs: Int, risky: Int) = ("https://suspect.example/", 10, 7)
    let few = try report([suspect, ("https://rest.example/", 400, 80)])
    #expect(try few.0.read { try $0.hosts(of: few.1) }.riskier.map(\.host) == ["suspect.example"])
    let others = (0..<400).map { ("https://\($0).example/" as String?, 1, $0 < 80 ? 1 : 0) }
    let many = try report([suspect] + others)
    let list = try many.0.read { try $0.hosts(of: many.1) }
    #expect(list.hostCount == 401 && list.riskier.isEmpty)
  }

  @Test func oneHostAloneHasNothingToBeComparedWith() throws {
    let (fixture, run) = try report([("https://all.example/", 20, 10)])
    let host = try #require(try fixture.read { try $0.hosts(of: run) }.largest.first)
    #expect(host.riskyShareOfOthers == nil && host.pValue == 1 && !host.isRiskier)
  }

  @Test func runWithoutRisksIsRefused() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 2)
    #expect(throws: ReportError.notScored(run: run, phase: "starting")) {
      try fixture.read { try $0.hosts(of: run) }
    }
  }
}
