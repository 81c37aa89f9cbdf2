import ArgumentParser
import AuditKit
import AuditTraining

/// The configuration's ways in, shared by all commands that need one.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Settings from a JSON file, such as 'settings --document' prints or a report holds.",
      valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "One setting, over what the file says; 'audit-cli settings' lists all. May be repeated.",
      valueName: "name=value"),
    completion: .list(Setting.all.map { $0.name + "=" }))
  var set: [String] = []

  @Option(
    help: "How to train: safeclip filters while it trains; clip, roclip and cleanclip compare.")
  var method: Method?

  @Option(
    help: ArgumentHelp(
      "The model: compact, RN50, ViT-B-32 or an open_clip JSON file. (default: compact)",
      valueName: "name|file.json"),
    completion: .file(extensions: ["json"]))
  var preset: String?

  @Option(
    help: ArgumentHelp(
      "Keys of pairs known to be clean, one a line: always safe, and learned from first.",
      valueName: "file.txt"),
    completion: .file(extensions: ["txt"]))
  var trusted: String?

  @Option(help: "All randomness follows from it. (default: 0)")
  var seed: UInt64?

  @Option(help: "Cores at work; results repeat for the same number. (default: all)")
  var threads: Int?

  /// What was typed must be right before any work begins; the file is read when it is needed.
  func validate() throws {
    var document = ConfigurationDocument()
    do throws(ConfigurationError) {
      try apply(to: &document)
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// Everything laid over the defaults: file, then `--set`, then the options of their own.
  func document() throws(ConfigurationError) -> ConfigurationDocument {
    var document = ConfigurationDocument()
    if let config { try document.merge(jsonFile: config) }
    try apply(to: &document)
    return document
  }

  private func apply(to document: inout ConfigurationDocument) throws(ConfigurationError) {
    for assignment in set { try document.set(assignment) }
    if let method {
      try document.set(
        "training.method", to: .text(method.rawValue), origin: "--method \(method.rawValue)")
    }
    if let preset { try document.set("preset", to: .text(preset), origin: "--preset") }
    if let trusted { try document.set("trusted", to: .text(trusted), origin: "--trusted") }
    if let seed {
      try document.set("seed", to: SettingValue(seed), origin: "--seed \(seed)")
    }
    if let threads {
      try document.set("threads", to: .whole(Int64(threads)), origin: "--threads \(threads)")
    }
  }
}

extension Method: ExpressibleByArgument {}
