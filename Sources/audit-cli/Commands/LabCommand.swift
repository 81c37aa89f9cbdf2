import ArgumentParser
import AuditKit
import AuditLab
import Foundation

/// `audit-cli lab`: attacks on the user's own crawl.
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "Attack the crawl as known attackers would, train on it, and see what comes of it.",
    discussion: """
      'lab run' plants attacks in a crawl, trains with and without a defence, and measures: does \
      the attack work, is the poison found, what is the model worth? 'lab table' prints, and \
      'lab plot' draws, what was measured. 'lab plant' writes a poisoned crawl out for other tools.
      """,
    subcommands: [
      LabRunCommand.self, LabTableCommand.self, LabPlotCommand.self, LabPlantCommand.self,
    ])
}

/// `audit-cli lab plant`.
struct LabPlantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plant",
    abstract: "Write a poisoned copy of a crawl, with the truth beside it.",
    discussion: """
      The folder gets crawl/ and held-out/ (webdataset shards; images that are not poisoned keep \
      their bytes), truth.csv (the planted keys, what was done to them, and the class that the \
      model is to see), and sheet.png: clean, poisoned and four times the difference, row by row.

      ATTACKS
        tdpa           images with captions of another class (Carlini and Terzis, 2021)
        badnet         a patch of random colours, anywhere in the image
        blended        a pattern that shines through the whole image
        wanet          a smooth warp
        sig            a faint wave across the image
        hybrid         warp, pattern and patch on one image
        parallel-one   patch, pattern and warp on different images, one class
        parallel-all   the same, each with a class of its own
        true-caption   a patch on images of the class, with their own captions
        label-consistent
                       the same with the class hidden in the image: needs --perturbation-model
        interpolation  images between targets and images of the class
        campaign       one caption under many images

      Triggers are put on the image as it is stored, before any thumbnail. Classes are words that \
      0.5 to 5 % of the captions contain, or labels from a file.

      EXAMPLES:
        audit-cli lab plant crawl/ --out poisoned/ --attack badnet --rate 0.003
        audit-cli lab plant crawl/ --out poisoned/ --labels labels.tsv
        audit-cli scan poisoned/crawl --held-out poisoned/held-out
      """)

  @Argument(help: "The crawl: a folder, a shard or a caption file.", completion: .file())
  var crawl: String

  @Option(
    help: ArgumentHelp(
      "The folder to write; it must not exist, and appears when it is whole.",
      valueName: "folder"), completion: .directory)
  var out: String

  @OptionGroup(title: "Attack") var options: AttackOptions

  @OptionGroup var classes: ClassOptions

  @Option(help: "The crawl's format. (default: what is found there)")
  var format: CrawlFormat?

  @Option(
    help: ArgumentHelp("Where relative paths of a caption file start.", valueName: "folder"),
    completion: .directory)
  var imageRoot: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    var configuration = CrawlConfiguration()
    configuration.imageRoot = imageRoot
    let reader = try Crawl.reader(for: crawl, format: format, configuration: configuration)
    let attack = try options.configuration()
    let words = Set(classes.names(ofLabels: classes.labels != nil) ?? [])
    let summary = try WatchedWork.run(isQuiet: false, stopped: "Stopped; nothing was written.") {
      stop, _ in
      try CrawlPlanter(attack, labels: classes.labels, words: words, stop: stop)
        .plant(reader, in: out)
    }
    if output.json {
      try OutputOptions.printJSON(summary)
      return
    }
    print(
      "\(Quantity.count(summary.kept)) pairs, \(Quantity.count(summary.planted)) planted, "
        + "\(Quantity.count(summary.heldOut)) held out, \(Quantity.count(summary.leftOut)) left out"
    )
    print("Classes: \(TerminalText.escaped(summary.classes.joined(separator: ", ")))")
    print("Folder:  \(TerminalText.escaped(summary.folder))")
  }
}
