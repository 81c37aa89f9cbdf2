import Foundation
import TestSupport
import Testing

/// README says what is so: its commands run, its targets and links exist, its summary is a summary.
@Suite(.timeLimit(.minutes(20))) struct ReadmeTests {
  private static func text(_ name: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: name), encoding: .utf8)
  }

  /// The lines of README's blocks that start with `program`, without their comments.
  private static func commands(of program: String) throws -> [String] {
    try text("README.md").split(separator: "\n")
      .filter { $0.hasPrefix("    \(program) ") }
      .map { $0.prefix(upTo: $0.firstRange(of: " #")?.lowerBound ?? $0.endIndex) }
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test("every audit-cli command of README runs, in README's order")
  func commandsRun() async throws {
    let place = try ScanWorkplace()
    for crawl in ["crawl", "other-crawl"] {
      try FileManager.default.createSymbolicLink(
        atPath: place.file(crawl), withDestinationPath: ScanWorkplace.shapes)
    }
    let commands = try Self.commands(of: "audit-cli")
    #expect(commands.count >= 7)
    for command in ["audit-cli scan crawl/"] + commands {
      // A scan of README takes the defaults, which are made for larger crawls.
      let small =
        command
        .replacing(
          "audit-cli scan", with: "audit-cli scan \(place.smallScan.joined(separator: " "))"
        )
        .replacing(
          "audit-cli lab run", with: "audit-cli lab run \(place.smallLab.joined(separator: " "))")
      let run = try await CommandRun(shell: small, in: place.file(""))
      #expect(run.status == 0, "\(command): \(run.errors)")
    }
    let exported = try String(contentsOfFile: place.file("risky.csv"), encoding: .utf8)
    #expect(exported.hasPrefix("key,source,risk,similarity,posterior,safe"))
  }

  @Test("README's summary has the headings, the columns and the last line of a real one")
  func summary() async throws {
    let place = try ScanWorkplace()
    let real = try await CommandRun(place.scan()).output
    let readme = try Self.text("README.md")
    let fixed = real.split(separator: "\n").filter { line in
      ["Riskiest pairs", "Estimates", "How far to trust them"].contains(String(line))
        || line.contains("similarity  key") || line.contains("share of pairs  ")
    }
    #expect(fixed.count == 5, "\(real)")
    func words(_ line: some StringProtocol) -> [Substring] {
      line.split(separator: " ").map { Substring(String($0)) }
    }
    let shown = Set(readme.split(separator: "\n").map { words($0) })
    for line in fixed { #expect(shown.contains(words(line)), "\(line)") }
    #expect(readme.contains("\n    Report: audit.sqlite"))
    #expect(real.contains("\nReport: "))
  }

  @Test("every make target that README and docs name is in the Makefile")
  func targets() throws {
    let makefile = try Self.text("Makefile")
    for document in ["README.md", "docs/performance.md"] {
      for found in try Self.text(document).matches(
        of: /(?:^ +|`)make ([a-z-]+)/.anchorsMatchLineEndings())
      {
        #expect(makefile.contains("\n\(found.1):"), "make \(found.1) in \(document)")
      }
    }
  }

  @Test("every link between README, docs and schemas leads to a file")
  func links() throws {
    let documents =
      ["README.md", "CHANGELOG.md"]
      + (try ["docs", "schemas"].flatMap { folder in
        try FileManager.default.contentsOfDirectory(
          atPath: Repository.root.appending(path: folder).path
        ).filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
      })
    for document in documents {
      let folder = Repository.root.appending(path: document).deletingLastPathComponent()
      for link in try Self.text(document).matches(of: /\]\(([^)#:]+)\)/) {
        #expect(
          FileManager.default.fileExists(
            atPath: folder.appendingPathComponent(String(link.1)).path),
          "\(link.1) in \(document)")
      }
    }
  }
}
