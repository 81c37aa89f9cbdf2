import Foundation
import Testing

struct FixtureCurrencyTests {
  private static let python = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")
    .split(separator: ":").map { "\($0)/python3" }.first(where: Fixtures.exists)

  @Test(.enabled(if: python != nil, "there is no python3 on this machine"))
  func theCheckedInCrawlsAreWhatTheScriptMakes() throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.python))
    process.arguments = [Fixtures.script, "--check"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let stale = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(String(decoding: stale, as: UTF8.self))")
  }
}
