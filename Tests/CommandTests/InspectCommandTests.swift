import Foundation
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(20))) struct InspectCommandTests {
  private func json(_ arguments: String...) async throws -> [String: Any] {
    let run = try await CommandRun(["inspect"] + arguments + ["--json"])
    #expect(run.status == 0, "\(run.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test("a crawl's format, pairs, hosts and images are told, as text and as JSON")
  func crawl() async throws {
    let crawl = Repository.crawl("formats/gzip")
    let found = try await json(crawl)
    #expect(found["format"] as? String == "webdataset")
    #expect(found["pairCount"] as? Int == 6)
    #expect((found["hosts"] as? [String: Any])?["hostCount"] as? Int == 2)
    #expect((found["sample"] as? [String: Any])?["hashesDiffering"] as? Int == 1)
    #expect(found["riskierHosts"] == nil)
    let text = try await CommandRun("inspect", crawl)
    #expect(text.status == 0, "\(text.errors)")
    for part in ["6 pairs", "images.example", "6 PNG", "1 (16.7 %) than the hash"] {
      #expect(text.output.contains(part), "\(part) in \(text.output)")
    }
  }

  @Test("names of a list's columns are options")
  func keys() async throws {
    let folder = try TemporaryFolder()
    try folder.write("a.png", "image")
    let list = try folder.write("list.csv", "where,what\na.png,a caption\n")
    let refused = try await CommandRun("inspect", list)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--image-key"))
    let found = try await json(list, "--image-key", "where", "--caption-key", "what")
    #expect(found["pairCount"] as? Int == 1)
    #expect(
      (found["sample"] as? [String: Any])?["rejections"] as? [String: Int] == ["notAnImage": 1])
  }

  @Test("what a crawl's captions hold cannot steer the terminal")
  func hostileCaptions() async throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b"] {
      try folder.write("\(name).png", "image")
      try folder.write("\(name).txt", "\u{1B}[31mred")
    }
    let run = try await CommandRun("inspect", folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.output.contains("\u{1B}[31m"))
    #expect(run.output.contains("red"))
  }

  @Test("settings that have no meaning without training are refused")
  func settings() async throws {
    let crawl = Repository.crawl("captions")
    let run = try await CommandRun("inspect", crawl, "--set", "training.epochs=3")
    #expect(run.status == 64)
    #expect(run.errors.contains("training.epochs"))
    #expect(try await CommandRun("inspect", crawl, "--sample", "-1").status == 64)
  }

  @Test("a report's riskier hosts are told beside the crawl")
  func report() async throws {
    let fixture = try ReportFixture.make()
    let found = try await json(Repository.crawl("captions"), "--report", fixture.path)
    #expect(found["riskierHosts"] as? [[String: String]] == [])
    let run = try await CommandRun(
      "inspect", Repository.crawl("captions"), "--report", fixture.path)
    #expect(run.output.contains("none, beyond chance"))
  }
}
