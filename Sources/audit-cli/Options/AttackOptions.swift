import ArgumentParser
import AuditLab

/// Which attack, with what parameters.
struct AttackOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The attack's parameters from a JSON file; the options here go over it.",
      valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @Option(help: "The attack. (default: tdpa)")
  var attack: AttackKind?

  @OptionGroup var planting: PlantingOptions

  @Option(help: "All randomness follows from it, patterns included. (default: 0)")
  var seed: UInt64?

  /// What was typed must be right before any work begins; the file is read when it is needed.
  func validate() throws {
    var configuration = AttackConfiguration()
    apply(to: &configuration)
    // The model may stand in the file.
    if config != nil { configuration.perturbationModel = configuration.perturbationModel ?? "" }
    do throws(LabError) {
      try configuration.validate()
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// The file's parameters with the options laid over them.
  func configuration() throws -> AttackConfiguration {
    var configuration = AttackConfiguration()
    if let config { configuration = try JSONSettings.read(AttackConfiguration.self, from: config) }
    apply(to: &configuration)
    return configuration
  }

  private func apply(to configuration: inout AttackConfiguration) {
    if let attack { configuration.attack = attack }
    planting.apply(to: &configuration)
    if let seed { configuration.seed = seed }
  }
}

extension AttackKind: ExpressibleByArgument {}
