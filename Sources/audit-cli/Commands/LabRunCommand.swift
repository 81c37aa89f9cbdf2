import ArgumentParser
import AuditKit
import AuditLab
import Foundation

/// `audit-cli lab run`.
struct LabRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Plant attacks in a crawl, train on it in several ways, and measure each model.",
    discussion: """
      A trial is one attack, one way to train and one seed. The crawl is not copied; what is \
      planted, thumbnails, reports and models go into a work folder beside the database, which \
      may be deleted when the lab is done. Trials that are in the database already are left as \
      they are, so a lab that was stopped, or that grew, goes on.

      MEASURES
        attack success  targets, or held-out images with the trigger, that are
                        taken for the attacker's class
        zero-shot       held-out images whose caption names one class, taken
                        for that class
        linear probe    the same by a linear classifier on embeddings
        recall@k        held-out images with their caption among the k nearest
        AUROC and more  how well the scan's risks find what was planted

      EXAMPLES:
        audit-cli lab run --crawl crawl/ --attack badnet --rate 0.003 --seeds 3
        audit-cli lab run --config grid.json --out lab.sqlite --dry-run
        audit-cli lab table lab.sqlite

      EXIT STATUS:
      \(ExitStatus.table(of: [.done, .failed, .wrongUsage, .stopped]))
      """)

  @OptionGroup(title: "Grid") var grid: GridOptions

  @Option(
    help: ArgumentHelp("The lab's database.", valueName: "file.sqlite"),
    completion: .file(extensions: ["sqlite"]))
  var out = "lab.sqlite"

  @Option(
    help: ArgumentHelp(
      "Planted images, thumbnails, reports and models. (default: the database's name with .work)",
      valueName: "folder"),
    completion: .directory)
  var workFolder: String?

  @Flag(help: "List the trials and how long they would take, and train nothing.")
  var dryRun = false

  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(name: .shortAndLong, help: "Show notes and errors only, no progress.")
  var quiet = false

  func run() throws {
    let lab = try grid.configuration()
    if dryRun {
      try show(try LabPlan(lab, database: out))
      return
    }
    let summary = try WatchedWork.run(
      isQuiet: quiet, stopped: "Stopped. The same command goes on."
    ) { stop, onEvent in
      try LabRun.run(lab, database: out, workFolder: workFolder, stop: stop, onEvent: onEvent)
    }
    if output.json {
      try OutputOptions.printJSON(summary)
    } else {
      print(
        "\(summary.trials) trials: \(summary.finished) measured now, \(summary.earlier) before, "
          + "\(summary.failures.count) failed")
      print("Read them with: audit-cli lab table \(ShellWord.quoted(out))")
    }
    guard summary.failures.isEmpty else {
      throw CommandFailure(
        "Trials failed: \(summary.failures.joined(separator: "; "))",
        remedy: "The same command tries them again.")
    }
  }

  private func show(_ plan: LabPlan) throws {
    if output.json {
      try OutputOptions.printJSON(plan)
      return
    }
    var table = Table([
      ("attack", .left), ("method", .left), ("seed", .right), ("time", .right),
    ])
    for trial in plan.trials {
      table.add([
        trial.attack, trial.method, "\(trial.seed)", Quantity.duration(trial.seconds),
      ])
    }
    let style = TerminalStyle(descriptor: STDOUT_FILENO)
    for line in table.lines(width: style.width, style: style) { print(line) }
    let earlier = plan.finished > 0 ? " (\(plan.finished) more are finished)" : ""
    print(
      "\(plan.trials.count) trials of \(Quantity.count(plan.pairs)) pairs\(earlier): about "
        + "\(Quantity.duration(plan.seconds)) of training and scoring, and measuring on top")
  }
}
