import ArgumentParser
import AuditKit
import AuditLab
import AuditTraining
import Foundation

/// Which attacks, ways to train and seeds: the lab's grid.
struct GridOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The grid from a JSON file; the options here go over it.", valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @Option(
    help: ArgumentHelp("The crawl: a folder, a shard or a caption file.", valueName: "path"),
    completion: .file())
  var crawl: String?

  @Option(help: "The crawl's format. (default: what is found there)")
  var format: CrawlFormat?

  @Option(
    help: ArgumentHelp(
      "Attacks, with commas between; 'lab plant --help' lists them. (default: tdpa)",
      valueName: "names"))
  var attack: String?

  @OptionGroup var planting: PlantingOptions

  @Option(
    help: ArgumentHelp(
      "Ways to train, with commas between: safeclip, clip, roclip, cleanclip, clean-model. (default: safeclip,clip)",
      valueName: "names"))
  var method: String?

  @Option(
    help: ArgumentHelp(
      "A clean model: 'clean-model' drops what it finds unlike, and trains by plain CLIP on the rest.",
      valueName: "folder"),
    completion: .directory)
  var cleanModel: String?

  @Option(
    help: ArgumentHelp(
      "Cosine below which 'clean-model' drops a pair. (default: 0)", valueName: "cosine"))
  var cleanThreshold: Double?

  @Option(help: "Trials of each attack and method. (default: 1)")
  var seeds: Int?

  @OptionGroup var classes: ClassOptions

  @Option(
    help: ArgumentHelp(
      "Labelled images to measure on as well, a folder per class; with train/ and test/ above those, the linear probe learns from the one.",
      valueName: "folder"),
    completion: .directory)
  var labelledImages: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A setting of all trials; 'audit-cli settings' lists all. May be repeated.",
      valueName: "name=value"))
  var set: [String] = []

  /// What was typed must be right before any work begins; the file is read when it is needed.
  func validate() throws {
    guard config != nil || crawl != nil else {
      throw ValidationError("Give a crawl with --crawl, or a grid with --config.")
    }
    var lab = LabConfiguration()
    lab.crawl = "any"
    let names = method.map(ClassOptions.list) ?? []
    if cleanModel != nil || cleanThreshold != nil, !names.contains(TrialMethod.cleanModelName) {
      throw ValidationError("--clean-model and --clean-threshold are for --method clean-model.")
    }
    do {
      try apply(to: &lab)
      try lab.validate()
      // A file has methods and settings of its own.
      if config == nil { try lab.validateTraining() }
    } catch let error as LabError {
      throw ValidationError(error.description)
    } catch let error as ConfigurationError {
      throw ValidationError(error.description)
    }
  }

  /// The file's grid with the options laid over it.
  func configuration() throws -> LabConfiguration {
    var lab = LabConfiguration()
    if let config { lab = try JSONSettings.read(LabConfiguration.self, from: config) }
    try apply(to: &lab)
    return lab
  }

  private func apply(to lab: inout LabConfiguration) throws {
    if let crawl { lab.crawl = crawl }
    if let format { lab.format = format }
    if let labels = classes.labels { lab.labels = labels }
    if let names = classes.names(ofLabels: lab.labels != nil) { lab.words = names }
    if let labelledImages { lab.labelledImages = labelledImages }
    if let seeds { lab.seeds = seeds }
    if let method { lab.methods = try ClassOptions.list(method).map(self.method) }
    if let attack { lab.attacks = try ClassOptions.list(attack).map(Self.attack) }
    for index in lab.attacks.indices { planting.apply(to: &lab.attacks[index]) }
    var document = ConfigurationDocument()
    for assignment in set { try document.set(assignment) }
    for name in document.explicitNames {
      let value = Setting.named(name).map { document.value(of: $0) }
      lab.settings[name] = value
      // A method of the file has its own; which method it is stays as it is.
      for index in lab.methods.indices
      where lab.methods[index].settings[name] != nil && name != "training.method" {
        lab.methods[index].settings[name] = value
      }
    }
  }

  private func method(_ name: String) throws -> TrialMethod {
    if name == TrialMethod.cleanModelName { return try filtering() }
    guard let method = Method(rawValue: name) else {
      let known = Method.allCases.map(\.rawValue) + [TrialMethod.cleanModelName]
      throw LabError.invalidSetting(
        name: "--method", value: name, expected: "one of " + known.joined(separator: ", "))
    }
    return TrialMethod(method)
  }

  private func filtering() throws -> TrialMethod {
    guard let folder = cleanModel else {
      throw LabError.invalidSetting(
        name: "--clean-model", value: "", expected: "the folder of a trained model")
    }
    var filter = CleanModelFilter()
    filter.folder = folder
    if let threshold = cleanThreshold {
      guard CleanModelFilter.thresholds.contains(threshold) else {
        throw LabError.invalidSetting(
          name: "--clean-threshold", value: "\(threshold)", expected: "from -1 to 1")
      }
      filter.threshold = threshold
    }
    var method = TrialMethod(.clip)
    method.name = TrialMethod.cleanModelName
    method.cleanModel = filter
    return method
  }

  private static func attack(_ name: String) throws -> AttackConfiguration {
    guard let kind = AttackKind(rawValue: name) else {
      throw LabError.invalidSetting(
        name: "--attack", value: name,
        expected: "one of " + AttackKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    var attack = AttackConfiguration()
    attack.attack = kind
    return attack
  }
}
