import AuditReport
import Foundation
import Subprocess
import Testing
import TestSupport

@Suite(.serialized, .timeLimit(.minutes(20))) struct ScanCommandTests {
  /// A scan that nobody disturbed.
  private struct Undisturbed {
    var export: String
    var seconds: Double
  }

  private static let undisturbed = Task { try await scanned(seed: 1) }

  private static func scanned(seed: Int) async throws -> Undisturbed {
    let place = try ScanWorkplace()
    let began = ContinuousClock.now
    let run = try await CommandRun(place.scan(seed: seed))
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    #expect(run.status == 0, "\(run.errors)")
    return Undisturbed(export: try await place.export(), seconds: seconds)
  }

  /// Moments of kills as shares of the time that a whole scan takes: the first early, so that no scan
  /// ends before it.
  private static func moments(seed: UInt64) -> [Double] {
    var state = seed
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    return [0.02 + 0.2 * next()] + (1...6).map { _ in 0.05 + 0.7 * next() }
  }

  /// Kills a scan and resumes it until no moment is left, or it has ended; returns how often it was killed.
  private static func kill(
    _ place: ScanWorkplace, seed: UInt64, wholeSeconds: Double
  ) async throws -> Int {
    var kills = 0
    for moment in moments(seed: seed) {
      let run = try await CommandRun(
        place.scan(seed: 1, "--resume"), killedAfter: moment * wholeSeconds)
      let integrity = try place.integrity()
      #expect(integrity ?? ["ok"] == ["ok"], "\(moment), seed \(seed)")
      if run.status == 0 { break }
      #expect(run.status == 128 + SIGKILL, "\(moment), seed \(seed): \(run.errors)")
      kills += 1
    }
    return kills
  }

  @Test(
    "a scan that is killed again and again ends with the report of one that was not",
    arguments: [1, 2, 3] as [UInt64])
  func killed(seed: UInt64) async throws {
    let undisturbed = try await Self.undisturbed.value
    var place = try ScanWorkplace()
    var kills = 0
    // The machine may have had less to do since the time was taken: a scan that ended first is no use.
    for hurry in [1.0, 3, 9, 27] where kills == 0 {
      place = try ScanWorkplace()
      kills = try await Self.kill(place, seed: seed, wholeSeconds: undisturbed.seconds / hurry)
    }
    #expect(kills > 0, "seed \(seed)")
    let last = try await CommandRun(place.scan(seed: 1, "--resume"))
    #expect(last.status == 0, "\(last.errors)")
    #expect(try await place.export() == undisturbed.export, "seed \(seed), after \(kills) kills")
    #expect(try place.integrity() == ["ok"])
    let runs = try ReportReader(path: place.report).read { try $0.runs() }
    #expect(runs.count == 1, "\(runs.map(\.id))")
    #expect(place.epochCount == 6)
  }

  @Test("Ctrl-C ends with 130, says how to go on, and --resume ends with the same report")
  func interrupted() async throws {
    let place = try ScanWorkplace()
    let run = try await place.interrupted(place.scan(seed: 1), afterEpochs: 1)
    #expect(run.status == 130, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("--resume"))
    #expect(run.errors.contains("Go on with: audit-cli scan"))
    let state = try ReportReader(path: place.report).read { try $0.latestRun()?.state }
    #expect(state == .stopped)
    let rest = try await CommandRun(place.scan(seed: 1, "--resume"))
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(try await place.export() == Self.undisturbed.value.export)
    // Nothing is left to do, so the same is told again.
    let again = try await CommandRun(place.scan(seed: 1, "--resume"))
    #expect(again.status == 0)
    #expect(again.output == rest.output)
  }

  @Test("the same seed gives the same export, another seed another one")
  func seeds() async throws {
    let first = try await Self.undisturbed.value.export
    #expect(first.hasPrefix("key,source,risk,similarity,posterior,safe"))
    #expect(first.split(separator: "\n").count == 1 + 192)
    #expect(try await Self.scanned(seed: 1).export == first)
    #expect(try await Self.scanned(seed: 2).export != first)
  }

  @Test("a limit for a rate that is unknown ends with 1, after the summary, and says what it takes")
  func unknownRate() async throws {
    let place = try ScanWorkplace()
    // 38 of 192 pairs are watched.
    let run = try await CommandRun(place.scan(seed: 1, "--fail-above", "0.5"))
    #expect(run.status == 1)
    #expect(run.output.contains("Riskiest pairs"))
    #expect(run.errors.contains("--fail-above"), "\(run.errors)")
    #expect(run.errors.contains("50 watched pairs"), "\(run.errors)")
  }

  @Test("damaged shards among good ones are listed and do not end the scan")
  func damagedShards() async throws {
    let place = try ScanWorkplace()
    let crawl = place.file("crawl")
    try FileManager.default.createDirectory(atPath: crawl, withIntermediateDirectories: true)
    for (index, source) in ["damaged-shards", "shapes"].enumerated() {
      for shard in 0..<2 {
        try FileManager.default.copyItem(
          atPath: Repository.crawl("\(source)/0000\(shard).tar"),
          toPath: "\(crawl)/0000\(2 * index + shard).tar")
      }
    }
    let run = try await CommandRun(place.scan(crawl))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("pieces of the crawl are not usable"))
    #expect(run.output.contains("rejected"))
    // A finished report is one file.
    #expect(!FileManager.default.fileExists(atPath: place.report + "-wal"))
    let list = try await CommandRun("report", place.report, "--rejected", "--json")
    let rejections = try JSONDecoder().decode(
      [RejectionRecord].self, from: Data(list.output.utf8))
    #expect(rejections.count >= 5)
    #expect(rejections.allSatisfy { $0.source.contains("/crawl/0000") && !$0.message.isEmpty })
    #expect(Set(rejections.map(\.reason)).count >= 3)
    let exported = try await place.export()
    #expect(exported.split(separator: "\n").count > 1 + 192)
  }

  @Test("a crawl of damaged shards alone is too small, which leaves a failed run with its list")
  func tooSmall() async throws {
    let place = try ScanWorkplace()
    let run = try await CommandRun(place.scan(Repository.crawl("damaged-shards")))
    #expect(run.status == 1)
    #expect(run.errors.contains("too few to train on"), "\(run.errors)")
    let list = try await CommandRun("report", place.report, "--rejected")
    #expect(list.status == 0)
    #expect(list.output.contains("00000.tar"))
    let state = try ReportReader(path: place.report).read { try $0.latestRun()?.state }
    #expect(state == .failed)
  }
}
