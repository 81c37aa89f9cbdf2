import Foundation

/// The machine of a run.
struct Machine: Codable, Sendable {
  let processor: String
  let cores: Int
  let memoryBytes: Int
  let system: String

  /// This one.
  static var current: Machine {
    let process = ProcessInfo.processInfo
    return Machine(
      processor: processorName ?? "unknown", cores: process.activeProcessorCount,
      memoryBytes: Int(process.physicalMemory), system: process.operatingSystemVersionString)
  }

  private static var processorName: String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return nil
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
  }
}
