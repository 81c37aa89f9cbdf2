import Foundation
import Testing
import TestSupport

/// Crawls that lead out of the crawl roots: nothing of what lies there is told.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct ConfinementTests {
  /// A folder with the roots, and beside them what nobody may see; the word in it is `hidden`.
  private static let hidden = "confidential"

  private func makeFolder() throws -> TemporaryFolder {
    let folder = try Daemon.makeFolder()
    let image = [UInt8](
      try Data(contentsOf: Repository.fixture("crawls/damaged-captions/good.png")))
    for number in 0..<60 {
      try folder.write("outside/tree/\(number).png", image)
      try folder.write("outside/tree/\(number).txt", "\(Self.hidden) words \(number)")
    }
    try run(
      folder,
      """
      cd outside
      tar --format=ustar -cf 00000.tar -C tree .
      gzip -k -c 00000.tar > 00000.tgz
      for n in $(seq 0 59); do
        echo "{\\"file_name\\": \\"$n.png\\", \\"caption\\": \\"\(Self.hidden) words $n\\"}"
      done > captions.jsonl
      echo file_name,text > metadata.csv
      for n in $(seq 0 59); do echo "$n.png,\(Self.hidden) words $n"; done >> metadata.csv
      { printf 'filepath\\ttitle\\n'; for n in $(seq 0 59); do
        printf '%s.png\\t\(Self.hidden) words %s\\n' $n $n; done; } > captions.tsv
      """)
    return folder
  }

  private func run(_ folder: TemporaryFolder, _ script: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-e", "-c", script]
    process.currentDirectoryURL = URL(filePath: folder.path)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  /// Lays the images that the outside lists name into a folder of the roots.
  private func images(_ folder: TemporaryFolder, in name: String) throws {
    try run(folder, "mkdir -p '\(name)' && cp outside/tree/*.png '\(name)'")
  }

  /// Waits for a run's end and looks for the word in all that the service tells of it.
  private func expectNothingTold(_ daemon: Daemon, _ run: String, _ what: String) async throws {
    let document = try await daemon.wait(run, for: "finished", "failed")
    #expect(document["state"] as? String == "failed", "\(what)")
    for path in ["", "/pairs?limit=1000", "/rejected?limit=1000", "/export?format=jsonl"] {
      let answer = try await daemon.call("/v1/runs/\(run)\(path)")
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(!text.contains(Self.hidden), "\(what) \(path): \(text.prefix(2000))")
    }
  }

  private func submit(_ daemon: Daemon, _ crawl: String) async throws -> String {
    try await daemon.submit(["crawl": daemon.folder.file("roots/\(crawl)")])
  }

  @Test func noLinkInACrawlLeadsOutOfTheRoots() async throws {
    let folder = try makeFolder()
    let outside = folder.file("outside")
    try folder.link("roots/tgz/00000.tgz", to: outside + "/00000.tgz")
    try folder.link("roots/tar/00000.tar", to: "../../outside/00000.tar")
    try folder.link("roots/parts/part0/00000.tar", to: outside + "/00000.tar")
    try images(folder, in: "roots/lines")
    try folder.link("roots/lines/captions.jsonl", to: outside + "/captions.jsonl")
    try images(folder, in: "roots/table")
    try folder.link("roots/table/captions.tsv", to: outside + "/captions.tsv")
    try images(folder, in: "roots/splits/train")
    try folder.link("roots/splits/train/metadata.csv", to: outside + "/metadata.csv")
    try images(folder, in: "roots/texts")
    for number in 0..<60 {
      try folder.link("roots/texts/\(number).txt", to: outside + "/tree/\(number).txt")
    }
    try folder.write(
      "roots/lists/shards.txt", "\(outside)/00000.tar\n../../outside/00000.tar\n")
    try folder.link("roots/linked/shards.txt", to: "shards2.txt")
    try folder.write("roots/linked/shards2.txt", outside + "/00000.tgz\n")
    let daemon = try await Daemon(in: folder)
    for crawl in [
      "tgz", "tar", "parts", "lines", "table", "splits", "texts", "lists/shards.txt",
      "linked/shards.txt",
    ] {
      try await expectNothingTold(daemon, try await submit(daemon, crawl), crawl)
    }
  }

  @Test func aLinkThatIsLaidWhileTheJobWaitsLeadsNowhereEither() async throws {
    let folder = try makeFolder()
    let swaps = [
      ("file.jsonl", "captions.jsonl"), ("00000.tar", "00000.tar"), ("folder", "tree"),
    ]
    try folder.write("roots/file.jsonl", #"{"file_name": "a.png", "caption": "a"}"#)
    try folder.write("roots/00000.tar", [UInt8](repeating: 0, count: 1024))
    try folder.write("roots/folder/a.txt", "a")
    let first = try await Daemon(in: folder, "--max-jobs", "0")
    var runs: [String] = []
    for (name, _) in swaps { runs.append(try await submit(first, name)) }
    try await first.end(SIGTERM)
    for (name, target) in swaps {
      try FileManager.default.removeItem(atPath: folder.file("roots/\(name)"))
      try folder.link("roots/\(name)", to: folder.file("outside/\(target)"))
    }
    let second = try await Daemon(in: folder)
    for (run, swap) in zip(runs, swaps) { try await expectNothingTold(second, run, swap.0) }
  }

  @Test func settingsReadFilesBelowTheRootsOnlyWhenTheJobRuns() async throws {
    let folder = try makeFolder()
    try folder.write("roots/preset.json", TinyPreset.json)
    let first = try await Daemon(in: folder, "--max-jobs", "0")
    let run = try await first.submit([
      "settings": ["preset": folder.file("roots/preset.json")]
    ])
    try await first.end(SIGTERM)
    try FileManager.default.removeItem(atPath: folder.file("roots/preset.json"))
    try folder.write("outside/preset.json", TinyPreset.json)
    try folder.link("roots/preset.json", to: folder.file("outside/preset.json"))
    let second = try await Daemon(in: folder)
    let document = try await second.wait(run, for: "finished", "failed")
    #expect(document["state"] as? String == "failed")
    #expect((document["error"] as? String)?.contains("preset.json") == true, "\(document)")
  }
}
