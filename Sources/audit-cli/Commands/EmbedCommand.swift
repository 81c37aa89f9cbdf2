import ArgumentParser
import AuditKit
import AuditReport
import Foundation

/// `audit-cli embed`: a crawl's embeddings by a trained model.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Embed a crawl by a trained model.",
    discussion: """
      The file holds two tensors, 'images' and 'captions', [N, D] in float32, rows of unit \
      length, so that the inner product of two rows is their cosine. Row i belongs to line i of \
      the file of keys. Pieces of the crawl that are no usable pair have no row; they are \
      listed.

      In Python: safetensors.numpy.load_file("crawl.safetensors")["images"]

      EXAMPLES:
        audit-cli embed model/ crawl/ --out crawl.safetensors
        audit-cli embed model/ crawl/ --out crawl.safetensors --keys keys.txt --json
      """)

  @OptionGroup var options: ModelOptions

  @Option(
    help: ArgumentHelp(
      "The file to write; it appears when it is whole.", valueName: "file.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var out: String

  @Option(
    help: ArgumentHelp(
      "The rows' keys, one a line. (default: the file's name with .keys.txt)",
      valueName: "file.txt"),
    completion: .file(extensions: ["txt"]))
  var keys: String?

  @Option(
    help: ArgumentHelp(
      "Thumbnails; may be deleted. (default: the file's name with .work)", valueName: "folder"),
    completion: .directory)
  var workFolder: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(name: .shortAndLong, help: "Show notes and errors only, no progress.")
  var quiet = false

  func run() throws {
    let request = try options.request(workFolder: workFolder ?? out + ".work")
    let summary = try WatchedWork.run(isQuiet: quiet, stopped: "Stopped; nothing was written.") {
      try CrawlEmbedding.run(
        request, output: out, keys: keys ?? out + ".keys.txt", stop: $0, onEvent: $1)
    }
    if output.json {
      try OutputOptions.printJSON(summary)
      return
    }
    let style = TerminalStyle(descriptor: STDOUT_FILENO)
    if !summary.rejections.isEmpty {
      print(style.colored("Rejected", .bold))
      for line in RejectionText.lines(summary.rejections, style: style) { print("  " + line) }
      print("")
    }
    print("\(Quantity.count(summary.pairs)) pairs in \(summary.width) dimensions")
    print("Embeddings: \(TerminalText.escaped(summary.output))")
    print("Keys:       \(TerminalText.escaped(summary.keys))")
  }
}
