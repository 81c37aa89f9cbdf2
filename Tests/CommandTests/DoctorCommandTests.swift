import Foundation
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(20))) struct DoctorCommandTests {
  @Test("--json holds kernels, rates, right checks, libraries and no plan unless one is asked for")
  func json() async throws {
    let run = try await CommandRun("doctor", "--json", "--seconds-each", "0.01", "--threads", "1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.isEmpty)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    for name in [
      "machine", "kernels", "measurements", "checks", "libraries", "storage", "problems",
    ] {
      #expect(report[name] != nil, "\(name)")
    }
    #expect(report["plan"] == nil)
  }

  @Test("the text names the kernels and ends with what stands in the way")
  func text() async throws {
    let run = try await CommandRun("doctor", "--seconds-each", "0.01", "--threads", "1")
    #expect(run.status == 0)
    for title in [
      "Machine", "Kernels", "Rates", "Checks against plain loops", "Libraries", "Problems",
    ] {
      #expect(run.output.contains("\n\(title)\n") || run.output.hasPrefix("\(title)\n"))
    }
    #expect(!run.output.contains("WRONG"))
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test("a preset that is no model ends with 1 and names the known ones")
  func unknownPreset() async throws {
    let run = try await CommandRun(
      "doctor", "--seconds-each", "0.01", "--threads", "1", "--plan", "100", "--preset", "huge")
    #expect(run.status == 1)
    #expect(run.errors.contains("compact"), "\(run.errors)")
  }

  @Test("the converter writes the caption file of openclipart's layout")
  func convert() async throws {
    let place = try ScanWorkplace()
    let run = try await CommandRun(
      "convert", "openclipart", "--root", Repository.crawl("openclipart"), "--output",
      place.file("captions.tsv"), "--json")
    #expect(run.status == 0, "\(run.errors)")
    let summary = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let pairs = try #require(summary["pairs"] as? Int)
    let text = try String(contentsOfFile: place.file("captions.tsv"), encoding: .utf8)
    #expect(pairs > 0)
    #expect(text.split(separator: "\n").count == pairs + 1)
    #expect(text.hasPrefix("filepath\ttitle\n"))
    let missing = try await CommandRun(
      "convert", "openclipart", "--root", "/nowhere", "--output", place.file("x.tsv"))
    #expect(missing.status == 1)
    #expect(missing.errors.contains("/nowhere: there is no such folder."))
  }
}
