import ArgumentParser
import AuditEncoders
import Foundation

/// Options of all measurements.
struct MeasurementOptions: ParsableArguments {
  @Option(help: "Threads, one replica each.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Seconds to measure each step for; three steps at least.")
  var seconds = 10.0

  @Option(help: ArgumentHelp("Write what was measured to this JSON file.", valueName: "file"))
  var json: String?

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads must be between 1 and 1024, not \(threads).")
    }
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds must be between 0 and 3600, not \(seconds).")
    }
  }

  /// As arguments of another process of this program, but for the file.
  var arguments: [String] {
    ["--threads", "\(threads)", "--seconds", "\(seconds)"]
  }
}

/// The presets to measure.
enum PresetChoice: String, ExpressibleByArgument, CaseIterable {
  case compact
  case resNet50 = "RN50"
  case visionTransformerBase32 = "ViT-B-32"
  case all

  var presets: [Preset] { Preset(rawValue: rawValue).map { [$0] } ?? Preset.allCases }
}
