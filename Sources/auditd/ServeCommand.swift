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
    let logger = options.logger()
    do {
      let service = try await AuditService(options.configuration(), logger: logger)
      let notifier = ServiceManager()
      try await service.run {
        for address in service.addresses {
          logger.notice("listening", metadata: ["address": "\(address)"])
        }
        notifier.tell("READY=1\nSTATUS=listening")
      } until: {
        await StopWatch.wait()
        notifier.tell("STOPPING=1\nSTATUS=stopping")
      }
      logger.notice("stopped")
    } catch let error as ValidationError {
      throw error
    } catch {
      logger.critical("cannot start", metadata: ["error": "\(error)"])
      throw ExitCode(1)
    }
  }
}
