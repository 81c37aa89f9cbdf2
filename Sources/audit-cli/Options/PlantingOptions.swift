import ArgumentParser
import AuditLab

/// How much of an attack is planted and how, with which class, and what of the crawl is left for it.
struct PlantingOptions: ParsableArguments {
  @Option(help: "Pairs to plant. (default: 40)")
  var count: Int?

  @Option(
    help: "Pairs to plant as a share of those that are used and not held out, in place of --count.")
  var rate: Double?

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("The adversarial class. (default: drawn by seed)", valueName: "name"))
  var className: String?

  @Option(help: "Captions for each target of tdpa, steps for each of interpolation. (default: 5)")
  var captionsPerTarget: Int?

  @Flag(help: "Captions of tdpa from prompt templates, not from the crawl.")
  var templates = false

  @Flag(help: "Crop and brighten each copy of a tdpa target anew.")
  var vary = false

  @Option(help: "Send planted images through a JPEG of this quality, 1 to 100.")
  var jpegQuality: Int?

  @Option(help: "Pairs of the crawl to use besides those held out, drawn by seed. (default: all)")
  var sample: Int?

  @Option(help: "Pairs that leave the crawl to measure with. (default: 300)")
  var heldOut: Int?

  @Option(
    help: ArgumentHelp(
      "A trained model, which label-consistent hides the class from.", valueName: "folder"),
    completion: .directory)
  var perturbationModel: String?

  func apply(to attack: inout AttackConfiguration) {
    if let count {
      attack.count = count
      attack.rate = nil
    }
    if let rate { attack.rate = rate }
    if let className { attack.className = className }
    if let captionsPerTarget { attack.captionsPerTarget = captionsPerTarget }
    if templates { attack.templates = true }
    if vary { attack.vary = true }
    if let jpegQuality { attack.jpegQuality = jpegQuality }
    if let sample { attack.sample = sample }
    if let heldOut { attack.heldOut = heldOut }
    if let perturbationModel { attack.perturbationModel = perturbationModel }
  }
}
