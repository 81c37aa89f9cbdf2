import ArgumentParser
import AuditDump
import AuditKit

/// How a crawl is read, shared by all commands that read one.
struct CrawlOptions: ParsableArguments {
  @Option(help: "The crawl's format. (default: what is found there)")
  var format: CrawlFormat?

  @Option(
    help: ArgumentHelp(
      "The column or field of a list that holds the image's path. (default: names in use)",
      valueName: "name"))
  var imageKey: String?

  @Option(
    help: ArgumentHelp(
      "The column or field that holds the caption. (default: names in use)", valueName: "name"))
  var captionKey: String?

  /// Lays the names over what other options say.
  func apply(to document: inout ConfigurationDocument) throws(ConfigurationError) {
    if let imageKey {
      try document.set("crawl.imageKey", to: .text(imageKey), origin: "--image-key")
    }
    if let captionKey {
      try document.set("crawl.captionKey", to: .text(captionKey), origin: "--caption-key")
    }
  }
}
