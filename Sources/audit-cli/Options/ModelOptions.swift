import ArgumentParser
import AuditDump
import AuditKit

/// Which model is applied to which crawl, shared by `embed` and `score`.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "The model's folder, such as 'scan --model-out' writes.", completion: .directory)
  var model: String

  @Argument(
    help: "The crawl: a folder, a shard, a list of captions, a range of shards.",
    completion: .file())
  var crawl: String

  @OptionGroup var crawlOptions: CrawlOptions

  @Option(
    help: ArgumentHelp(
      "CLIP's merges file, for a model without a tokenizer.json.", valueName: "file"),
    completion: .file())
  var merges: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A setting that matters without training: of crawl, neighbours or the safe set. May be repeated.",
      valueName: "name=value"),
    completion: .list(Setting.all.map(\.name).filter(isUsed).map { $0 + "=" }))
  var set: [String] = []

  @Option(help: "Cores at work; results do not depend on it. (default: all)")
  var threads: Int?

  @Option(help: "Which captions shuffled pairs get follows from it. (default: 0)")
  var seed: UInt64?

  /// Settings that have a meaning where nothing is trained.
  private static func isUsed(_ name: String) -> Bool {
    name.hasPrefix("crawl.")
      || [
        "training.safeThreshold", "training.safeShareMinimum", "training.safeShareCap",
        "training.falseAcceptLimit", "training.neighbours",
        "training.nearestImagesWeight", "training.nearestCaptionsWeight",
        "training.neighbourReferences", "training.duplicateCosine",
      ].contains(name)
  }

  /// What was typed must be right before any work begins.
  func validate() throws {
    if let threads, !(0...1024).contains(threads) {
      throw ValidationError("--threads takes a whole number from 0 to 1024.")
    }
    let names: Set<String>
    do throws(ConfigurationError) {
      names = try document().explicitNames
    } catch {
      throw ValidationError(error.description)
    }
    if let name = names.sorted().first(where: { !Self.isUsed($0) }) {
      throw ValidationError("--set \(name): nothing is trained here, so it has no meaning.")
    }
  }

  /// The request; thumbnails go into `workFolder`.
  func request(workFolder: String) throws(ConfigurationError) -> ModelRequest {
    let document = try document()
    let configuration = try document.decoded()
    var request = ModelRequest(model: model, crawl: crawl, workFolder: workFolder)
    request.format = crawlOptions.format
    request.mergesPath = merges
    request.crawlConfiguration = configuration.crawl
    request.training = configuration.training
    request.explicitSettings = document.explicitNames
    request.threads = threads ?? 0
    request.seed = seed ?? 0
    return request
  }

  private func document() throws(ConfigurationError) -> ConfigurationDocument {
    var document = ConfigurationDocument()
    for assignment in set { try document.set(assignment) }
    try crawlOptions.apply(to: &document)
    return document
  }
}
