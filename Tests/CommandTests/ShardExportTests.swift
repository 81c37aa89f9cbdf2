import AuditDump
import AuditReport
import Foundation
import TestSupport
import Testing

/// `export --format webdataset` through the executable, on crawls that it scanned itself.
@Suite(.timeLimit(.minutes(20))) struct ShardExportTests {
  /// What a reader finds below a path: keys, captions, and the bytes of images.
  private struct Contents: Equatable {
    var pairs: [String: [String]] = [:]
    var order: [String] = []

    init(_ path: String) throws {
      let files = ImageFiles()
      try Crawl.reader(for: path).read { record in
        guard case .pair(let pair) = record else {
          Issue.record("\(record)")
          return
        }
        order.append(pair.key)
        pairs[pair.key] = [pair.caption, try files.bytes(of: pair.image).description]
      }
    }
  }

  @Test("safe and risky shards together are the crawl, member for member")
  func partsAddUp() async throws {
    let place = try ScanWorkplace()
    #expect(try await CommandRun(place.scan()).status == 0)
    let source = try Contents(ScanWorkplace.shapes)
    var parts: [Contents] = []
    for what in ["safe", "risky", "all"] {
      let run = try await CommandRun(
        "export", place.report, "--what", what, "--format", "webdataset", "--pairs-per-shard", "64",
        "-o", place.file(what), "--json")
      #expect(run.status == 0, "\(run.errors)")
      let keys = try await CommandRun(
        "export", place.report, "--what", what, "--format", "txt", "--order", "ordinal")
      parts.append(try Contents(place.file(what)))
      #expect(parts.last?.order == keys.output.split(separator: "\n").map(String.init))
      let written = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let count = try #require(parts.last?.order.count)
      #expect(written["pairs"] as? Int == count)
      #expect(written["shards"] as? Int == (count + 63) / 64)
    }
    #expect(!parts[0].order.isEmpty && !parts[1].order.isEmpty)
    #expect(parts[2] == source)
    #expect(parts[0].pairs.merging(parts[1].pairs) { a, _ in a } == source.pairs)
  }

  @Test(
    "Python's tarfile finds the same members in the copy as in the crawl",
    .enabled(if: Python.has("tarfile"), "there is no python3"))
  func tarfile() async throws {
    let place = try ScanWorkplace()
    #expect(try await CommandRun(place.scan()).status == 0)
    let export = try await CommandRun(
      "export", place.report, "--format", "webdataset", "-o", place.file("all"))
    #expect(export.status == 0, "\(export.errors)")
    let script = Repository.root.appending(path: "Tests/Python/compare-shards.py").path()
    let compare = "python3 '\(script)' '\(ScanWorkplace.shapes)' all"
    let run = try await CommandRun(shell: compare, in: place.file(""))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasSuffix("members are the same\n"))
  }

  /// Lays the images of a crawl of shards out as files with a table of captions.
  private func unpack(_ crawl: String, into folder: String) throws {
    let files = ImageFiles()
    var table = "filepath\ttitle\n"
    try FileManager.default.createDirectory(
      atPath: "\(folder)/images", withIntermediateDirectories: true)
    try Crawl.reader(for: crawl).read { record in
      guard case .pair(let pair) = record else { return }
      let name = "images/\(pair.image.member ?? "")"
      try Data(files.bytes(of: pair.image)).write(to: URL(filePath: "\(folder)/\(name)"))
      table += "\(name)\t\(pair.caption)\n"
    }
    try table.write(toFile: "\(folder)/captions.tsv", atomically: true, encoding: .utf8)
  }

  @Test("images and captions that are files of their own become shards")
  func captionFile() async throws {
    let place = try ScanWorkplace()
    let crawl = place.file("crawl")
    try unpack(ScanWorkplace.shapes, into: crawl)
    let scan = try await CommandRun(place.scan(crawl))
    #expect(scan.status == 0, "\(scan.errors)")
    let run = try await CommandRun(
      "export", place.report, "--format", "webdataset", "-o", place.file("shards"))
    #expect(run.status == 0, "\(run.errors)")
    let (source, copy) = (try Contents(crawl), try Contents(place.file("shards")))
    #expect(run.output == "\(source.order.count) pairs in 1 shard in \(place.file("shards"))\n")
    #expect(source.order.first == "images/000000000.png")
    #expect(copy.order == source.order.map(WebdatasetKey.escaped))
    for key in source.order {
      #expect(copy.pairs[WebdatasetKey.escaped(key)] == source.pairs[key], "\(key)")
    }
  }

  @Test(
    "an export that is killed in the middle leaves no folder of the name, and the next one is whole"
  )
  func killed() async throws {
    let place = try ScanWorkplace()
    #expect(try await CommandRun(place.scan()).status == 0)
    let export = "audit-cli export audit.sqlite --format webdataset -o out"
    // The system kills whoever writes a file of more than 512 · 300 bytes, which a shard of all pairs has.
    let killed = try await CommandRun(shell: "ulimit -f 300; exec \(export)", in: place.file(""))
    #expect(killed.status > 128, "\(killed.errors)")
    #expect(!FileManager.default.fileExists(atPath: place.file("out")))
    #expect(FileManager.default.fileExists(atPath: place.file(".out.partial")))
    let again = try await CommandRun(shell: export, in: place.file(""))
    #expect(again.status == 0, "\(again.errors)")
    #expect(!FileManager.default.fileExists(atPath: place.file(".out.partial")))
    #expect(try Contents(place.file("out")) == Contents(ScanWorkplace.shapes))
  }

  @Test(
    "exporting twice gives the same bytes; the second into the same folder only with --overwrite")
  func twice() async throws {
    let place = try ScanWorkplace()
    #expect(try await CommandRun(place.scan()).status == 0)
    let export = [
      "export", place.report, "--what", "safe", "--format", "webdataset", "-o", place.file("out"),
    ]
    func files() throws -> [String: Data] {
      var files: [String: Data] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: place.file("out")) {
        files[name] = try Data(contentsOf: URL(filePath: place.file("out/\(name)")))
      }
      return files
    }
    #expect(try await CommandRun(export).status == 0)
    let first = try files()
    #expect(first.keys.sorted() == ["00000.tar", "00000_stats.json"])
    let refused = try await CommandRun(export)
    #expect(refused.status == 1 && refused.errors.contains("is not empty"))
    #expect(try files() == first)
    #expect(try await CommandRun(export + ["--overwrite"]).status == 0)
    #expect(try files() == first)
  }

  @Test("a shard that has changed since the scan is named with the key, and ends with 1")
  func changed() async throws {
    let place = try ScanWorkplace()
    try FileManager.default.copyItem(atPath: ScanWorkplace.shapes, toPath: place.file("crawl"))
    #expect(try await CommandRun(place.scan(place.file("crawl"))).status == 0)
    let shard = place.file("crawl/00001.tar")
    let pairs = try ReportReader(path: place.report).read { report in
      try report.pairs(of: 1, PairQuery(order: .ordinal, limit: PairQuery.noLimit - 1)).pairs
    }
    let last = try #require(pairs.last { $0.pair.sourcePath == shard }?.pair)
    var bytes = try Data(contentsOf: URL(filePath: shard))
    bytes[Int(last.sourceOffset) + 40] ^= 1
    try bytes.write(to: URL(filePath: shard))
    let run = try await CommandRun(
      "export", place.report, "--format", "webdataset", "-o", place.file("out"))
    #expect(run.status == 1)
    #expect(
      run.errors.contains("\(shard) has changed since it was scanned: of the pair \(last.key)"))
    #expect(!FileManager.default.fileExists(atPath: place.file("out")))
    #expect(!FileManager.default.fileExists(atPath: place.file(".out.partial")))
  }

  @Test(
    "options that mean nothing end with 64",
    arguments: [
      ["--format", "webdataset"], ["--overwrite"], ["--pairs-per-shard", "5"],
      ["--format", "webdataset", "-o", "x", "--pairs-per-shard", "0"],
      ["--format", "txt", "--reference"], ["--format", "npy", "--reference"],
      ["--format", "csv", "--allow-missing-uid"], ["--format", "parquet"],
    ])
  func wrongUsage(arguments: [String]) async throws {
    let run = try await CommandRun(["export", "audit.sqlite"] + arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
  }
}
