import ArgumentParser
import Foundation

/// The root of the command tree.
@main
package struct AuditCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "audit-cli",
    abstract: "Find poisoned and mismatched pairs in a crawl of images with captions.",
    discussion: """
      A scan trains a small CLIP model on the crawl without trusting it, tells which pairs are \
      risky and how much of the crawl is poisoned or mismatched, and leaves a report and, if \
      asked, a model that was trained on the safe part.

      EXAMPLES:
        audit-cli inspect crawl/                         see what is there
        audit-cli scan crawl/ --report audit.sqlite      audit it
        audit-cli report audit.sqlite                    read what was found
        audit-cli pairs audit.sqlite --limit 50          see the riskiest pairs
        audit-cli export audit.sqlite --what safe --format txt > keys.txt
        audit-cli doctor --plan 1000000                  plan a larger scan

      EXIT STATUS:
      \(ExitStatus.table)

      Results go to standard output, progress and errors to standard error. NO_COLOR turns \
      colours off. 'audit-cli --generate-completion-script bash|zsh|fish' prints completions.
      """,
    groupedSubcommands: [
      CommandGroup(name: "Audit", subcommands: [ScanCommand.self, InspectCommand.self]),
      CommandGroup(
        name: "Results",
        subcommands: [
          ReportCommand.self, PairsCommand.self, ExportCommand.self, VerdictsCommand.self,
        ]),
      CommandGroup(name: "Models", subcommands: [ScoreCommand.self, EmbedCommand.self]),
      CommandGroup(name: "Proof", subcommands: [LabCommand.self]),
      CommandGroup(
        name: "Set-up",
        subcommands: [DoctorCommand.self, SettingsCommand.self, ConvertCommand.self]),
    ])

  /// Errors may quote names of files, which may hold what steers a terminal.
  package static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
      // What `print` could not write shows here at the latest.
      guard fflush(nil) == 0 else {
        throw CommandFailure(
          "The output could not be written: \(String(cString: strerror(errno))).")
      }
    } catch {
      guard exitCode(for: error) != .success else { exit(withError: error) }
      let message = fullMessage(for: error)
      if !message.isEmpty {
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.map { TerminalText.escaped(String($0)) }.joined(separator: "\n")
        FileHandle.standardError.write(Data((text + "\n").utf8))
      }
      Foundation.exit(exitCode(for: error).rawValue)
    }
  }

  package init() {}
}
