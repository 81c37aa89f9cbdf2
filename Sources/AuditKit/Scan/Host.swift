import Foundation
import NeuralKit

/// The machine and the software of a run, as the report keeps them.
package enum Host {
  /// This software's version.
  package static let version = "0.1.0"

  static var versions: [String: String] {
    let kernels = KernelReport.current
    return [
      "auditkit": version, "openblas": kernels.openBLASConfiguration,
      "onednn": kernels.oneDNNVersion, "largeProducts": kernels.largeProducts,
      "smallProducts": kernels.smallProducts,
    ]
  }

  static var description: [String: String] {
    let process = ProcessInfo.processInfo
    return [
      "cores": "\(process.activeProcessorCount)", "memoryBytes": "\(process.physicalMemory)",
      "system": process.operatingSystemVersionString, "name": process.hostName,
    ]
  }
}
