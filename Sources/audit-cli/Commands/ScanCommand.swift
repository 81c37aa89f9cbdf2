import ArgumentParser
import AuditDump
import AuditKit
import Foundation

/// `audit-cli scan`: the audit of a crawl.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Audit a crawl: train on it without trusting it, and rank its pairs by risk.",
    discussion: """
      The crawl is a folder of webdataset shards, one shard, or a range such as \
      'crawl/{00000..00331}.tar'; a list of images with captions (TSV, CSV, JSON lines, COCO, \
      Conceptual Captions) or a folder with one; a folder of images with a .txt or .json beside \
      each; or Debian's openclipart folder. 'inspect' tells what is there.

      Results go into the report, an SQLite file that can be read while the scan runs and can \
      hold several runs. Thumbnails and checkpoints go into a work folder beside it, which may \
      be deleted when the scan is done. Ctrl-C stops; --resume goes on after the last finished \
      epoch, also after a power cut, and ends with the same report.

      EXAMPLES:
        audit-cli scan crawl/ --report audit.sqlite
        audit-cli scan crawl/ --report audit.sqlite --resume
        audit-cli scan crawl/ --model-out model/ --seed 1 --threads 2
        audit-cli scan crawl/ --set training.epochs=20 --fail-above 0.02 || exit 1

      EXIT STATUS:
      \(ExitStatus.table)
      """)

  @Argument(
    help: "The crawl: a folder, a shard, a list of captions, a range of shards.",
    completion: .file())
  var crawl: String

  @OptionGroup var crawlOptions: CrawlOptions

  @Option(
    help: ArgumentHelp(
      "The report to write, or to add a run to.", valueName: "file.sqlite"),
    completion: .file(extensions: ["sqlite"]))
  var report = "audit.sqlite"

  @Option(
    help: ArgumentHelp(
      "Thumbnails and checkpoints. (default: the report's name with .work)",
      valueName: "folder"),
    completion: .directory)
  var workFolder: String?

  @Option(
    help: ArgumentHelp(
      "Write the trained model there, in open_clip's layout.", valueName: "folder"),
    completion: .directory)
  var modelOut: String?

  @Option(
    help: ArgumentHelp(
      "A crawl that is not trained on; retrieval is measured on it at the end.",
      valueName: "crawl"),
    completion: .file())
  var heldOut: String?

  @Flag(help: "Go on with this crawl's last run in the report.")
  var resume = false

  @Option(
    help: ArgumentHelp(
      "End with 2 where the crawl's estimated mismatch rate is above this share, with 1 where it is unknown.",
      valueName: "share"))
  var failAbove: Double?

  @OptionGroup(title: "Configuration") var options: ConfigurationOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(name: .shortAndLong, help: "Show notes and errors only, no progress.")
  var quiet = false

  func validate() throws {
    if let failAbove, !(failAbove >= 0 && failAbove <= 1) {
      throw ValidationError("--fail-above takes a share from 0 to 1, such as 0.02.")
    }
  }

  func run() throws {
    var document = try options.document()
    try crawlOptions.apply(to: &document)
    var request = ScanRequest(
      crawl: crawl, report: report, configuration: try document.decoded(),
      explicitSettings: document.explicitNames, resume: resume)
    request.format = crawlOptions.format
    request.workFolder = workFolder
    request.modelOut = modelOut
    request.heldOut = heldOut
    let summary = try WatchedWork.run(
      isQuiet: quiet, stopped: "Stopped. Go on with: \(resumption)"
    ) { try Scan.run(request, stop: $0, onEvent: $1) }
    if output.json {
      try OutputOptions.printJSON(summary)
    } else {
      let style = TerminalStyle(descriptor: STDOUT_FILENO)
      for line in SummaryText.lines(summary, style: style) { print(line) }
    }
    try judge(summary)
  }

  /// The command line that goes on where this one stops.
  private var resumption: String {
    let words = CommandLine.arguments.dropFirst().filter { $0 != "--resume" }
    return (["audit-cli"] + words + ["--resume"]).map(ShellWord.quoted).joined(separator: " ")
  }

  private func judge(_ summary: ScanSummary) throws {
    guard let failAbove else { return }
    guard let rate = summary.mismatchRate else {
      throw CommandFailure(
        "The mismatch rate is unknown, so that --fail-above cannot be judged.",
        remedy: """
          It takes 50 watched pairs, which crawls from 250 pairs on have; in a smaller one a higher \
          training.watchShare may do.
          """)
    }
    guard rate > failAbove else { return }
    FileHandle.standardError.write(
      Data(
        """
        The estimated mismatch rate, \(Quantity.share(rate)), is above the limit of \
        \(Quantity.share(failAbove)).

        """.utf8))
    throw ExitStatus.aboveLimit.exitCode
  }
}

extension CrawlFormat: ExpressibleByArgument {}
