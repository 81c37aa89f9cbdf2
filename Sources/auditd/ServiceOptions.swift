import ArgumentParser
import AuditService
import AuditSettings
import Foundation
import Logging

/// The service's settings: the configuration file's, then what the command line says.
struct ServiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Settings from a JSON file, named as the options are: reportDir, crawlRoots and so on.",
      valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The folder of reports; jobs add theirs. (default: the working folder)", valueName: "folder"),
    completion: .directory)
  var reportDir: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Where to listen; may be repeated. (default: 127.0.0.1:8787)", valueName: "address:port"))
  var listen: [String] = []

  @Option(
    help: ArgumentHelp("A Unix socket to listen at as well.", valueName: "path"),
    completion: .file())
  var unix: String?

  @Option(
    help: ArgumentHelp(
      "A file whose first line is the token that clients must send.", valueName: "file"),
    completion: .file())
  var tokenFile: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A folder below which crawls may be submitted and images are shown; may be repeated.",
      valueName: "folder"),
    completion: .directory)
  var crawlRoot: [String] = []

  @Option(help: ArgumentHelp("Scans that may run at a time. (default: 1)", valueName: "number"))
  var maxJobs: Int?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A name by which browsers may call the service; may be repeated.", valueName: "host"))
  var allowHost: [String] = []

  @Option(help: "How the log is written, on standard error. (default: text)")
  var logFormat: LogFormat?

  @Option(
    help:
      "What is logged: trace, debug, info, notice, warning, error or critical. (default: notice)")
  var logLevel: Logger.Level?

  func validate() throws {
    if let maxJobs, maxJobs < 0 { throw ValidationError("--max-jobs takes a whole number from 0.") }
  }

  /// All settings.
  ///
  /// - Throws: `ValidationError` for a file that cannot be used.
  func configuration() throws -> ServiceConfiguration {
    var configuration = ServiceConfiguration()
    if let config { configuration = try Self.read(config) }
    if let reportDir { configuration.reportDir = reportDir }
    if !listen.isEmpty { configuration.listen = listen }
    if let unix { configuration.unix = unix }
    if let tokenFile { configuration.tokenFile = tokenFile }
    if !crawlRoot.isEmpty { configuration.crawlRoots = crawlRoot }
    if let maxJobs { configuration.maxJobs = maxJobs }
    if !allowHost.isEmpty { configuration.allowHosts = allowHost }
    if let logFormat { configuration.logFormat = logFormat }
    if let logLevel { configuration.logLevel = logLevel }
    return configuration
  }

  private static func read(_ path: String) throws -> ServiceConfiguration {
    do {
      return try SettingsFile.read(ServiceConfiguration.self, from: path)
    } catch {
      throw ValidationError(error.problem)
    }
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
