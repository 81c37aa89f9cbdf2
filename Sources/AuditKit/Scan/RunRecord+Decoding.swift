import AuditReport
import Foundation

extension RunRecord {
  /// The final summary; nil before the end, and for a later version's.
  package var decodedSummary: ScanSummary? {
    summary.flatMap { try? JSONDecoder().decode(ScanSummary.self, from: Data($0.utf8)) }
  }

  /// The whole configuration as JSON has it.
  package var decodedConfiguration: SettingValue? {
    try? JSONDecoder().decode(SettingValue.self, from: Data(configuration.utf8))
  }
}
