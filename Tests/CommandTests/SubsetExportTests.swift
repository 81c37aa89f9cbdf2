import AuditReport
import Foundation
import GRDB
import TestSupport
import Testing

/// `export --format npy` and `--reference` through the executable, and the commands of docs/formats.md.
@Suite(.timeLimit(.minutes(20))) struct SubsetExportTests {
  @Test("pairs without a uid are counted and refused, unless they may be left out")
  func missingUIDs() async throws {
    let fixture = try ReportFixture.make()
    let path = fixture.folder.file("all.npy")
    let refused = try await CommandRun("export", fixture.path, "--format", "npy", "-o", path)
    #expect(refused.status == 1)
    #expect(
      refused.errors.contains("35 of the 70 pairs")
        && refused.errors.contains("--allow-missing-uid"))
    #expect(!FileManager.default.fileExists(atPath: path))
    let run = try await CommandRun(
      "export", fixture.path, "--format", "npy", "--allow-missing-uid", "-o", path)
    #expect(run.status == 0)
    #expect(run.output == "35 uids in \(path)\n")
    #expect(run.errors == "35 pairs without a uid are left out.\n")
    #expect(try Data(contentsOf: URL(filePath: path)).count == 128 + 35 * 16)
  }

  @Test(
    "NumPy reads a subset as DataComp's baselines write it",
    .enabled(if: Python.has("numpy"), "python3 has no numpy"))
  func numPy() async throws {
    let fixture = try ReportFixture.make()
    let script = Repository.root.appending(path: "Tests/Python/check-subset.py").path()
    let command = """
      audit-cli export audit.sqlite --format jsonl -o pairs.jsonl && \
      audit-cli export audit.sqlite --format npy --allow-missing-uid > pairs.npy && \
      python3 '\(script)' pairs.jsonl pairs.npy
      """
    let run = try await CommandRun(shell: command, in: fixture.folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("35 uids are what NumPy makes of them"))
  }

  @Test("--reference tells where each image lies, and nothing else", arguments: ["csv", "jsonl"])
  func places(format: String) async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun(
      "export", fixture.path, "--reference", "--format", format, "--order", "ordinal", "--limit",
      "2")
    #expect(
      run.output
        == (format == "csv"
          ? """
          shard,member,offset,length
          shards/00000.tar,0.jpg,0,400
          shards/00001.tar,1.jpg,512,400

          """
          : """
          {"shard":"shards/00000.tar","member":"0.jpg","offset":0,"length":400}
          {"shard":"shards/00001.tar","member":"1.jpg","offset":512,"length":400}

          """))
  }

  /// The lines of docs/formats.md's chapter on writing that are commands.
  private static func documentedCommands() throws -> [String] {
    let text = try String(
      contentsOf: Repository.root.appending(path: "docs/formats.md"), encoding: .utf8)
    let chapter = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Writing") })
    return chapter.split(separator: "\n").filter {
      $0.hasPrefix("    audit-cli ") || $0.hasPrefix("    python3 ")
    }
    .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test("every command of docs/formats.md runs on a report of a crawl with uids")
  func documented() async throws {
    let place = try ScanWorkplace()
    #expect(try await CommandRun(place.scan()).status == 0)
    let queue = try DatabaseQueue(path: place.report)
    try await queue.write {
      try $0.execute(sql: "UPDATE pair SET uid = printf('%032x', 7 * ordinal + 1)")
    }
    try queue.close()
    let commands = try Self.documentedCommands()
    #expect(commands.count >= 7)
    for command in commands {
      if command.contains("numpy") && !Python.has("numpy") { continue }
      if command.contains("pyarrow") && !Python.has("pyarrow") { continue }
      let run = try await CommandRun(shell: command, in: place.file(""))
      #expect(run.status == 0, "\(command): \(run.errors)")
    }
    for name in ["safe.npy", "safe/00000.tar", "places.jsonl", "pairs.jsonl"] {
      #expect(FileManager.default.fileExists(atPath: place.file(name)), "\(name)")
    }
  }

  @Test(
    "the command that makes Parquet of JSON lines keeps every value",
    .enabled(if: Python.has("pyarrow"), "python3 has no pyarrow (PyPI has it, Debian has not)"))
  func parquet() async throws {
    let fixture = try ReportFixture.make()
    let convert = try #require(try Self.documentedCommands().first { $0.contains("pyarrow") })
    let script = Repository.root.appending(path: "Tests/Python/check-parquet.py").path()
    let command = """
      audit-cli export audit.sqlite --format jsonl -o pairs.jsonl && \(convert) && \
      python3 '\(script)' pairs.jsonl pairs.parquet
      """
    let run = try await CommandRun(shell: command, in: fixture.folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("70 rows are the same"))
  }

  @Test(
    "the command that makes JSON lines of Parquet gives a list that is read",
    .enabled(if: Python.has("pyarrow"), "python3 has no pyarrow (PyPI has it, Debian has not)"))
  func parquetCrawl() async throws {
    let text = try String(
      contentsOf: Repository.root.appending(path: "docs/formats.md"), encoding: .utf8)
    let convert = try #require(
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .first { $0.hasPrefix("python3 ") && $0.contains("metadata.parquet") })
    let folder = try TemporaryFolder()
    try folder.write("a.png", "image")
    let script = Repository.root.appending(path: "Tests/Python/make-parquet.py").path()
    let command = """
      python3 '\(script)' metadata.parquet && \(convert) && audit-cli inspect captions.jsonl --json
      """
    let run = try await CommandRun(shell: command, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\"pairCount\" : 2500"), "\(run.output)")
    #expect(run.output.contains("\"nonASCII\" : 2500"))
    #expect(run.output.contains("\"knownPairs\" : 2500"))
    #expect(run.output.contains("\"rejections\" : {\n\n  }"), "\(run.output)")
  }
}
