import AuditKit
import Testing

@Suite(.timeLimit(.minutes(20))) struct HelpTests {
  static let commands: [[String]] = [
    [], ["scan"], ["report"], ["pairs"], ["export"], ["verdicts"], ["inspect"], ["score"],
    ["embed"], ["doctor"],
    ["settings"],
    ["convert"], ["convert", "openclipart"], ["lab"], ["lab", "run"], ["lab", "table"],
    ["lab", "plot"],
    ["lab", "plant"],
  ]

  @Test("help is the same for -h, --help and 'help', and equals its snapshot", arguments: commands)
  func helpTexts(command: [String]) async throws {
    let long = try await CommandRun(command + ["--help"])
    #expect(long.status == 0)
    #expect(long.errors.isEmpty)
    #expect(try await CommandRun(command + ["-h"]).output == long.output)
    #expect(try await CommandRun(["help"] + command).output == long.output)
    try Snapshot.expect(long.output, matches: (["help"] + command).joined(separator: "-"))
  }

  @Test("no line of help is wider than a terminal of 80 columns, usage apart", arguments: commands)
  func helpWidth(command: [String]) async throws {
    let help = try await CommandRun(command + ["--help"]).output
    for line in help.split(separator: "\n") where !line.hasPrefix("USAGE:") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test("no example and no row of a table is broken by its length", arguments: commands)
  func examples(command: [String]) async throws {
    let help = try await CommandRun(command + ["--help"]).output
    for part in help.split(separator: "\n\n") where part.hasPrefix("E") {
      for line in part.split(separator: "\n").dropFirst() {
        #expect(line.hasPrefix("  "), "\(line)")
      }
    }
  }

  @Test(
    "completion scripts come for three shells and know the commands",
    arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) async throws {
    let run = try await CommandRun("--generate-completion-script", shell)
    #expect(run.status == 0)
    for command in Self.commands where command.count == 1 {
      #expect(run.output.contains(command[0]), "\(command[0])")
    }
    #expect(run.output.contains("training.batchSize="))
  }

  @Test(
    "an unknown command or option ends with 64 and leaves standard output empty",
    arguments: [["frobnicate"], ["settings", "--frobnicate"], ["settings", "a", "b"]])
  func wrongUsage(arguments: [String]) async throws {
    let run = try await CommandRun(arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "))
  }
}
