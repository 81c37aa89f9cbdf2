import ArgumentParser
import AuditDump
import AuditInspection
import AuditKit
import AuditReport
import Foundation

/// `audit-cli inspect`: what is in a crawl.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Tell what is in a crawl: format, pairs, captions, hosts, images, faults.",
    discussion: """
      All records are read, and the images of a sample. Nothing is written and nothing trained. \
      Duplicates are looked for among the images of the sample, so that in a large crawl few of \
      them meet; --sample 0 reads no image.

      EXAMPLES:
        audit-cli inspect crawl/
        audit-cli inspect 'crawl/{00000..00331}.tar' --json
        audit-cli inspect crawl/ --report audit.sqlite
        audit-cli inspect list.csv --image-key path --caption-key alt
      """)

  @Argument(
    help: "The crawl: a folder, a shard, a list of captions, a range of shards.",
    completion: .file())
  var crawl: String

  @OptionGroup var crawlOptions: CrawlOptions

  @Option(help: ArgumentHelp("Images to read and compare.", valueName: "count"))
  var sample = InspectionConfiguration().sampledImages

  @Option(help: ArgumentHelp("Hosts to list.", valueName: "count"))
  var hosts = InspectionConfiguration().listedHosts

  @Option(
    help: ArgumentHelp(
      "A report of the crawl: list the hosts whose pairs its last run finds riskier than the rest.",
      valueName: "file.sqlite"),
    completion: .file(extensions: ["sqlite"]))
  var report: String?

  @Option(help: "Decides which images are drawn.")
  var seed: UInt64 = 0

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("A setting of crawl. May be repeated.", valueName: "name=value"),
    completion: .list(Setting.all.map(\.name).filter { $0.hasPrefix("crawl.") }.map { $0 + "=" }))
  var set: [String] = []

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard sample >= 0 else { throw ValidationError("--sample takes a whole number from 0.") }
    guard hosts >= 0 else { throw ValidationError("--hosts takes a whole number from 0.") }
    let names: Set<String>
    do throws(ConfigurationError) {
      names = try document().explicitNames
    } catch {
      throw ValidationError(error.description)
    }
    if let name = names.sorted().first(where: { !$0.hasPrefix("crawl.") }) {
      throw ValidationError("--set \(name): only settings of crawl have a meaning here.")
    }
  }

  func run() throws {
    var configuration = InspectionConfiguration()
    configuration.sampledImages = sample
    configuration.listedHosts = hosts
    configuration.seed = seed
    configuration.threads = ProcessInfo.processInfo.activeProcessorCount
    let inspection = try CrawlInspection(
      path: crawl, format: crawlOptions.format, crawl: try document().decoded().crawl,
      configuration: configuration)
    let riskier = try report.map { try riskierHosts(in: $0) }
    if output.json {
      try OutputOptions.printJSON(InspectionDocument(crawl: inspection, riskierHosts: riskier))
    } else {
      let style = TerminalStyle(descriptor: STDOUT_FILENO)
      var lines = InspectionText.lines(inspection, style: style)
      if let riskier { lines += [""] + InspectionText.hosts(riskier, style: style) }
      for line in lines { print(line) }
    }
  }

  private func riskierHosts(in report: String) throws -> [HostRow] {
    try ReportReader(path: report).read { snapshot in
      guard let run = try snapshot.latestRun() else { throw ReportError.noRuns }
      return try snapshot.hosts(of: run.id, limit: hosts).riskier
    }
  }

  private func document() throws(ConfigurationError) -> ConfigurationDocument {
    var document = ConfigurationDocument()
    for assignment in set { try document.set(assignment) }
    try crawlOptions.apply(to: &document)
    return document
  }
}

/// What `inspect --json` prints: the inspection's fields, and the hosts that a report finds riskier.
private struct InspectionDocument: Encodable {
  let crawl: CrawlInspection
  let riskierHosts: [HostRow]?

  private enum CodingKeys: String, CodingKey { case riskierHosts }

  func encode(to encoder: any Encoder) throws {
    try crawl.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(riskierHosts, forKey: .riskierHosts)
  }
}
