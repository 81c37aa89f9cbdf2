import AuditKit
import AuditReport
import AuditRisk
import Foundation
import Testing
import TestSupport

@Suite(.serialized, .timeLimit(.minutes(20))) struct ModelCommandTests {
  /// A workplace with a scan of the shapes and its model.
  private static func scanned() async throws -> ScanWorkplace {
    let place = try ScanWorkplace()
    // With the tolerance the last epoch's similarities are taken, whatever its alignment.
    let run = try await CommandRun(
      place.scan() + [
        "--model-out", place.file("model"), "--set", "training.alignmentTolerance=1",
        "--set", "training.rewindsAfterSplit=false", "--set", "training.neighbours=0",
      ])
    #expect(run.status == 0, "\(run.errors)")
    return place
  }

  @Test("score enters a run that report, pairs and export read like a scan's")
  func score() async throws {
    let place = try await Self.scanned()
    let scanned = try await place.export()
    let run = try await CommandRun(
      "score", place.file("model"), ScanWorkplace.shapes, "--report", place.report, "--set",
      "training.neighbours=0")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Riskiest pairs"))
    #expect(run.output.contains("Alignment"))
    let exported = try await place.export()
    #expect(Self.column(0, exported).sorted() == Self.column(0, scanned).sorted())
    let before = Self.similarities(scanned)
    var differing = 0
    for (key, similarity) in Self.similarities(exported) {
      let old = try #require(before[key])
      if abs(similarity - old) > 1e-5 { differing += 1 }
    }
    // The scan gives a fifth of 192 pairs, which its CLIP loss never saw, another place.
    #expect(differing <= 38)
    let report = try await CommandRun("report", place.report)
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("score"))
    #expect(report.output.contains("alignment"))
    let pairs = try await CommandRun("pairs", place.report, "--limit", "3")
    #expect(pairs.status == 0, "\(pairs.errors)")
  }

  @Test("score --json prints the summary that the report keeps")
  func scoreJSON() async throws {
    let place = try await Self.scanned()
    let run = try await CommandRun(
      "score", place.file("model"), ScanWorkplace.shapes, "--report", place.report, "--json",
      "--quiet", "--threads", "1")
    // Nothing, or that the mixture of a model this small had to be helped.
    let notes = SafeSetDecision.Reason.allCases.filter(\.isFallback).map {
      "note: \($0.explanation)\n"
    }
    #expect(([""] + notes).contains(run.errors), "\(run.errors)")
    let printed = try JSONDecoder().decode(ScanSummary.self, from: Data(run.output.utf8))
    let kept = try ReportReader(path: place.report).read { try $0.latestRun()?.summary }
    #expect(
      try JSONDecoder().decode(ScanSummary.self, from: Data(try #require(kept).utf8)) == printed)
    #expect(printed.method == "score")
    #expect(printed.pairs == 192)
  }

  @Test("embed writes both tensors and the keys, and says so")
  func embed() async throws {
    let place = try await Self.scanned()
    let out = place.file("crawl.safetensors")
    let run = try await CommandRun(
      "embed", place.file("model"), ScanWorkplace.shapes, "--out", out)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("192 pairs in 32 dimensions"))
    #expect(run.output.contains(out))
    let keys = try String(contentsOfFile: out + ".keys.txt", encoding: .utf8)
    #expect(keys.split(separator: "\n").count == 192)
    let size = try FileManager.default.attributesOfItem(atPath: out)[.size] as? Int
    #expect(try #require(size) > 2 * 192 * 32 * 4)
    // Damaged pieces of a crawl have no row and are listed.
    let damaged = try await CommandRun(
      "embed", place.file("model"), Repository.crawl("damaged-shards"), "--out", out,
      "--keys", place.file("keys.txt"), "--json")
    #expect(damaged.status == 0, "\(damaged.errors)")
    let summary = try JSONDecoder().decode(EmbeddingSummary.self, from: Data(damaged.output.utf8))
    #expect(summary.rejections.count >= 5)
    #expect(summary.keys == place.file("keys.txt"))
  }

  @Test(
    "what has no meaning without training, or no model, is refused",
    arguments: [
      (["--set", "training.epochs=3"], 64, "has no meaning"),
      (["--set", "crawl.nonsense=3"], 64, "there is no setting"),
      (["--threads", "5000"], 64, "--threads takes"),
      ([], 1, "there is no such folder"),
    ] as [([String], Int32, String)])
  func refused(options: [String], status: Int32, message: String) async throws {
    let place = try ScanWorkplace()
    for command in [["score"], ["embed", "--out", place.file("x.safetensors")]] {
      let run = try await CommandRun(
        command + [place.file("nowhere"), ScanWorkplace.shapes] + options
          + (command[0] == "score" ? ["--report", place.report] : []))
      #expect(run.status == status, "\(run.errors)")
      #expect(run.errors.contains(message), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  private static func column(_ number: Int, _ csv: String) -> [String] {
    csv.split(separator: "\n").dropFirst().map {
      String($0.split(separator: ",", omittingEmptySubsequences: false)[number])
    }
  }

  private static func similarities(_ csv: String) -> [String: Double] {
    Dictionary(
      zip(column(0, csv), column(3, csv)).map { ($0, Double($1) ?? .nan) },
      uniquingKeysWith: { first, _ in first })
  }
}
