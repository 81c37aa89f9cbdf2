import ArgumentParser
import AuditService
import Foundation
import Logging

/// `auditd serve`, and `auditd` without a word: the service.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve reports and run jobs (what happens without a word).")

  @OptionGroup var options: ServiceOptions

  func run() async throws {
    let configuration = try options.configuration()
    var logger = Logger(label: "auditd") { _ in LineLog(format: configuration.logFormat) }
    logger.logLevel = configuration.logLevel
    do {
      let service = try await AuditService(configuration, logger: logger)
      let notifier = ServiceManager()
      // Before anybody is told that it runs: whoever is may stop it at once.
      let watch = StopWatch()
      try await service.run { [logger] in
        for address in service.addresses {
          logger.notice("listening", metadata: ["address": "\(address)"])
        }
        notifier.tell("READY=1\nSTATUS=listening")
      } until: {
        await watch.wait()
        notifier.tell("STOPPING=1\nSTATUS=stopping")
      }
      logger.notice("stopped")
    } catch {
      logger.critical("cannot start", metadata: ["error": "\(error)"])
      throw ExitCode(1)
    }
  }
}
