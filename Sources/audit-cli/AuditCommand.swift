import ArgumentParser

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
        audit-cli scan crawl/ --report audit.sqlite      audit a crawl
        audit-cli report audit.sqlite                    read what was found
        audit-cli pairs audit.sqlite --limit 50          see the riskiest pairs
        audit-cli export audit.sqlite --what safe --format txt > keys.txt
        audit-cli doctor --plan 1000000                  plan a larger scan

      EXIT STATUS:
      \(ExitStatus.table)

      Results go to standard output, progress and errors to standard error. NO_COLOR turns \
      colours off. 'audit-cli --generate-completion-script bash|zsh|fish' prints completions.
      """,
    subcommands: [DoctorCommand.self, SettingsCommand.self, ConvertCommand.self])

  package init() {}
}
