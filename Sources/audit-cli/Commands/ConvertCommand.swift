import ArgumentParser
import AuditKit
import Foundation

/// `audit-cli convert`: other layouts into one that scans read.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert other layouts into a crawl.",
    subcommands: [ConvertOpenClipart.self])
}

/// `audit-cli convert openclipart`.
struct ConvertOpenClipart: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "openclipart",
    abstract: "Write a caption file for Debian's openclipart packages.",
    discussion: """
      The packages openclipart-png and openclipart-svg hold 8,121 drawings. Captions come from \
      the titles and keywords in the SVG files, and from the path where a file has none. \
      Images are not copied: the caption file names them where they are.

      A scan reads the folder /usr/share/openclipart by itself as well; the file is for those \
      who want to see or change captions first.

      EXAMPLES:
        audit-cli convert openclipart --output captions.tsv
      """)

  @Option(
    help: ArgumentHelp("The folder that holds png/ and svg/.", valueName: "folder"),
    completion: .directory)
  var root = "/usr/share/openclipart"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The caption file to write; it appears when it is whole.", valueName: "file.tsv"),
    completion: .file(extensions: ["tsv"]))
  var output: String

  @OptionGroup(title: "Output") var options: OutputOptions

  func run() throws {
    guard FileManager.default.fileExists(atPath: root) else {
      throw CommandFailure(
        "\(TerminalText.escaped(root)): there is no such folder.",
        remedy: "Install the packages openclipart-png and openclipart-svg, or give --root.")
    }
    let summary = try OpenClipartConverter(root: root).write(to: output)
    if options.json {
      try OutputOptions.printJSON(summary)
      return
    }
    print("\(Quantity.count(summary.pairs)) pairs in \(TerminalText.escaped(output))")
    print("captions from titles     \(Quantity.count(summary.fromTitle))")
    print("         from keywords   \(Quantity.count(summary.fromKeywords))")
    print("         from paths      \(Quantity.count(summary.fromPath))")
    for rejection in summary.rejections {
      print(
        "left out: \(TerminalText.escaped(rejection.source)): "
          + TerminalText.escaped(rejection.message))
    }
  }
}
