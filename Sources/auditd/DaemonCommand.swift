import ArgumentParser
import AuditService
import Foundation
import Logging

/// `auditd`: audits as jobs, reports as JSON, a dashboard.
@main
struct DaemonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "auditd",
    abstract: "Run audits as jobs, and serve their reports as JSON and as a dashboard.",
    discussion: """
      Reports that audit-cli wrote into the report folder are served as well. Crawls may be \
      submitted from below the crawl roots only; images are read from there only.

      Beyond this machine it listens with a token only. SIGTERM and Ctrl-C stop it: running \
      scans write a checkpoint, and the next start goes on with them.

      EXAMPLES:
        auditd --report-dir reports --crawl-root /data/crawls
        auditd --report-dir reports --listen 0.0.0.0:8787 --token-file token
        auditd --config auditd.json
        curl -s http://127.0.0.1:8787/v1/runs

      EXIT STATUS:
        0   stopped
        1   it cannot start; standard error says why and what to do
        64  the command line is wrong
      """,
    subcommands: [ServeCommand.self, WorkCommand.self], defaultSubcommand: ServeCommand.self)
}

/// `auditd work`: the process of one job.
struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Work on one job; started by the service.",
    shouldDisplay: false)

  func run() throws { Foundation.exit(JobWorker.run()) }
}
