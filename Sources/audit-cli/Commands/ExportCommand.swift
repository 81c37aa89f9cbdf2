import ArgumentParser
import AuditKit
import AuditReport
import Foundation

/// `audit-cli export`: a run's pairs for programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a run's pairs as lists, as a subset of uids, or as shards.",
    discussion: """
      csv: a header, then a pair a line. The columns are key,source,risk,similarity,posterior,\
      safe, then others; new ones are only ever added at the end. Numbers are written in full, \
      so that the ranking has no ties by rounding. 'safe' is 1 for pairs of the last safe set, 0 \
      for all others. One pair in twenty, more in a small crawl, is kept from training, to tell \
      how well it went; its similarity is the one at the same place in the ranking of the others.

      jsonl: the same, as a JSON object a line. With --reference, csv and jsonl tell nothing but \
      where each image lies: shard,member,offset,length.

      txt: a key a line; a backslash, and a line end inside a key, are written as \\\\, \\n and \
      \\r.

      npy: a subset file as DataComp's tools take it, the uids of the pairs in ascending order, \
      each once, as a NumPy array of dtype u8,u8.

      webdataset: a folder of new shards. Of each pair they have all members that the crawl has, \
      byte for byte, in the crawl's order; whole files become key.jpg and key.txt. A file that \
      has changed since the scan ends the export, and leaves nothing.

      EXAMPLES:
        audit-cli export audit.sqlite --what safe --format txt > keys.txt
        audit-cli export audit.sqlite --what risky --min-risk 0.9 -o risky.csv
        audit-cli export audit.sqlite --format jsonl | jq .caption
        audit-cli export audit.sqlite --what safe --format npy -o safe.npy
        audit-cli export audit.sqlite --what safe --format webdataset -o safe/
      """)

  @OptionGroup var source: RunOptions

  @Option(help: "Which pairs: outside the safe set, in it, or all.")
  var what = PairChoice.Selection.all

  @Option(help: "What to write; see above.")
  var format = ExportFormat.csv

  @Option(help: "The order of a list, and of what --limit takes.")
  var order = PairQuery.Order.risk

  @Option(help: ArgumentHelp("Only pairs with at least this risk.", valueName: "risk"))
  var minRisk: Double?

  @Option(help: "At most so many.")
  var limit: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      The file to write, or webdataset's folder; it appears when it is whole. (default: standard \
      output)
      """, valueName: "path"),
    completion: .file())
  var output: String?

  @Flag(help: "csv, jsonl: where the images lie instead of what is known of them.")
  var reference = false

  @Flag(help: "npy: leave out pairs without a uid, and say how many.")
  var allowMissingUid = false

  @Option(
    help: ArgumentHelp(
      "webdataset: so many in a shard. (default: \(ShardExport.usualPairsPerShard))",
      valueName: "count"))
  var pairsPerShard: Int?

  @Flag(help: "webdataset: replace an earlier export in the folder.")
  var overwrite = false

  @Flag(help: "With --output, print what was written as JSON.")
  var json = false

  func validate() throws {
    if let minRisk, !(minRisk >= 0 && minRisk <= 1) {
      throw ValidationError("--min-risk takes a number from 0 to 1.")
    }
    if let limit, limit < 1 { throw ValidationError("--limit takes a whole number from 1.") }
    if let pairsPerShard, pairsPerShard < 1 {
      throw ValidationError("--pairs-per-shard takes a whole number from 1.")
    }
    if json, output == nil {
      throw ValidationError("--json goes with --output; for pairs as JSON use --format jsonl.")
    }
    if format == .webdataset, output == nil {
      throw ValidationError("--format webdataset needs a folder: --output FOLDER.")
    }
    try validateFormat()
  }

  /// Options that would mean nothing.
  private func validateFormat() throws {
    let options: [(name: String, isGiven: Bool, formats: [ExportFormat])] = [
      ("reference", reference, [.csv, .jsonl]), ("allow-missing-uid", allowMissingUid, [.npy]),
      ("pairs-per-shard", pairsPerShard != nil, [.webdataset]),
      ("overwrite", overwrite, [.webdataset]),
    ]
    for option in options where option.isGiven && !option.formats.contains(format) {
      let formats = option.formats.map { "--format \($0.rawValue)" }.joined(separator: " or ")
      throw ValidationError("--\(option.name) goes with \(formats).")
    }
  }

  func run() throws {
    let choice = PairChoice(what, order: order, minimumRisk: minRisk, limit: limit)
    let written =
      switch format {
      case .csv, .jsonl, .txt: try writeList(choice)
      case .npy: try writeSubset(choice)
      case .webdataset: try writeShards(choice)
      }
    guard let output else { return }
    if json {
      try OutputOptions.printJSON(written)
    } else {
      print("\(written.text) in \(TerminalText.escaped(output))")
    }
  }
}
